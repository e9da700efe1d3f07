/* model/gpt_files: GPT-2s in every layout that people have them in, against transformers: ids, hidden states, maps and
 * logits of tests/fixtures/gpt2; and folders that we write, read again or refused. */
#include "small_gpt.h"
#include "model/gpt_files.h"
#include "model/gpt_run.h"
#include "model/model.h"
#include "text/tokenizer.h"

#include <stdlib.h>

static const float TOLERANCE = 1e-4f;

static char *in_folder(const char *model, const char *file) {
    char *folder = path_join("tests/fixtures/gpt2", model), *path = path_join(folder, file);
    memory_free(folder);
    return path;
}

/* A cell of cases.tsv: \n, \t, \\ and bytes in octal. */
static void unescape(char *text) {
    char *to = text;
    for (const char *at = text; *at; at++) {
        if (*at != '\\') *to++ = *at;
        else if (at[1] == 'n') *to++ = '\n', at++;
        else if (at[1] == 't') *to++ = '\t', at++;
        else *to++ = '\\', at++;
    }
    *to = '\0';
}

static void check_ids(const Tokenizer *tokenizer, const char *text, Ids expected) {
    Encoding e = tokenizer_encode(tokenizer, text, strlen(text), NULL, 0);
    assert_int_equal(e.n, expected.n);
    for (int i = 0; i < e.n; i++) assert_int_equal(e.ids[i], expected.at[i]);
    encoding_free(&e);
}

static void check_pass(const Model *model, const Safetensors *file, int number, Ids ids, float *largest) {
    Trace t = model_trace_new(model, (int)ids.n);
    model_run(model, NULL, ids.at, NULL, (Run){.mask = model_card(model).trained}, &t);
    Mat hidden = fixture_mat(file, "%d.hidden_states", number), maps = fixture_mat(file, "%d.attentions", number);
    Mat expected = fixture_mat(file, "%d.logits", number), logits = model_logits(model, NULL, &t);
    for (int l = 0; l <= t.layers; l++)
        assert_mats(t.hidden[l], mat_rows(hidden, l * t.n, t.n), TOLERANCE, largest, "hidden states");
    for (int l = 0; l < t.layers; l++)
        assert_mats(t.maps[l], mat_rows(maps, l * t.heads * t.n, t.heads * t.n), TOLERANCE, largest, "maps");
    assert_mats(logits, expected, TOLERANCE, largest, "logits");
    mat_free(&hidden), mat_free(&maps), mat_free(&expected), mat_free(&logits), trace_free(&t);
}

/* What gpt_read says of the last token by its cache is the last row, too. */
static void check_read(const Gpt *gpt, const Safetensors *file, int number, Ids ids, float *largest) {
    GptCache cache = gpt_cache_new(gpt, gpt->config.context);
    Mat expected = fixture_mat(file, "%d.logits", number), logits = mat_new(1, gpt->config.vocab);
    gpt_read(gpt, NULL, &cache, ids.at, (int)ids.n, gpt->trained.rule, logits.data);
    assert_mats(logits, mat_rows(expected, expected.rows - 1, 1), TOLERANCE, largest, "the cache's logits");
    mat_free(&expected), mat_free(&logits), gpt_cache_free(&cache, gpt);
}

static void check_folder(const char *name, size_t parameters) {
    char *folder = in_folder(name, ""), *path = in_folder(name, "expected.safetensors");
    char *cases = in_folder(name, "cases.tsv");
    Model *model = model_open(folder, NULL, false);
    Tokenizer *tokenizer = tokenizer_open(folder);
    Safetensors file = safetensors_open(path);
    Table table = table_read(cases);
    float largest = 0;
    assert_int_equal(table.rows, 3);
    assert_int_equal(model_card(model).parameters, parameters);
    for (int number = 0; number < table.rows; number++) {
        char *text = table.cells[number + 1][0];
        Ids ids = fixture_ids(&file, "%d.input_ids", number);
        unescape(text);
        check_ids(tokenizer, text, ids);
        check_pass(model, &file, number, ids, &largest);
        check_read(model_gpt(model), &file, number, ids, &largest);
        ids_free(&ids);
    }
    print_largest(name, (double)largest, (double)TOLERANCE);
    table_free(&table), safetensors_close(&file), tokenizer_free(tokenizer), model_free(model);
    memory_free(folder), memory_free(path), memory_free(cases);
}

