/* model/bert against transformers: tiny models in every form that the loader takes, the real MiniLM where it was
 * fetched. A forward pass told in double loops, under masks: test_bert_told.c. What the loader refuses:
 * test_bert_load.c. */
#include "fixture.h"
#include "model/bert.h"
#include "text/wordpiece.h"

/* The promise is 1e-4 against transformers in float32, which is itself up to 2e-5 off float64
 * (tests/fixtures/makers/models.py sees to that); as much again is for us. The printed lines say what is measured:
 * 1.4e-5 at most. */
static const float HIDDEN_TOLERANCE = 4e-5f;
static const float MAPS_TOLERANCE = 2e-5f;     /* weights are below 1; measured 5e-6 */
static const float LOGITS_TOLERANCE = 6e-5f;   /* logits are products of two hidden states; measured 1.6e-5 */
static const float MINILM_TOLERANCE = 1.5e-5f; /* trained weights are tamer than random ones; measured 3.2e-6 */

static const struct {
    const char *name;
    int layers, heads, width, types;
    bool mlm, own_decoder, in_place; /* in_place: F32 and aligned, so the weights stay in the mapped file */
} MODELS[] = {
    {"plain", 2, 3, 24, 2, false, false, true},         {"prefix_gamma_mlm", 2, 3, 24, 2, true, false, true},
    {"mlm_untied_tanh", 2, 3, 24, 2, true, true, true}, {"mlm_no_pooler", 2, 3, 24, 2, true, false, true},
    {"relu", 2, 3, 24, 2, false, false, true},          {"f16", 2, 3, 24, 2, false, false, false},
    {"bf16_mlm", 2, 3, 24, 2, true, false, false},      {"f64", 2, 3, 24, 2, false, false, false},
    {"position_ids", 2, 3, 24, 2, false, false, true},  {"unaligned", 2, 3, 24, 2, false, false, false},
    {"no_pooler", 2, 3, 24, 2, false, false, true},     {"odd_geometry", 3, 5, 35, 2, false, false, true},
    {"one_head", 1, 1, 13, 1, false, false, true},      {"eps_1e-5", 2, 3, 24, 2, false, false, true},
    {"loud", 2, 3, 24, 2, false, false, true},
};
enum { MODEL_COUNT = sizeof MODELS / sizeof *MODELS };

/* The layers of a trace below one another, as hidden_states [L + 1, n, H] and attentions [L, A, n, n] are stored. */
static Mat stacked(const Mat *parts, int count) {
    Mat all = mat_new(count * parts[0].rows, parts[0].cols);
    for (int i = 0; i < count; i++) mat_copy(mat_rows(all, i * parts[0].rows, parts[0].rows), parts[i]);
    return all;
}

typedef struct {
    const Trace *trace;
} Judged;

static void judge(void *context) {
    trace_check(((const Judged *)context)->trace, (Mask){0}, "a model");
}

static void assert_sound(const Trace *trace) {
    char said[512];
    assert_string_equal(stderr_of(said, sizeof said, judge, &(Judged){trace}), "");
}

typedef struct {
    float hidden, maps, logits;
} Errors;

/* One text: forward with these workers, everything against `expected`, and the bits against an earlier run's trace. */
static Trace run_case(const Bert *bert, Workers *workers, const Safetensors *expected, int i, Errors *worst) {
    Ids ids = fixture_ids(expected, "%d.input_ids", i), types = fixture_ids(expected, "%d.token_type_ids", i);
    Trace t = bert_trace_new(bert, (int)ids.n);
    bert_forward(bert, workers, ids.at, types.at, (Run){0}, &t);
    Mat hidden = stacked(t.hidden, t.layers + 1), maps = stacked(t.maps, t.layers);
    Mat their_hidden = fixture_mat(expected, "%d.hidden_states", i),
        their_maps = fixture_mat(expected, "%d.attentions", i);
    assert_mats(hidden, their_hidden, HIDDEN_TOLERANCE, &worst->hidden, "hidden states");
    assert_mats(maps, their_maps, MAPS_TOLERANCE, &worst->maps, "attentions");
    assert_int_equal(fixture_has(expected, "%d.mlm_logits", i), bert->has_mlm);
    if (bert->has_mlm) {
        Mat logits = bert_mlm_logits(bert, workers, &t), their_logits = fixture_mat(expected, "%d.mlm_logits", i);
        assert_mats(logits, their_logits, LOGITS_TOLERANCE, &worst->logits, "logits");
        mat_free(&logits), mat_free(&their_logits);
    }
    assert_sound(&t);
    mat_free(&hidden), mat_free(&maps), mat_free(&their_hidden), mat_free(&their_maps);
    memory_free(ids.at), memory_free(types.at);
    return t;
}

