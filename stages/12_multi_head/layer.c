/* layer - a whole transformer layer around the heads: layer norm, residual sums, a feed-forward block. And what models
 * made of such layers weigh. */
#include "attention/attention.h"
#include "base/memory.h"
#include "lesson.h"
#include "math/init.h"
#include "math/layers.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- told ---- */

/* Each row moved to mean 0 and scaled to variance 1 (gain 1, bias 0: an untrained layer norm). eps keeps a constant row
 * from dividing by 0. */
static void layer_norm_told(Mat out, Mat x, double eps) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += (double)mat_at(x, i, c) / x.cols;
        for (int c = 0; c < x.cols; c++) variance += pow((double)mat_at(x, i, c) - mean, 2) / x.cols;
        for (int c = 0; c < x.cols; c++)
            mat_row(out, i)[c] = (float)(((double)mat_at(x, i, c) - mean) / sqrt(variance + eps));
    }
}

/* GELU by its tanh form: a soft switch, x times the chance that a normal number is below x. */
static float gelu_told(float x) {
    double z = (double)x;
    return (float)(z / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (z + 0.044715 * z * z * z))));
}

static void add_told(Mat x, Mat y) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(x, i)[c] += mat_at(y, i, c);
}

typedef struct {
    int heads;
    Mat wq, wk, wv, wo;         /* (C, C) */
    Mat widen, narrow;          /* (4C, C), (C, 4C) */
    Mat bq, bk, bv, bo, bw, bn; /* (1, out) their biases */
    LayerNorm norm;             /* gain 1, bias 0, used in both places */
    Mat ones, zeros;            /* (1, C) */
} Layer;

