/* 12.5: multi-head attention: by hand; masks drawn at random, rows that may see nothing, scores too large for exp; one
 * head, heads of width 1, many words; each number in double, by itself (block.h). */
#include "block.h"
#include "base/memory.h"

typedef struct {
    Linear query, key, value, mix;
} Weights;

static void expect(Mat out, Mat x, const Weights *w, int heads, Mask mask) {
    int n = x.rows, C = x.cols;
    double *qkv = calloc((size_t)n * 3 * (size_t)C, sizeof *qkv), row[MOST_COLUMNS], said[MOST_COLUMNS];
    for (int i = 0; i < n; i++) {
        double *own = &qkv[i * 3 * C];
        row_of(row, x, i);
        linear_row(own, row, w->query), linear_row(own + C, row, w->key), linear_row(own + 2 * C, row, w->value);
    }
    for (int i = 0; i < n; i++) {
        attend_row(row, qkv, i, n, C, heads, mask);
        linear_row(said, row, w->mix);
        row_into(out, i, said);
    }
    free(qkv);
}

static void ask_heads(Mat x, const Weights *w, int heads, Mask mask, double tolerance) {
    Mat out = mat_new(x.rows, x.cols);
    expect(out, x, w, heads, mask);
    give_mat(x);
    give_linear(w->query), give_linear(w->key), give_linear(w->value), give_linear(w->mix);
    give_int(heads), give_int(mask.causal), give_int(mask.window),
        give_bools(mask.picture, (size_t)x.rows * (size_t)x.rows);
    ask();
    check_mat("out", got_mat(), out, tolerance);
    mat_free(&out);
}

static void by_hand(void) {
    float x[] = {3, 5}, same[] = {1, 0, 0, 1}, none[4] = {0}, two[] = {1, 0, 3, 0}, three[] = {10, 20};
    const bool one[] = {true}, all[] = {true, true, true, true}, blind[] = {false, false, true, true};
    Linear leave = {{same, 2, 2, 2}, none}, nothing = {{none, 2, 2, 2}, none};
    input("one word 3 5, two heads; value and mix leave a row as it is");
    ask_heads((Mat){x, 1, 2, 2}, &(Weights){leave, leave, leave, leave}, 2, (Mask){.picture = one, .tokens = 1}, 1e-6);
    input("two words 1 0 and 3 0, two heads, query and key 0: the mean of both");
    ask_heads((Mat){two, 2, 2, 2}, &(Weights){nothing, nothing, leave, leave}, 2, (Mask){.picture = all, .tokens = 2},
              1e-6);
    input("two words 1 0 and 3 0, two heads, query and key 0, causal: word 0 sees itself alone");
    ask_heads((Mat){two, 2, 2, 2}, &(Weights){nothing, nothing, leave, leave}, 2,
              (Mask){.causal = true, .picture = all, .tokens = 2}, 1e-6);
    input("two words 1 0 and 3 0, query and key 0; word 0 sees nothing; mix has the bias 10 20, its row then");
    ask_heads((Mat){two, 2, 2, 2}, &(Weights){nothing, nothing, leave, {{same, 2, 2, 2}, three}}, 2,
              (Mask){.picture = blind, .tokens = 2}, 1e-5);
}

/* Words 100 and 100.01: their scores are 10,000 and 10,001, whose exp is infinite, or with a minus, 0. */
static void large_scores(float sign) {
    float x[] = {100, 100.01f}, one[] = {1}, asks[] = {sign}, none[] = {0}, spread[] = {100}, down[] = {-10000};
    const bool all[] = {true, true, true, true};
    Linear leave = {{one, 1, 1, 1}, none};
    input("words 100 and 100.01, query %g, key 1: scores of about %g; value 100 x - 10000", (double)sign,
          (double)sign * 1e4);
    ask_heads((Mat){x, 2, 1, 1}, &(Weights){{{asks, 1, 1, 1}, none}, leave, {{spread, 1, 1, 1}, down}, leave}, 1,
              (Mask){.picture = all, .tokens = 2}, 5e-3);
}

static Linear linear_by_chance(Rng *rng, int C, float size) {
    Linear l = {mat_new(C, C), memory_new((size_t)C, sizeof(float), "a bias")};
    for (int o = 0; o < C; o++) {
        l.bias[o] = rng_float(rng, -1, 1);
        for (int c = 0; c < C; c++) mat_row(l.weight, o)[c] = rng_float(rng, -size, size);
    }
    return l;
}

static void by_chance(Rng *rng, int n, int heads, int d, unsigned allowed_of_8, float size) {
    int C = heads * d;
    Mat x = mat_new(n, C);
    bool *picture = memory_new((size_t)n * (size_t)n, sizeof *picture, "a picture");
    for (int i = 0; i < n * n; i++) picture[i] = rng_bits(rng) % 8 < allowed_of_8;
    for (int i = 0; i < n; i++)
        for (int c = 0; c < C; c++) mat_row(x, i)[c] = rng_float(rng, -1, 1);
    Weights w = {linear_by_chance(rng, C, size), linear_by_chance(rng, C, size), linear_by_chance(rng, C, 1),
                 linear_by_chance(rng, C, 1)};
    input("%d random words, %d heads of width %d, %u eighths of all pairs allowed, weights up to %g%s", n, heads, d,
          allowed_of_8, (double)size, n % 3 == 0 ? "; and a window of 2" : "");
    ask_heads(x, &w, heads, (Mask){.causal = n % 2 == 0, .window = n % 3 == 0 ? 2 : 0, .picture = picture, .tokens = n},
              2e-5 * (1 + C) * (size > 1 ? 40 : 1));
    Linear *all[] = {&w.query, &w.key, &w.value, &w.mix};
    for (int l = 0; l < 4; l++) mat_free(&all[l]->weight), memory_free(all[l]->bias);
    mat_free(&x), memory_free(picture);
}

void check(void) {
    by_hand();
    large_scores(1), large_scores(-1);
    Rng rng = check_rng();
    by_chance(&rng, 3, 2, 2, 8, 1), by_chance(&rng, 5, 3, 1, 5, 1), by_chance(&rng, 6, 1, 4, 8, 1);
    by_chance(&rng, 9, 4, 3, 3, 1), by_chance(&rng, 70, 2, 4, 6, 1), by_chance(&rng, 4, 16, 6, 8, 0.5f);
    by_chance(&rng, 7, 2, 3, 7, 40), by_chance(&rng, 1100, 2, 1, 7, 1), by_chance(&rng, 2, 2, 132, 8, 0.1f);
    for (int i = 0; i < (hidden() ? 20 : 2); i++)
        by_chance(&rng, 1 + (int)(rng_bits(&rng) % 9), 1 + (int)(rng_bits(&rng) % 4), 1 + (int)(rng_bits(&rng) % 4), 5,
                  1);
}