/* Parameters by hand: V C + T C + L (12 C C + 13 C) + 2 C where the inner width is 4 C. */
static void bare_names_with_old_buffers(void **state) {
    (void)state;
    check_folder("bare_buffers", 657 * 12 + 40 * 12 + 2 * (12 * 144 + 13 * 12) + 24);
}

static void a_head_of_its_own_in_bf16(void **state) {
    (void)state;
    check_folder("untied_bf16", 2 * 657 * 12 + 40 * 12 + 2 * (12 * 144 + 13 * 12) + 24);
}

static void odd_sizes_in_f16(void **state) {
    (void)state;
    size_t layer = 4 * 15 * 15 + 4 * 15 + 2 * 23 * 15 + 23 + 15 + 4 * 15;
    check_folder("odd_f16", 657 * 15 + 40 * 15 + 3 * layer + 30);
}

static void scores_divided_by_layer_and_gelu_by_erf(void **state) {
    (void)state;
    check_folder("erf_by_layer", 657 * 12 + 40 * 12 + 3 * (4 * 144 + 4 * 12 + 2 * 20 * 12 + 20 + 12 + 4 * 12) + 24);
}

static void characters_that_have_learnt(void **state) {
    (void)state;
    check_folder("story", 72 * 32 + 64 * 32 + 2 * (12 * 1024 + 13 * 32) + 64);
}

static void characters_with_scores_of_hundreds(void **state) {
    (void)state;
    check_folder("loud", 27 * 8 + 40 * 8 + 12 * 64 + 13 * 8 + 16);
}

static void load_folder(void *folder) {
    Gpt gpt = gpt_load(folder);
    assert_null(gpt.own_head.data);
    gpt_free(&gpt);
}

/* A base model has none, and config.json may say all the same that it is not tied: its hidden states are as good. */
static void an_untied_head_may_be_missing(void **state) {
    (void)state;
    Bytes config = file_read("tests/fixtures/gpt2/untied_bf16/config.json");
    Bytes weights = file_read("tests/fixtures/gpt2/bare_buffers/model.safetensors");
    write_test_file(test_path("config.json"), config.data, config.size);
    write_test_file(test_path("model.safetensors"), weights.data, weights.size);
    Child child = run_child(load_folder, test_folder, NULL);
    assert_int_equal(child.code, 0);
    assert_non_null(strstr(child.err, "there is no lm_head.weight: the words take its place"));
    bytes_free(&config), bytes_free(&weights);
}

/* ---- our own folders ---- */

static void a_saved_model_comes_back_the_same(void **state) {
    (void)state;
    Safetensors file = safetensors_open(MODELS);
    for (int c = 0; c < CASE_COUNT; c++) {
        Gpt gpt = fixture_gpt(&file, CASES[c].positions);
        gpt_train_under(&gpt, CASES[c].mask);
        gpt.tokens = (const char *const[]){NULL, "char", "word", "bpe"}[c % 4];
        gpt.config.activation = (Activation[]){ACTIVATION_GELU_ERF, ACTIVATION_GELU_TANH, ACTIVATION_RELU}[c % 3];
        gpt_save(&gpt, test_folder);
        Gpt back = gpt_load(test_folder);
        assert_true(gpt.tokens ? back.tokens && strcmp(back.tokens, gpt.tokens) == 0 : !back.tokens);
        Mask mask = back.trained.rule;
        assert_int_equal(back.count, gpt.count);
        assert_memory_equal(back.weights.numbers, gpt.weights.numbers, gpt.count * sizeof(float));
        assert_int_equal(back.config.activation, gpt.config.activation);
        assert_true(back.config.positions == gpt.config.positions && back.config.inner == 64 && !back.config.unscaled);
        assert_true(mask.causal == CASES[c].mask.causal && mask.window == CASES[c].mask.window &&
                    mask.global == CASES[c].mask.global);
        gpt_free(&gpt), gpt_free(&back);
    }
    safetensors_close(&file);
}

