/* model/bert against transformers: tiny models in every form that the loader takes, the real MiniLM where it was
 * fetched, and a forward pass told in double loops, layer by layer and under masks. What the loader refuses:
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
static const float TOLD_TOLERANCE = 2e-5f;     /* against float64, so only ours; measured 6e-6 */
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
};
enum { MODEL_COUNT = sizeof MODELS / sizeof *MODELS };

static const char *model_file(const char *model, const char *file) {
    static char paths[2][256];
    static int next;
    char *path = paths[next++ % 2];
    snprintf(path, sizeof paths[0], "tests/fixtures/models/%s%s%s", model, *file ? "/" : "", file);
    return path;
}

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

/* ---- the forward pass told in double loops ---- */

typedef struct {
    const Safetensors *file;
    BertConfig config;
    const int *ids, *types;
    int n;
    Mask mask;
    double *x; /* [n * width] the hidden state so far */
    double worst;
} Told;

/* A tensor as doubles that you own. */
static double *numbers(const Told *told, const char *format, int layer, const char *rest) {
    char prefix[64], name[160];
    snprintf(prefix, sizeof prefix, format, layer);
    snprintf(name, sizeof name, "%s%s", prefix, rest);
    const Tensor *tensor = safetensors_find(told->file, name);
    if (!tensor) wrong("no tensor %s", name);
    float *floats = memory_new(tensor->count, sizeof *floats, "floats");
    double *doubles = memory_new(tensor->count, sizeof *doubles, "doubles");
    tensor_floats(tensor, "fixture", 0, tensor->count, floats);
    for (size_t i = 0; i < tensor->count; i++) doubles[i] = (double)floats[i];
    memory_free(floats);
    return doubles;
}

/* Compares what the trace holds with what was told. */
static void compare(Told *told, Mat got, const double *expected, const char *what, int layer) {
    for (int i = 0; i < got.rows; i++)
        for (int j = 0; j < got.cols; j++) {
            double apart = fabs((double)mat_at(got, i, j) - expected[i * got.cols + j]);
            if (!(apart <= (double)TOLD_TOLERANCE))
                wrong("%s of layer %d: cell (%d, %d) is %.3g off", what, layer, i, j, apart);
            told->worst = fmax(told->worst, apart);
        }
}

static double *told_linear(const Told *told, const double *x, int in, int out, int layer, const char *name,
                           Activation activation) {
    char rest[96];
    snprintf(rest, sizeof rest, "%s.weight", name);
    double *w = numbers(told, "encoder.layer.%d.", layer, rest);
    snprintf(rest, sizeof rest, "%s.bias", name);
    double *b = numbers(told, "encoder.layer.%d.", layer, rest),
           *y = memory_new((size_t)(told->n * out), sizeof *y, "y");
    for (int i = 0; i < told->n; i++)
        for (int o = 0; o < out; o++) {
            double sum = b[o];
            for (int k = 0; k < in; k++) sum += x[i * in + k] * w[o * in + k];
            y[i * out + o] = activation_exact(activation, sum);
        }
    memory_free(w), memory_free(b);
    return y;
}

/* x = layer norm of (x + y); y may be NULL. */
static void told_norm(Told *told, const double *y, const char *format, int layer, const char *name) {
    char rest[96];
    int width = told->config.width;
    snprintf(rest, sizeof rest, "%s.weight", name);
    double *gain = numbers(told, format, layer, rest);
    snprintf(rest, sizeof rest, "%s.bias", name);
    double *bias = numbers(told, format, layer, rest);
    for (int i = 0; i < told->n; i++) {
        double *row = told->x + i * width, mean = 0, variance = 0;
        for (int j = 0; j < width; j++) mean += (row[j] += y ? y[i * width + j] : 0) / width;
        for (int j = 0; j < width; j++) variance += (row[j] - mean) * (row[j] - mean) / width;
        for (int j = 0; j < width; j++)
            row[j] = (row[j] - mean) / sqrt(variance + (double)told->config.norm_eps) * gain[j] + bias[j];
    }
    memory_free(gain), memory_free(bias);
}

static void told_attention(const Told *told, const double *q, const double *k, const double *v, double *maps,
                           double *context) {
    int n = told->n, width = told->config.width, d = width / told->config.heads;
    for (int h = 0; h < told->config.heads; h++)
        for (int i = 0; i < n; i++) {
            double *row = maps + (h * n + i) * n, sum = 0;
            for (int j = 0; j < n; j++) {
                for (int c = h * d; c < h * d + d; c++) row[j] += q[i * width + c] * k[j * width + c];
                sum += row[j] = mask_allows(told->mask, i, j) ? exp(row[j] / sqrt(d)) : 0;
            }
            for (int j = 0; j < n; j++) {
                row[j] = sum > 0 ? row[j] / sum : 0;
                for (int c = h * d; c < h * d + d; c++) context[i * width + c] += row[j] * v[j * width + c];
            }
        }
}

