/* What model/bert says of bad numbers, each with its line: NaN and infinities wherever they stand, and input beyond the
 * tables. Made from the tiny models by changing one thing at a time. */
#include "bert_copy.h"

#include <limits.h>

/* ---- numbers that are none ---- */

/* Overwrites one element with a bad number of the tensor's own type. Returns the bytes to free. */
static void *spoil(TensorOut *tensor, size_t at, int kind) {
    static const uint32_t f32[] = {0x7fc00000, 0x7f800000, 0xff800000, 0x7f800001};
    static const uint16_t f16[] = {0x7e00, 0x7c00, 0xfc00, 0x7c01}, bf16[] = {0x7fc0, 0x7f80, 0xff80, 0x7f81};
    static const uint64_t f64[] = {0x7ff8000000000000, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff0000000000001};
    size_t size = tensor->type == TYPE_F32 ? 4 : tensor->type == TYPE_F64 ? 8 : 2, count = 1;
    for (int i = 0; i < tensor->axes; i++) count *= tensor->shape[i];
    unsigned char *bytes = memory_new(count, size, "a tensor");
    const void *bad = tensor->type == TYPE_F32   ? (const void *)&f32[kind]
                      : tensor->type == TYPE_F64 ? (const void *)&f64[kind]
                      : tensor->type == TYPE_F16 ? (const void *)&f16[kind]
                                                 : (const void *)&bf16[kind];
    memcpy(bytes, tensor->data, count * size);
    memcpy(bytes + at * size, bad, size);
    tensor->data = bytes;
    return bytes;
}

/* Not read by a pass that keeps its maps, or looked at row by row when a sentence asks for them. */
static bool is_checked_at_load(const Copy *copy, const char *name) {
    static const char *const unread[] = {"pooler", "seq_relationship", "_embeddings.weight", "decoder.weight",
                                         "position_ids"};
    for (int i = 0; i < 5; i++)
        if (strstr(name, unread[i])) return false;
    /* the head adds the decoder's bias, and this one only where there is no other */
    return strcmp(name, "cls.predictions.bias") != 0 || !safetensors_find(&copy->file, "cls.predictions.decoder.bias");
}

static void bad_weights_are_named_wherever_they_are(void **state) {
    (void)state;
    static const char *const models[] = {"prefix_gamma_mlm", "mlm_untied_tanh", "f16", "bf16_mlm", "f64"};
    int refused = 0, passed = 0;
    for (int m = 0; m < 5; m++)
        for (int t = 0;; t++) {
            Copy copy = copy_of(models[m]);
            if (t == copy.count) {
                safetensors_close(&copy.file), memory_free(copy.config);
                break;
            }
            TensorOut *tensor = &copy.tensors[t];
            size_t count = copy.file.tensors[t].count, at = t % 3 == 0 ? 0 : t % 3 == 1 ? count - 1 : count / 2;
            char says[256], name[128];
            snprintf(name, sizeof name, "%s", tensor->name);
            snprintf(says, sizeof says,
                     "model.safetensors: %s has |at element %zu (expected finite numbers). Try: |--allow-nonfinite",
                     name, at);
            void *bytes = spoil(tensor, at, t % 4);
            bool checked = is_checked_at_load(&copy, name);
            Load l = {.folder = copy_write(&copy)};
            if (checked) {
                expect_failure(EXIT_DATA, says, load, &l), refused++;
                l.allow_nonfinite = true;
                snprintf(says, sizeof says, "warning: %s/model.safetensors: %s has ", l.folder, name);
                assert_non_null(strstr(said_by_load(&l), says));
            } else {
                assert_string_equal(said_by_load(&l), ""), passed++;
            }
            bert_free(&l.bert);
            memory_free(bytes);
        }
    print_message("%d tensors refused, %d that no pass reads\n", refused, passed);
    assert_true(refused > 180 && passed > 10);
}

typedef struct {
    const Bert *bert;
    Workers *workers;
    int ids[64], types[64];
    Trace trace;
    Mat logits;
} Pass;

static void forward(void *context) {
    Pass *p = context;
    bert_forward(p->bert, p->workers, p->ids, p->types, (Run){0}, &p->trace);
}

static void guess(void *context) {
    Pass *p = context;
    p->logits = bert_mlm_logits(p->bert, NULL, &p->trace);
}

static void judge(void *context) {
    trace_check(&((Pass *)context)->trace, (Mask){0}, "a model");
}

/* Loads a copy in which one element of one tensor is bad. */
static Bert load_spoiled(const char *model, const char *name, size_t at, bool allow) {
    Copy copy = copy_of(model);
    void *bytes = spoil(copy_find(&copy, name), at, 0);
    Bert bert = bert_load(copy_write(&copy), NULL, allow);
    memory_free(bytes);
    return bert;
}