/* GPT-2's own file has names without `transformer.`; spaces before a name in the header change no length. */
static void names_need_no_prefix(void **state) {
    (void)state;
    Safetensors file = safetensors_open(MODELS);
    Gpt gpt = fixture_gpt(&file, "learned");
    gpt_save(&gpt, test_folder);
    Bytes saved = file_read(test_path("model.safetensors"));
    const char *prefix = "\"transformer.";
    int names = 0;
    for (char *at = saved.data + 8; (at = strstr(at, prefix)) != NULL; names++) {
        memset(at, ' ', strlen(prefix) - 1);
        at[strlen(prefix) - 1] = '"';
    }
    assert_int_equal(names, 2 + 12 * 2 + 2);
    write_test_file(test_path("model.safetensors"), saved.data, saved.size);
    Gpt back = gpt_load(test_folder);
    assert_memory_equal(back.weights.numbers, gpt.weights.numbers, gpt.count * sizeof(float));
    bytes_free(&saved);
    gpt_free(&gpt), gpt_free(&back);
    safetensors_close(&file);
}

/* A mask that no formula gives: it is the model's own, and lives as long. */
static void a_drawn_mask_comes_back_with_its_model(void **state) {
    (void)state;
    enum { N = 5 };
    GptConfig config = small("learned");
    config.context = N;
    Gpt gpt = gpt_new(config);
    {
        bool named[N] = {0, 0, 1}, picture[N * N];
        for (int i = 0; i < N * N; i++) picture[i] = i % 3 != 1;
        gpt_train_under(&gpt, (Mask){.window = 2, .global_at = named, .picture = picture, .tokens = N});
    }
    gpt_save(&gpt, test_folder);
    Gpt back = gpt_load(test_folder);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            assert_int_equal(mask_allows(back.trained.rule, i, j),
                             (i * N + j) % 3 != 1 && (abs(i - j) < 2 || i == 2 || j == 2));
    gpt_free(&gpt), gpt_free(&back);
}

static void train_under_a_vast_picture(void *gpt) {
    gpt_train_under(gpt, (Mask){.picture = (bool[]){true}, .tokens = 4001}); /* refused before it is looked at */
}

static void pictures_that_no_file_takes_are_refused(void **state) {
    (void)state;
    Gpt gpt = gpt_new(small("learned"));
    expect_failure(EXIT_DATA, "a drawn mask of 4001 tokens (expected at most 4000", train_under_a_vast_picture, &gpt);
    gpt_free(&gpt);
}

static void bad_files_are_refused(void **state) {
    (void)state;
    Gpt gpt = gpt_new(small("learned"));
    gpt_save(&gpt, test_folder);
    Bytes whole = file_read(test_path("model.safetensors"));
    write_test_file(test_path("model.safetensors"), whole.data, whole.size - 4);
    expect_failure(EXIT_DATA, "model.safetensors", load_folder, test_folder);
    gpt.weights.layers[1].mix.weight.data[7] = NAN;
    gpt_save(&gpt, test_folder);
    expect_failure(EXIT_DATA, "h.1.attn.c_proj.weight|nan|expected finite", load_folder, test_folder);
    Bytes config = file_read(test_path("config.json"));
    char *at = strstr(config.data, "\"n_embd\": 16");
    assert_non_null(at);
    memcpy(at, "\"n_embd\": 32", 12);
    write_test_file(test_path("config.json"), config.data, config.size);
    expect_failure(EXIT_DATA, "transformer.wte.weight|[11, 16]|[11, 32]", load_folder, test_folder);
    write_test_file(test_path("config.json"), "{\"model_type\": \"bert\"}", 22);
    expect_failure(EXIT_DATA, "bert|gpt2", load_folder, test_folder);
    bytes_free(&whole), bytes_free(&config), gpt_free(&gpt);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_names_with_old_buffers),
        cmocka_unit_test(a_head_of_its_own_in_bf16),
        cmocka_unit_test(odd_sizes_in_f16),
        cmocka_unit_test(scores_divided_by_layer_and_gelu_by_erf),
        cmocka_unit_test(characters_that_have_learnt),
        cmocka_unit_test(characters_with_scores_of_hundreds),
        cmocka_unit_test(an_untied_head_may_be_missing),
        cmocka_unit_test(a_saved_model_comes_back_the_same),
        cmocka_unit_test(names_need_no_prefix),
        cmocka_unit_test(a_drawn_mask_comes_back_with_its_model),
        cmocka_unit_test(pictures_that_no_file_takes_are_refused),
        cmocka_unit_test(bad_files_are_refused),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