static void assert_same_traces(const Trace *a, const Trace *b) {
    assert_true(mat_same_bits(a->hidden[a->layers], b->hidden[b->layers]));
    for (int l = 0; l < a->layers; l++) {
        assert_true(mat_same_bits(a->hidden[l], b->hidden[l]) && mat_same_bits(a->maps[l], b->maps[l]));
        assert_true(mat_same_bits(a->attention[l].q, b->attention[l].q) &&
                    mat_same_bits(a->attention[l].k, b->attention[l].k) &&
                    mat_same_bits(a->attention[l].v, b->attention[l].v));
        assert_true(mat_same_bits(a->context[l], b->context[l]) && mat_same_bits(a->attended[l], b->attended[l]));
        assert_true(mat_same_bits(a->inner[l], b->inner[l]));
    }
}

static void assert_geometry(const Bert *bert, int m) {
    const BertConfig *c = &bert->config;
    assert_true(c->layers == MODELS[m].layers && c->heads == MODELS[m].heads && c->width == MODELS[m].width);
    assert_int_equal(c->types, MODELS[m].types);
    assert_int_equal(bert->has_mlm, MODELS[m].mlm);
    if (bert->has_mlm) assert_int_equal(bert->mlm_decoder != bert->words, MODELS[m].own_decoder);
    const unsigned char *weight = (const unsigned char *)bert->layers[0].query.weight.data, *map = bert->file.map.data;
    assert_int_equal(weight >= map && weight < map + bert->file.map.size, MODELS[m].in_place);
    assert_int_equal(bert->owned_count == 0, MODELS[m].in_place);
}

static void tiny_models_match_transformers(void **state) {
    (void)state;
    Workers *two = workers_new(2);
    for (int m = 0; m < MODEL_COUNT; m++) {
        Bert bert = bert_load(model_file(MODELS[m].name, ""), two, false),
             again = bert_load(model_file(MODELS[m].name, ""), NULL, false);
        Safetensors expected = safetensors_open(model_file(MODELS[m].name, "expected.safetensors"));
        Errors worst = {0};
        assert_geometry(&bert, m);
        int cases = 0;
        for (; fixture_has(&expected, "%d.input_ids", cases); cases++) {
            Trace shared = run_case(&bert, two, &expected, cases, &worst),
                  alone = run_case(&again, NULL, &expected, cases, &worst);
            assert_same_traces(&shared, &alone);
            trace_free(&shared), trace_free(&alone);
        }
        assert_int_equal(cases, 3);
        print_message("%-16s largest difference: hidden %.1e, maps %.1e, logits %.1e\n", MODELS[m].name,
                      (double)worst.hidden, (double)worst.maps, (double)worst.logits);
        safetensors_close(&expected);
        bert_free(&bert), bert_free(&again);
    }
    workers_free(two);
}

/* A model folder that is not in the table above would never be run. */
static void every_fixture_model_is_in_the_table(void **state) {
    (void)state;
    DIR *folder = opendir("tests/fixtures/models");
    int found = 0;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        bool known = false;
        for (int m = 0; m < MODEL_COUNT; m++) known |= strcmp(entry->d_name, MODELS[m].name) == 0;
        if (!known) wrong("tests/fixtures/models/%s is not tested here", entry->d_name);
        found++;
    }
    closedir(folder);
    assert_int_equal(found, MODEL_COUNT);
}

/* ---- the tokenizer in front ---- */

/* Undoes the \n, \t, \\ and \123 of a cell of cases.tsv, in place. */
static void unescape(char *text) {
    char *out = text;
    for (const char *at = text; *at; out++) {
        if (*at != '\\') *out = *at++;
        else if (at[1] >= '0' && at[1] <= '7') *out = (char)strtol((char[]){at[1], at[2], at[3], 0}, NULL, 8), at += 4;
        else *out = at[1] == 'n' ? '\n' : at[1] == 't' ? '\t' : at[1] == 'r' ? '\r' : at[1], at += 2;
    }
    *out = '\0';
}

