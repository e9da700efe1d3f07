/* model/model: whatever the folder holds, one face gives the numbers that the family's own pass gives; heads that are
 * switched off count nothing, and nothing else changes before them. */
#include "fixture.h"
#include "math/fast/vecmath.h"
#include "model/gpt_run.h"
#include "model/model.h"

static const char *const BERT = "tests/fixtures/models/bf16_mlm", *const GPT = "tests/fixtures/sampling/tiny";
enum { N = 9 };
static const int IDS[N] = {2, 5, 9, 1, 5, 7, 3, 9, 4}, TYPES[N] = {0, 0, 0, 0, 0, 1, 1, 1, 1};

static void families_by_what_the_folder_says(void **state) {
    (void)state;
    assert_int_equal(model_family(BERT), FAMILY_BERT);
    assert_int_equal(model_family("no/such/folder"), FAMILY_BERT);
    static const struct {
        const char *config;
        ModelFamily family;
    } cases[] = {{"{\"model_type\": \"gpt2\"}", FAMILY_GPT2},
                 {"{\"model_type\": \"gpt2\", \"headlight\": {}}", FAMILY_TRAINED_HERE},
                 {"{\"model_type\": \"bert\", \"headlight\": {}}", FAMILY_BERT},
                 {"\xEF\xBB\xBF{\"model_type\": \"gpt2\"}", FAMILY_GPT2}, /* with a byte-order mark */
                 {"{\"model_type\": 2}", FAMILY_BERT},
                 {"{", FAMILY_BERT},
                 {"", FAMILY_BERT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_test_file(test_path("config.json"), cases[i].config, strlen(cases[i].config));
        assert_int_equal(model_family(test_folder), cases[i].family);
    }
}

static void a_bert_behind_the_face(void **state) {
    (void)state;
    Model *model = model_open(BERT, NULL, false);
    const Bert *bert = model_bert(model);
    ModelCard card = model_card(model);
    assert_true(bert && !model_gpt(model) && card.guesses && card.types == bert->config.types);
    assert_true(card.layers == bert->config.layers && card.heads == bert->config.heads && card.path == bert->path);
    assert_true(mask_is_full(card.trained) && card.parameters == bert->parameters);
    Trace trace = model_trace_new(model, N), own = bert_trace_new(bert, N);
    model_run(model, NULL, IDS, TYPES, (Run){0}, &trace);
    bert_forward(bert, NULL, IDS, TYPES, (Run){0}, &own);
    Mat logits = model_logits(model, NULL, &trace), expected = bert_mlm_logits(bert, NULL, &own);
    assert_true(mat_same_bits(logits, expected) && logits.cols == card.vocab && !trace.norm_first);
    model_run(model, NULL, IDS, NULL, (Run){0}, &trace); /* without segments: all of the first */
    bert_forward(bert, NULL, IDS, (const int[N]){0}, (Run){0}, &own);
    assert_true(mat_same_bits(trace.hidden[trace.layers], own.hidden[own.layers]));
    mat_free(&logits), mat_free(&expected), trace_free(&trace), trace_free(&own);
    model_free(model);
}

static void a_gpt_behind_the_face(void **state) {
    (void)state;
    Model *model = model_open(GPT, NULL, false);
    const Gpt *gpt = model_gpt(model);
    ModelCard card = model_card(model);
    assert_true(gpt && !model_bert(model) && card.guesses && card.types == 1 && card.trained.causal);
    assert_true(card.context == gpt->config.context && card.vocab == gpt->config.vocab);
    Trace trace = model_trace_new(model, 5), own = gpt_trace_new(gpt, 5);
    model_run(model, NULL, IDS, NULL, (Run){.mask = card.trained}, &trace);
    gpt_trace(gpt, NULL, IDS, (Run){.mask = card.trained}, &own);
    Mat logits = model_logits(model, NULL, &trace), expected = gpt_logits(gpt, NULL, &own);
    assert_true(mat_same_bits(logits, expected) && logits.cols == card.vocab && trace.norm_first);
    mat_free(&logits), mat_free(&expected), trace_free(&trace), trace_free(&own);
    model_free(model);
}

/* Of a head that is off, the columns of the context are 0; maps, other heads and earlier layers are what they were; and
 * what comes after it differs. All heads of a layer off is attention gone: the residual and the bias are left. */
static void heads_can_be_switched_off(void **state) {
    (void)state;
    static const char *const folders[] = {BERT, GPT};
    for (int f = 0; f < 2; f++) {
        Model *model = model_open(folders[f], NULL, false);
        ModelCard card = model_card(model);
        assert_true(card.layers >= 2 && card.heads >= 2);
        bool *off = memory_new((size_t)card.layers * (size_t)card.heads, sizeof *off, "flags");
        off[card.heads + 1] = true; /* layer 1, head 1 */
        Trace with = model_trace_new(model, 5), without = model_trace_new(model, 5);
        model_run(model, NULL, IDS, NULL, (Run){.mask = card.trained}, &with);
        model_run(model, NULL, IDS, NULL, (Run){.mask = card.trained, .heads_off = off}, &without);
        int d = card.width / card.heads;
        Mat zero = mat_new(5, d);
        assert_true(mat_same_bits(with.hidden[1], without.hidden[1]));
        assert_true(mat_same_bits(with.maps[1], without.maps[1]));
        for (int h = 0; h < card.heads; h++)
            assert_true(mat_max_diff(mat_cols(without.context[1], h * d, d),
                                     h == 1 ? zero : mat_cols(with.context[1], h * d, d)) == 0);
        assert_true(mat_max_diff(with.hidden[2], without.hidden[2]) > 0);
        mat_free(&zero), memory_free(off), trace_free(&with), trace_free(&without);
        model_free(model);
    }
}

/* What both halves add makes the stream behind them: a GPT adds (and layer 0 is not its last), a BERT norms the sum. */
static void halves_make_the_stream(void **state) {
    (void)state;
    static const char *const folders[] = {BERT, GPT};
    for (int f = 0; f < 2; f++) {
        Model *model = model_open(folders[f], NULL, false);
        Trace t = model_trace_new(model, 5);
        model_run(model, NULL, IDS, NULL, (Run){.mask = model_card(model).trained}, &t);
        const Mat before[] = {t.hidden[0], t.attended[0]}, after[] = {t.attended[0], t.hidden[1]};
        for (int half = 0; half < 2; half++) {
            Mat sum = model_added(model, NULL, &t, 0, half ? ADDED_BY_FEED_FORWARD : ADDED_BY_ATTENTION);
            assert_true(mat_max_abs(sum) > 1e-4F);
            for (int i = 0; i < 5; i++)
                vec_add(mat_row(sum, i), mat_row(sum, i), mat_row(before[half], i), (size_t)t.width);
            if (model_bert(model)) {
                const BertLayer *layer = &model_bert(model)->layers[0];
                layer_norm_forward(NULL, sum, sum, half ? layer->after_feed_forward : layer->after_attention);
            }
            assert_true(mat_max_diff(sum, after[half]) < 2e-5);
            mat_free(&sum);
        }
        trace_free(&t), model_free(model);
    }
}

static void open_missing(void *folder) {
    model_free(model_open(folder, NULL, false));
}

static void run_too_long(void *folder) {
    Model *model = model_open(folder, NULL, false);
    int n = model_card(model).context + 1, *ids = memory_new((size_t)n, sizeof *ids, "ids");
    Trace trace = model_trace_new(model, n);
    model_run(model, NULL, ids, NULL, (Run){0}, &trace);
}

static void run_unknown(void *folder) {
    Model *model = model_open(folder, NULL, false);
    Trace trace = model_trace_new(model, 2);
    model_run(model, NULL, (const int[]){0, model_card(model).vocab}, NULL, (Run){0}, &trace);
}

static void bad_input_is_refused(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "no such model folder", open_missing, (void *)(size_t) "no/such/folder");
    for (int f = 0; f < 2; f++) {
        void *folder = (void *)(size_t)(f ? GPT : BERT);
        expect_failure(EXIT_DATA, "tokens, model takes", run_too_long, folder);
        expect_failure(EXIT_DATA, "token 1 has id", run_unknown, folder);
    }
    model_free(NULL);
}

