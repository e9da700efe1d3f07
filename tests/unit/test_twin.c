/* model/twin: the form of the model, and nothing that it has learnt. */
#include "fixture.h"
#include "model/model.h"

enum { N = 9 };
static const int IDS[N] = {2, 5, 9, 1, 5, 7, 3, 9, 4};
static const char *const FOLDERS[] = {"tests/fixtures/models/bf16_mlm", "tests/fixtures/models/mlm_untied_tanh",
                                      "tests/fixtures/models/no_pooler", "tests/fixtures/sampling/tiny",
                                      "tests/fixtures/gpt2/untied_bf16"};
enum { MODELS = sizeof FOLDERS / sizeof *FOLDERS };

/* ---- sums over all matrices of a model ---- */

typedef struct {
    double sum, squares, count;
} Sums;

static void add(Sums *s, const float *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        s->sum += (double)numbers[i], s->squares += (double)numbers[i] * (double)numbers[i];
        s->count++;
    }
}

static void add_mat(Sums *s, Mat m) {
    for (int i = 0; i < m.rows; i++) add(s, mat_row(m, i), (size_t)m.cols);
}

static void all_are(const float *numbers, int count, float value) {
    for (int i = 0; numbers && i < count; i++) assert_true(numbers[i] == value);
}

static void add_linear(Sums *s, Linear layer) {
    add_mat(s, layer.weight);
    all_are(layer.bias, layer.weight.rows, 0);
}

static void norm_is_new(LayerNorm norm, int width) {
    all_are(norm.gain, width, 1), all_are(norm.bias, width, 0);
}

static void add_bert(Sums *s, const Bert *bert) {
    int width = bert->config.width;
    const Tensor *tables[] = {bert->words, bert->positions, bert->types};
    for (int i = 0; i < 3; i++) add(s, tensor_in_place(tables[i]), tables[i]->count);
    norm_is_new(bert->embedding_norm, width);
    for (int l = 0; l < bert->config.layers; l++) {
        const BertLayer *b = &bert->layers[l];
        const Linear linear[] = {b->query, b->key, b->value, b->mix, b->widen, b->narrow};
        for (int i = 0; i < 6; i++) add_linear(s, linear[i]);
        norm_is_new(b->after_attention, width), norm_is_new(b->after_feed_forward, width);
    }
}

static void add_gpt(Sums *s, const Gpt *gpt) {
    const GptWeights *w = &gpt->weights;
    int width = gpt->config.width;
    add_mat(s, w->words), add_mat(s, w->places);
    norm_is_new(w->last, width);
    for (int l = 0; l < gpt->config.layers; l++) {
        const GptLayer *b = &w->layers[l];
        const Linear linear[] = {b->qkv, b->mix, b->widen, b->narrow};
        for (int i = 0; i < 4; i++) add_linear(s, linear[i]);
        norm_is_new(b->before_attention, width), norm_is_new(b->before_feed_forward, width);
    }
}

/* N(0, 0.02): the mean of m numbers is within 5 of its deviations, 0.02 / sqrt(m), of 0; the mean square has the
 * deviation sqrt(2/m) of itself. */
static void weights_are_small_and_even(void **state) {
    (void)state;
    for (int f = 0; f < MODELS; f++) {
        Model *model = model_open(FOLDERS[f], NULL, false), *twin = model_twin(model, 3);
        Sums s = {0};
        if (model_bert(twin)) add_bert(&s, model_bert(twin));
        else add_gpt(&s, model_gpt(twin));
        assert_true(s.count > 1000);
        assert_close(s.sum / s.count, 0, 5 * 0.02 / sqrt(s.count), FOLDERS[f]);
        assert_close(s.squares / s.count / 4e-4, 1, 5 * sqrt(2 / s.count), FOLDERS[f]);
        model_free(twin), model_free(model);
    }
}

/* ---- the face ---- */

static void the_form_is_the_model_s(void **state) {
    (void)state;
    for (int f = 0; f < MODELS; f++) {
        Model *model = model_open(FOLDERS[f], NULL, false), *twin = model_twin(model, 3);
        ModelCard a = model_card(model), b = model_card(twin);
        assert_true(a.layers == b.layers && a.heads == b.heads && a.width == b.width && a.vocab == b.vocab);
        assert_true(a.context == b.context && a.types == b.types && a.parameters == b.parameters);
        assert_true(a.guesses == b.guesses && a.trained.causal == b.trained.causal);
        assert_string_equal(a.path, b.path);
        model_free(model); /* nothing of it is borrowed */
        Trace trace = model_trace_new(twin, N);
        model_run(twin, NULL, IDS, NULL, (Run){.mask = b.trained}, &trace);
        for (int i = 0; i < N; i++) assert_true(isfinite(mat_at(trace.hidden[trace.layers], i, 0)));
        if (b.guesses) {
            Mat logits = model_logits(twin, NULL, &trace);
            assert_int_equal(logits.cols, b.vocab);
            mat_free(&logits);
        }
        trace_free(&trace), model_free(twin);
    }
}

static Mat last_of(const Model *model, uint64_t seed) {
    Model *twin = seed ? model_twin(model, seed) : NULL;
    const Model *run = twin ? twin : model;
    Trace trace = model_trace_new(run, N);
    model_run(run, NULL, IDS, NULL, (Run){.mask = model_card(run).trained}, &trace);
    Mat last = mat_new(N, trace.width);
    mat_copy(last, trace.hidden[trace.layers]);
    trace_free(&trace), model_free(twin);
    return last;
}

static void a_seed_is_a_twin(void **state) {
    (void)state;
    for (int f = 0; f < MODELS; f++) {
        Model *model = model_open(FOLDERS[f], NULL, false);
        Mat real = last_of(model, 0), once = last_of(model, 1), again = last_of(model, 1), other = last_of(model, 2);
        assert_true(mat_same_bits(once, again));
        assert_true(mat_max_diff(once, other) > 0.01f && mat_max_diff(once, real) > 0.01f);
        mat_free(&real), mat_free(&once), mat_free(&again), mat_free(&other);
        model_free(model);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_small_and_even),
        cmocka_unit_test(the_form_is_the_model_s),
        cmocka_unit_test(a_seed_is_a_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