static void assert_encoding(const WordPiece *tokenizer, const Table *texts, const Safetensors *expected, int i) {
    char *text = text_copy(table_cell(texts, i, "text"), strlen(table_cell(texts, i, "text")));
    char *pair = text_copy(table_cell(texts, i, "pair"), strlen(table_cell(texts, i, "pair")));
    unescape(text), unescape(pair);
    Encoding e = wordpiece_encode(tokenizer, text, strlen(text), *pair ? pair : NULL, strlen(pair));
    Ids ids = fixture_ids(expected, "%d.input_ids", i), types = fixture_ids(expected, "%d.token_type_ids", i);
    assert_int_equal(e.n, ids.n);
    assert_memory_equal(e.ids, ids.at, sizeof(int) * (size_t)ids.n);
    assert_memory_equal(e.types, types.at, sizeof(int) * (size_t)ids.n);
    encoding_free(&e);
    memory_free(ids.at), memory_free(types.at), memory_free(text), memory_free(pair);
}

static void texts_become_the_same_ids(void **state) {
    (void)state;
    for (int m = 0; m < MODEL_COUNT; m++) {
        WordPiece tokenizer = wordpiece_load(model_file(MODELS[m].name, ""));
        Table texts = table_read(model_file(MODELS[m].name, "cases.tsv"));
        Safetensors expected = safetensors_open(model_file(MODELS[m].name, "expected.safetensors"));
        for (int i = 0; i < texts.rows; i++) assert_encoding(&tokenizer, &texts, &expected, i);
        safetensors_close(&expected);
        table_free(&texts);
        wordpiece_free(&tokenizer);
    }
}

/* A trace may be used again, also for another text of the same length: nothing of the first pass is left. */
static void a_trace_can_be_filled_again(void **state) {
    (void)state;
    Bert bert = bert_load(model_file("plain", ""), NULL, false);
    Safetensors expected = safetensors_open(model_file("plain", "expected.safetensors"));
    Ids ids = fixture_ids(&expected, "1.input_ids"), types = fixture_ids(&expected, "1.token_type_ids");
    Ids other = fixture_ids(&expected, "2.input_ids");
    Trace fresh = bert_trace_new(&bert, (int)ids.n), used = bert_trace_new(&bert, (int)ids.n);
    bert_forward(&bert, NULL, ids.at, types.at, (Run){0}, &fresh);
    bert_forward(&bert, NULL, other.at, types.at, (Run){.mask = {.causal = true}}, &used);
    assert_true(mat_max_diff(used.hidden[2], fresh.hidden[2]) > 0.1f);
    bert_forward(&bert, NULL, ids.at, types.at, (Run){0}, &used);
    assert_same_traces(&fresh, &used);
    const bool no_layer[] = {true, true, true, true}; /* a mask that holds nowhere */
    assert_in_range(fresh.layers, 2, 4);
    bert_forward(&bert, NULL, ids.at, types.at, (Run){.mask = {.causal = true}, .unmasked = no_layer}, &used);
    assert_same_traces(&fresh, &used);
    memory_free(ids.at), memory_free(types.at), memory_free(other.at);
    trace_free(&fresh), trace_free(&used), safetensors_close(&expected), bert_free(&bert);
}

/* Attention without a mask knows order by places alone: a text read backwards, each token at the place that it had, has
 * transformers' hidden states, backwards. */
static void tokens_may_be_given_places(void **state) {
    (void)state;
    Bert bert = bert_load(model_file("plain", ""), NULL, false);
    Safetensors expected = safetensors_open(model_file("plain", "expected.safetensors"));
    Ids ids = fixture_ids(&expected, "1.input_ids"), types = fixture_ids(&expected, "1.token_type_ids");
    Mat theirs = fixture_mat(&expected, "1.hidden_states");
    int n = (int)ids.n, back_ids[48], back_types[48];
    Trace t = bert_trace_new(&bert, n);
    bert_forward(&bert, NULL, ids.at, types.at, (Run){0}, &t);
    Mat places = mat_new(n, t.width), backwards = mat_new(theirs.rows, t.width);
    for (int i = 0; i < n; i++) {
        back_ids[i] = ids.at[n - 1 - i], back_types[i] = types.at[n - 1 - i];
        mat_copy(mat_rows(places, i, 1), mat_rows(t.position, n - 1 - i, 1));
        for (int first = 0; first < theirs.rows; first += n)
            mat_copy(mat_rows(backwards, first + i, 1), mat_rows(theirs, first + n - 1 - i, 1));
    }
    bert_forward(&bert, NULL, back_ids, back_types, (Run){.places = &places}, &t);
    Mat hidden = stacked(t.hidden, t.layers + 1);
    float worst = 0;
    assert_mats(hidden, backwards, HIDDEN_TOLERANCE, &worst, "hidden states");
    mat_free(&places), mat_free(&backwards), mat_free(&hidden), mat_free(&theirs);
    memory_free(ids.at), memory_free(types.at);
    trace_free(&t), safetensors_close(&expected), bert_free(&bert);
}

