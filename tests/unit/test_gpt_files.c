/* model/gpt_files: GPT-2s in every layout that people have them in, against transformers: ids, hidden states, maps and
 * logits of tests/fixtures/gpt2. */
#include "fixture.h"
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

static void characters_that_have_learnt(void **state) {
    (void)state;
    check_folder("story", 72 * 32 + 64 * 32 + 2 * (12 * 1024 + 13 * 32) + 64);
}

static void characters_with_scores_of_hundreds(void **state) {
    (void)state;
    check_folder("loud", 27 * 8 + 40 * 8 + 12 * 64 + 13 * 8 + 16);
}

static void open_model(void *folder) {
    model_free(model_open(folder, NULL, false));
}

/* A file that says its head is not tied has to have one. */
static void an_untied_head_must_be_there(void **state) {
    (void)state;
    Bytes config = file_read("tests/fixtures/gpt2/untied_bf16/config.json");
    Bytes weights = file_read("tests/fixtures/gpt2/bare_buffers/model.safetensors");
    write_test_file(test_path("config.json"), config.data, config.size);
    write_test_file(test_path("model.safetensors"), weights.data, weights.size);
    expect_failure(EXIT_DATA, "no tensor lm_head.weight", open_model, test_folder);
    bytes_free(&config), bytes_free(&weights);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_names_with_old_buffers),
        cmocka_unit_test(a_head_of_its_own_in_bf16),
        cmocka_unit_test(odd_sizes_in_f16),
        cmocka_unit_test(characters_that_have_learnt),
        cmocka_unit_test(characters_with_scores_of_hundreds),
        cmocka_unit_test(an_untied_head_must_be_there),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