/* Both families without head 1 of layer 0 and head 0 of layer 1: what transformers computes with the same columns set
 * to zero (tests/fixtures/ablation). */
static void without_heads_as_transformers(void **state) {
    (void)state;
    Safetensors file = safetensors_open("tests/fixtures/ablation/ablation.safetensors");
    for (int gpt = 0; gpt < 2; gpt++) {
        Model *model = model_open(gpt ? GPT : BERT, NULL, false);
        ModelCard card = model_card(model);
        Trace trace = model_trace_new(model, N);
        bool *off = memory_new((size_t)(card.layers * card.heads), sizeof *off, "flags");
        off[1] = off[card.heads] = true;
        model_run(model, NULL, IDS, TYPES, (Run){.mask = card.trained, .heads_off = off}, &trace);
        Mat expected = fixture_mat(&file, "%s.hidden", gpt ? "gpt" : "bert");
        assert_int_equal(expected.rows, (card.layers + 1) * N);
        for (int l = 0; l <= card.layers; l++)
            assert_true(mat_max_diff(trace.hidden[l], mat_rows(expected, l * N, N)) < 2e-5);
        mat_free(&expected), memory_free(off);
        trace_free(&trace), model_free(model);
    }
    safetensors_close(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_by_what_the_folder_says),
        cmocka_unit_test(a_bert_behind_the_face),
        cmocka_unit_test(a_gpt_behind_the_face),
        cmocka_unit_test(heads_can_be_switched_off),
        cmocka_unit_test(halves_make_the_stream),
        cmocka_unit_test(without_heads_as_transformers),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