/* ---- the real one ---- */

static const char *const MINILM = "data/minilm";

static bool has_minilm(void) {
    return file_exists("data/minilm/model.safetensors") && file_exists("data/minilm/config.json");
}

/* Entries at the flat indices of NAME_at, against NAME. */
static void assert_sampled(Mat all, const Safetensors *expected, int i, const char *name, float *worst) {
    Ids at = fixture_ids(expected, "%d.%s_at", i, name);
    Mat values = fixture_mat(expected, "%d.%s", i, name);
    for (size_t j = 0; j < at.n; j++) {
        float apart = fabsf(all.data[at.at[j]] - values.data[j]);
        if (!(apart <= MINILM_TOLERANCE)) wrong("text %d, %s[%d]: %.3g off", i, name, at.at[j], (double)apart);
        if (apart > *worst) *worst = apart;
    }
    memory_free(at.at), mat_free(&values);
}

static void run_minilm(const Bert *bert, Workers *workers, const Safetensors *expected, int i, bool sampled,
                       Errors *worst) {
    Ids ids = fixture_ids(expected, "%d.input_ids", i), types = fixture_ids(expected, "%d.token_type_ids", i);
    Trace t = bert_trace_new(bert, (int)ids.n);
    bert_forward(bert, workers, ids.at, types.at, (Run){0}, &t);
    Mat hidden = stacked(t.hidden, t.layers + 1), maps = stacked(t.maps, t.layers);
    if (sampled) {
        assert_sampled(hidden, expected, i, "hidden", &worst->hidden);
        assert_sampled(maps, expected, i, "attention", &worst->maps);
    } else {
        Mat their_hidden = fixture_mat(expected, "%d.hidden_states", i),
            their_maps = fixture_mat(expected, "%d.attentions", i);
        assert_mats(hidden, their_hidden, MINILM_TOLERANCE, &worst->hidden, "hidden states");
        assert_mats(maps, their_maps, MINILM_TOLERANCE, &worst->maps, "attentions");
        mat_free(&their_hidden), mat_free(&their_maps);
    }
    assert_sound(&t);
    mat_free(&hidden), mat_free(&maps), memory_free(ids.at), memory_free(types.at), trace_free(&t);
}

static void minilm_matches_transformers(void **state) {
    (void)state;
    if (!has_minilm()) skip();
    Workers *workers = workers_new(2);
    Bert bert = bert_load(MINILM, workers, false);
    WordPiece tokenizer = wordpiece_load(MINILM);
    Table texts = table_read("tests/fixtures/minilm/cases.tsv");
    Safetensors full = safetensors_open("tests/fixtures/minilm/full.safetensors");
    Safetensors part = safetensors_open("tests/fixtures/minilm/sampled.safetensors");
    Errors worst = {0};
    assert_int_equal(bert.parameters, 22713216);
    assert_false(bert.has_mlm);
    assert_int_equal(bert.owned_count, 0); /* nothing is copied: 91 MB stay in the file */
    for (int i = 0; i < texts.rows; i++) {
        bool sampled = !fixture_has(&full, "%d.input_ids", i);
        assert_encoding(&tokenizer, &texts, sampled ? &part : &full, i);
        run_minilm(&bert, workers, sampled ? &part : &full, i, sampled, &worst);
    }
    print_message("%d texts\n", texts.rows);
    print_largest("MiniLM hidden states", (double)worst.hidden, (double)MINILM_TOLERANCE);
    print_largest("MiniLM attentions", (double)worst.maps, (double)MINILM_TOLERANCE);
    safetensors_close(&full), safetensors_close(&part);
    table_free(&texts), wordpiece_free(&tokenizer), bert_free(&bert), workers_free(workers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiny_models_match_transformers), cmocka_unit_test(every_fixture_model_is_in_the_table),
        cmocka_unit_test(texts_become_the_same_ids),      cmocka_unit_test(a_trace_can_be_filled_again),
        cmocka_unit_test(tokens_may_be_given_places),     cmocka_unit_test(minilm_matches_transformers),
    };
    return cmocka_run_group_tests_name("bert", tests, NULL, NULL);
}