static void told_layer(Told *told, const Trace *t, int l) {
    int n = told->n, width = told->config.width, inner = told->config.inner;
    double *q = told_linear(told, told->x, width, width, l, "attention.self.query", ACTIVATION_NONE);
    double *k = told_linear(told, told->x, width, width, l, "attention.self.key", ACTIVATION_NONE);
    double *v = told_linear(told, told->x, width, width, l, "attention.self.value", ACTIVATION_NONE);
    double *maps = memory_new((size_t)(told->config.heads * n * n), sizeof *maps, "maps");
    double *context = memory_new((size_t)(n * width), sizeof *context, "context");
    told_attention(told, q, k, v, maps, context);
    compare(told, t->attention[l].q, q, "q", l), compare(told, t->attention[l].k, k, "k", l),
        compare(told, t->attention[l].v, v, "v", l);
    compare(told, t->maps[l], maps, "maps", l), compare(told, t->context[l], context, "context", l);
    double *mixed = told_linear(told, context, width, width, l, "attention.output.dense", ACTIVATION_NONE);
    told_norm(told, mixed, "encoder.layer.%d.", l, "attention.output.LayerNorm");
    compare(told, t->attended[l], told->x, "attended", l);
    double *wide = told_linear(told, told->x, width, inner, l, "intermediate.dense", told->config.activation);
    compare(told, t->inner[l], wide, "inner", l);
    double *narrow = told_linear(told, wide, inner, width, l, "output.dense", ACTIVATION_NONE);
    told_norm(told, narrow, "encoder.layer.%d.", l, "output.LayerNorm");
    compare(told, t->hidden[l + 1], told->x, "hidden", l + 1);
    double *all[] = {q, k, v, maps, context, mixed, wide, narrow};
    for (int i = 0; i < 8; i++) memory_free(all[i]);
}

static void told_embeddings(Told *told, const Trace *t) {
    int width = told->config.width;
    double *word = numbers(told, "", 0, "embeddings.word_embeddings.weight"),
           *position = numbers(told, "", 0, "embeddings.position_embeddings.weight");
    double *type = numbers(told, "", 0, "embeddings.token_type_embeddings.weight");
    for (int i = 0; i < told->n; i++) {
        const double *rows[] = {word + told->ids[i] * width, position + i * width, type + told->types[i] * width};
        compare(told, mat_rows(t->word, i, 1), rows[0], "word embedding", 0);
        compare(told, mat_rows(t->position, i, 1), rows[1], "position embedding", 0);
        compare(told, mat_rows(t->segment, i, 1), rows[2], "segment embedding", 0);
        for (int j = 0; j < width; j++) told->x[i * width + j] = rows[0][j] + rows[1][j] + rows[2][j];
    }
    told_norm(told, NULL, "", 0, "embeddings.LayerNorm");
    compare(told, t->hidden[0], told->x, "hidden", 0);
    memory_free(word), memory_free(position), memory_free(type);
}

/* Every matrix of the trace, in models with different shapes and activations, under masks that hold in every layer. */
static void every_step_matches_the_telling_under_masks(void **state) {
    (void)state;
    static const char *const models[] = {"plain", "relu", "odd_geometry", "one_head", "eps_1e-5"};
    const Mask masks[] = {
        {0}, {.causal = true}, {.window = 3, .global = 1}, {.causal = true, .window = 2, .valid = 5}, {.chunk = 4}};
    double worst = 0;
    for (int m = 0; m < 5 * 5; m++) {
        Bert bert = bert_load(model_file(models[m % 5], ""), NULL, false);
        Safetensors expected = safetensors_open(model_file(models[m % 5], "expected.safetensors"));
        int text = m % 5 == 3 ? 0 : 1; /* two segments, where the model has them */
        Ids ids = fixture_ids(&expected, "%d.input_ids", text),
            types = fixture_ids(&expected, "%d.token_type_ids", text);
        Trace t = bert_trace_new(&bert, (int)ids.n);
        Told told = {&bert.file, bert.config, ids.at, types.at, (int)ids.n, masks[m / 5], NULL, 0};
        told.x = memory_new(ids.n * (size_t)bert.config.width, sizeof *told.x, "x");
        bert_forward(&bert, NULL, ids.at, types.at, (Run){.mask = masks[m / 5]}, &t);
        told_embeddings(&told, &t);
        for (int l = 0; l < t.layers; l++) told_layer(&told, &t, l);
        worst = fmax(worst, told.worst);
        memory_free(told.x), memory_free(ids.at), memory_free(types.at);
        trace_free(&t), bert_free(&bert), safetensors_close(&expected);
    }
    print_largest("told", worst, (double)TOLD_TOLERANCE);
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
    memory_free(ids.at), memory_free(types.at), memory_free(other.at);
    trace_free(&fresh), trace_free(&used), safetensors_close(&expected), bert_free(&bert);
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
        cmocka_unit_test(texts_become_the_same_ids),      cmocka_unit_test(every_step_matches_the_telling_under_masks),
        cmocka_unit_test(a_trace_can_be_filled_again),    cmocka_unit_test(minilm_matches_transformers),
    };
    return cmocka_run_group_tests_name("bert", tests, NULL, NULL);
}