static void bad_embeddings_are_found_when_they_are_used(void **state) {
    (void)state;
    const struct {
        const char *name;
        int row;
    } tables[] = {{"embeddings.word_embeddings.weight", 9},
                  {"embeddings.position_embeddings.weight", 4},
                  {"embeddings.token_type_embeddings.weight", 1}};
    for (int i = 0; i < 3; i++)
        for (int allow = 0; allow < 2; allow++) {
            size_t at = (size_t)tables[i].row * 24 + 7;
            Bert bert = load_spoiled("plain", tables[i].name, at, allow);
            Pass pass = {
                .bert = &bert, .ids = {2, 5, 6, 3}, .trace = bert_trace_new(&bert, 4)}; /* none of the bad rows */
            char said[1024], says[256];
            assert_string_equal(stderr_of(said, sizeof said, forward, &pass), "");
            judge(&pass);
            trace_free(&pass.trace);
            pass.trace = bert_trace_new(&bert, 6), pass.ids[2] = 9, pass.types[5] = pass.types[4] = 1;
            snprintf(says, sizeof says, "%s has |nan at element %zu", tables[i].name, at);
            if (allow) {
                snprintf(says, sizeof says, "nan at element %zu: what follows from it means nothing", at);
                stderr_of(said, sizeof said, forward, &pass);
                assert_true(strstr(said, tables[i].name) && strstr(said, says));
                assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* one line, though two tokens have it */
                expect_failure(EXIT_DATA, "a model: layer 0 head 0|sum to", judge, &pass);
            } else {
                expect_failure(EXIT_DATA, says, forward, &pass);
            }
            trace_free(&pass.trace), bert_free(&bert);
        }
}

/* Going on with bad weights never ends in a picture that looks right. */
static void allowed_bad_weights_show_in_the_maps(void **state) {
    (void)state;
    static const char *const names[] = {"encoder.layer.0.attention.self.query.weight",
                                        "encoder.layer.1.attention.self.key.bias", "embeddings.LayerNorm.bias",
                                        "encoder.layer.0.output.dense.weight"};
    for (int i = 0; i < 4; i++) {
        Bert bert = load_spoiled("plain", names[i], 3, true);
        Pass pass = {.bert = &bert, .ids = {2, 5, 6, 7, 3}, .trace = bert_trace_new(&bert, 5)};
        forward(&pass);
        expect_failure(EXIT_DATA, i == 1 || i == 3 ? "layer 1 head" : "layer 0 head", judge, &pass);
        trace_free(&pass.trace), bert_free(&bert);
    }
}

static void a_bad_decoder_is_found_by_its_logits(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"mlm_untied_tanh", "cls.predictions.decoder.weight"},
                                           {"bf16_mlm", "bert.embeddings.word_embeddings.weight"},
                                           {"mlm_no_pooler", "bert.embeddings.word_embeddings.weight"}};
    for (int i = 0; i < 3; i++)
        for (int allow = 0; allow < 2; allow++) {
            size_t at = 100 * 24 + 23; /* a word that the sentence does not have */
            Bert bert = load_spoiled(cases[i][0], cases[i][1], at, allow);
            Pass pass = {.bert = &bert, .ids = {2, 5, 6, 3}, .trace = bert_trace_new(&bert, 4)};
            char said[1024], says[256];
            forward(&pass);
            snprintf(says, sizeof says, "%s has |nan at element %zu", cases[i][1], at);
            if (!allow) {
                expect_failure(EXIT_DATA, says, guess, &pass);
            } else {
                stderr_of(said, sizeof said, guess, &pass);
                assert_true(strstr(said, cases[i][1]) && strstr(said, "warning: "));
                assert_true(isnan(mat_at(pass.logits, 2, 100)) && isfinite(mat_at(pass.logits, 2, 99)));
                mat_free(&pass.logits);
            }
            trace_free(&pass.trace), bert_free(&bert);
        }
}

/* ---- what a pass is given ---- */

static void input_beyond_the_tables_is_refused(void **state) {
    (void)state;
    Bert bert = bert_load("tests/fixtures/models/plain", NULL, false); /* 158 words, 48 positions, 2 segments */
    const struct {
        int n, at, id, type;
        const char *says;
    } cases[] = {{5, 3, 158, 0, "token 3 has id 158, but the model knows 0 to 157"},
                 {5, 0, -1, 0, "token 0 has id -1"},
                 {5, 4, INT_MAX, 0, "token 4 has id 2147483647"},
                 {5, 2, INT_MIN, 0, "token 2 has id -2147483648"},
                 {5, 1, 7, 2, "token 1 is of segment 2, but the model has 2 segments"},
                 {5, 1, 7, -1, "token 1 is of segment -1"},
                 {49, 0, 7, 0, "49 tokens, model takes 48. Try: pass --truncate"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Pass pass = {.bert = &bert, .trace = bert_trace_new(&bert, cases[i].n)};
        pass.ids[cases[i].at] = cases[i].id, pass.types[cases[i].at] = cases[i].type;
        expect_failure(EXIT_DATA, cases[i].says, forward, &pass);
        trace_free(&pass.trace);
    }
    Pass longest = {.bert = &bert, .trace = bert_trace_new(&bert, 48)};
    longest.ids[47] = 157, longest.types[47] = 1; /* the last of each table is fine */
    forward(&longest);
    judge(&longest);
    trace_free(&longest.trace);
    bert_free(&bert);
}

static void one_segment_is_said_in_the_singular(void **state) {
    (void)state;
    Bert bert = bert_load("tests/fixtures/models/one_head", NULL, false);
    Pass pass = {.bert = &bert, .types = {0, 1}, .trace = bert_trace_new(&bert, 2)};
    expect_failure(EXIT_DATA, "token 1 is of segment 1, but the model has 1 segment", forward, &pass);
    trace_free(&pass.trace), bert_free(&bert);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_weights_are_named_wherever_they_are),
        cmocka_unit_test(bad_embeddings_are_found_when_they_are_used),
        cmocka_unit_test(allowed_bad_weights_show_in_the_maps),
        cmocka_unit_test(a_bad_decoder_is_found_by_its_logits),
        cmocka_unit_test(input_beyond_the_tables_is_refused),
        cmocka_unit_test(one_segment_is_said_in_the_singular),
    };
    return cmocka_run_group_tests_name("bert_load", tests, make_test_folder, remove_test_folder);
}
