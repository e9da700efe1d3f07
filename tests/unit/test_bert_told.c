/* model/bert against a forward pass told in double loops, layer by layer and under masks: every matrix of its trace. */
#include "fixture.h"
#include "model/bert.h"

static const float TOLD_TOLERANCE = 2e-5f; /* against float64, so only ours; measured 6e-6 */

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_matches_the_telling_under_masks),
    };
    return cmocka_run_group_tests_name("bert told", tests, NULL, NULL);
}