/* x (n, C) goes in and comes out; what each half adds is the only thing that is learned. */
static void layer_told(Mat x, const Layer *l, Mask mask) {
    int n = x.rows, width = x.cols, d = width / l->heads;
    Mat normed = mat_new(n, width), q = mat_new(n, width), k = mat_new(n, width), v = mat_new(n, width);
    Mat mixed = mat_new(n, width), map = mat_new(n, n), wide = mat_new(n, 4 * width);
    layer_norm_told(normed, x, (double)l->norm.eps);
    project_told(q, normed, l->wq, l->bq.data);
    project_told(k, normed, l->wk, l->bk.data);
    project_told(v, normed, l->wv, l->bv.data);
    for (int h = 0; h < l->heads; h++)
        head_told(mat_cols(mixed, h * d, d), map, mat_cols(q, h * d, d), mat_cols(k, h * d, d), mat_cols(v, h * d, d),
                  mask);
    project_told(q, mixed, l->wo, l->bo.data); /* q has done its work; its room is used again */
    add_told(x, q);
    layer_norm_told(normed, x, (double)l->norm.eps);
    project_told(wide, normed, l->widen, l->bw.data);
    for (int i = 0; i < n; i++)
        for (int c = 0; c < wide.cols; c++) mat_row(wide, i)[c] = gelu_told(mat_at(wide, i, c));
    project_told(k, wide, l->narrow, l->bn.data);
    add_told(x, k);
    Mat *all[] = {&normed, &q, &k, &v, &mixed, &map, &wide};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

/* ---- the same by common/ ---- */

static void layer_common(Mat x, const Layer *l, Mask mask) {
    int n = x.rows, width = x.cols;
    Mat normed = mat_new(n, width), q = mat_new(n, width), k = mat_new(n, width), v = mat_new(n, width);
    Mat mixed = mat_new(n, width), maps = mat_new(l->heads * n, n), wide = mat_new(n, 4 * width);
    layer_norm_forward(NULL, normed, x, l->norm);
    LinearJob jobs[] = {{q, {l->wq, l->bq.data}}, {k, {l->wk, l->bk.data}}, {v, {l->wv, l->bv.data}}};
    linear_forward_all(NULL, jobs, 3, normed, ACTIVATION_NONE);
    attention_forward(attention_of(q, k, v, l->heads, mask), mixed, maps);
    linear_forward(NULL, q, mixed, (Linear){l->wo, l->bo.data}, ACTIVATION_NONE);
    add_told(x, q);
    layer_norm_forward(NULL, normed, x, l->norm);
    linear_forward(NULL, wide, normed, (Linear){l->widen, l->bw.data}, ACTIVATION_GELU_TANH);
    linear_forward(NULL, k, wide, (Linear){l->narrow, l->bn.data}, ACTIVATION_NONE);
    add_told(x, k);
    Mat *all[] = {&normed, &q, &k, &v, &mixed, &maps, &wide};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

static void draw_linear(Rng *rng, Mat *weight, Mat *bias, int out, int in) {
    *weight = mat_new(out, in), *bias = mat_new(1, out);
    init_linear(rng, *weight, bias->data);
}

static Layer layer_new(int heads, int width, uint64_t seed) {
    Rng rng = rng_seed(seed);
    Layer l = {.heads = heads, .ones = mat_new(1, width), .zeros = mat_new(1, width)};
    mat_fill(l.ones, 1);
    l.norm = (LayerNorm){l.ones.data, l.zeros.data, 1e-5f};
    draw_linear(&rng, &l.wq, &l.bq, width, width), draw_linear(&rng, &l.wk, &l.bk, width, width);
    draw_linear(&rng, &l.wv, &l.bv, width, width), draw_linear(&rng, &l.wo, &l.bo, width, width);
    draw_linear(&rng, &l.widen, &l.bw, 4 * width, width), draw_linear(&rng, &l.narrow, &l.bn, width, 4 * width);
    return l;
}

static void layer_free(Layer *l) {
    Mat *all[] = {&l->wq, &l->wk, &l->wv, &l->wo, &l->widen, &l->narrow, &l->bq,
                  &l->bk, &l->bv, &l->bo, &l->bw, &l->bn,    &l->ones,   &l->zeros};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

/* ---- what a model weighs ---- */

/* One row: vocabulary V, context T, width C, L layers. A layer has 4 C^2 + C numbers of attention (no bias on q, k,
 * v), 8 C^2 + 5 C of feed-forward and two layer norms of 2 C. */
static void print_count(const char *name, long long layers, long long width, int heads) {
    const long long vocabulary = 50257, context = 1024;
    long long attention = 4 * width * width + width, feed_forward = 8 * width * width + 5 * width;
    long long body = layers * (attention + feed_forward + 4 * width) + 2 * width + context * width;
    printf("  %-7s %6lld %6d %6lld %12lld %13lld %15lld %15lld\n", name, layers, heads, width, attention, feed_forward,
           body + vocabulary * width, body + 2 * vocabulary * width);
}

static void print_counts(void) {
    printf("parameters of GPT-2's four sizes, no bias on q, k and v\n");
    printf("  %-7s %6s %6s %6s %12s %13s %15s %15s\n", "", "layers", "heads", "width", "attention", "feed-forward",
           "tied output", "own output");
    print_count("small", 12, 768, 12);
    print_count("medium", 24, 1024, 16);
    print_count("large", 36, 1280, 20);
    print_count("XL", 48, 1600, 25);
}

void tell_layer(const Choices *a, const Toy *toy, Mask mask) {
    int width = a->heads * (a->head_width > 4 ? a->head_width : 4);
    Layer layer = layer_new(a->heads, width, a->common.seed);
    Mat told = toy_vectors(toy, width, a->common.seed), common = mat_new(told.rows, told.cols);
    mat_copy(common, told);
    layer_told(told, &layer, mask);
    layer_common(common, &layer, mask);
    char title[96];
    snprintf(title, sizeof title, "a whole layer: %d heads, width %d, feed-forward %d", a->heads, width, 4 * width);
    table_print(stdout, common, (TableOptions){title, .rows = toy->words, .most_cols = 8});
    expect_agreement("whole layer", common, told);
    printf("told and common agree on the whole layer: max difference < 1e-5\n");
    print_counts();
    mat_free(&told), mat_free(&common);
    layer_free(&layer);
}
