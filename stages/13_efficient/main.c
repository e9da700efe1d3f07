/* Stage 13 - Efficient: the same numbers with less work. Where the time goes; one product in place of three; products
 * of few rows; tiles that a mask lets us skip; a softmax that never sees its whole row. Each is told in plain loops and
 * proven equal to what common/ does. Run: make run-13 */
#include "tool.h"
#include "attention/banded.h"
#include "base/error.h"
#include "math/rows.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. Few rows, more rows, and three products in one ---- */

/* y (n, m) = x (n, k) w (m, k)^T. Both are read along their rows, as they lie in memory. With few rows of x the time
 * goes into fetching w, so what matters is to fetch each of its rows once: the loop over w is outside. */
static void few_rows_told(Paper y, Paper x, Paper w) {
    for (int o = 0; o < w.rows; o++)
        for (int i = 0; i < x.rows; i++) {
            double sum = 0;
            for (int c = 0; c < w.cols; c++) sum += x.at[i][c] * w.at[o][c];
            y.at[i][o] = sum;
        }
}

/* The same for more rows of x: x is turned on end first, which costs little because it is small. Then one number of w
 * meets numbers that lie side by side, and a processor multiplies as many of them at once as a register holds. */
static void more_rows_told(Paper y, Paper x, Paper w) {
    Paper turned = paper_new(x.cols, x.rows), sums = paper_new(w.rows, x.rows); /* y on end, too; zeros */
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) turned.at[c][i] = x.at[i][c];
    for (int o = 0; o < w.rows; o++)
        for (int c = 0; c < w.cols; c++)
            for (int i = 0; i < x.rows; i++) sums.at[o][i] += w.at[o][c] * turned.at[c][i];
    for (int o = 0; o < w.rows; o++)
        for (int i = 0; i < x.rows; i++) y.at[i][o] = sums.at[o][i];
    paper_free(&turned), paper_free(&sums);
}

/* Three in one: W_Q, W_K and W_V stacked are one matrix of 3C rows; the columns of its product are q, k and v, side by
 * side, as views. By common/ and by OpenBLAS that one product; told, the three. */
static void prove_product(const char *what, void (*told)(Paper y, Paper x, Paper w), Paper x, Paper stacked) {
    int width = x.cols;
    Mat mat_x = paper_rounded(x), w = paper_rounded(stacked);
    Mat common = mat_new(x.rows, w.rows), openblas = mat_new(x.rows, w.rows);
    Paper y = paper_new(x.rows, width);
    rows_times_weights(common, mat_x, w, NULL, 0, w.rows);
    mat_mul_nt(openblas, 1, mat_x, w, 0);
    for (int part = 0; part < 3; part++) {
        told(y, x, (Paper){width, width, stacked.at + part * width});
        prove_equal(what, mat_cols(common, part * width, width), y);
        prove_equal("the product by OpenBLAS", mat_cols(openblas, part * width, width), y);
    }
    mat_free(&mat_x), mat_free(&w), mat_free(&common), mat_free(&openblas), paper_free(&y);
}

static void prove_products(Rng *rng, int width) {
    enum { FEW = 7, MORE = 16 };
    Paper x = random_paper(rng, FEW, width), stacked = random_paper(rng, 3 * width, width);
    Paper more = {stacked.rows < MORE ? stacked.rows : MORE, width, stacked.at}; /* any rows will do, its own too */
    prove_product("the product of few rows", few_rows_told, x, stacked);
    prove_product("the product of more rows", more_rows_told, more, stacked);
    paper_free(&x), paper_free(&stacked);
}

/* ---- 2. Tiles: what a mask lets us skip ---- */

/* Cuts the n x n square into tiles of TILE_KEYS x TILE_KEYS cells. A tile with nothing allowed is skipped, one with
 * everything allowed needs no test, and in the rest each cell is asked. */
static Tiles tiles_told(Mask mask, int n) {
    Tiles t = {0};
    for (int top = 0; top < n; top += TILE_KEYS)
        for (int left = 0; left < n; left += TILE_KEYS) {
            int open = 0, cells = 0;
            for (int i = top; i < top + TILE_KEYS && i < n; i++)
                for (int j = left; j < left + TILE_KEYS && j < n; j++) {
                    cells++;
                    open += mask_allows(mask, i, j);
                }
            t.none += open == 0;
            t.full += open == cells;
            t.edge += open > 0 && open < cells;
            t.computed += open ? cells : 0;
            t.allowed += open;
        }
    return t;
}

/* ---- 3. A softmax that streams ---- */

/* Each query of each head against its keys, one at a time. top and total belong to the keys seen so far; a new largest
 * score makes everything summed under the old one count for less, by exp(old - new). No row of scores is ever kept.
 * Prints the state after each key when `show`. out (n, heads * d) starts at zero. */
static void stream_told(Paper out, Paper q, Paper k, Paper v, int heads, Mask mask, bool show) {
    int d = q.cols / heads;
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < q.rows; i++) {
            double top = -INFINITY, total = 0, *mixed = out.at[i];
            for (int j = 0; j < k.rows; j++) {
                if (!mask_allows(mask, i, j)) continue;
                double score = 0;
                for (int c = h * d; c < (h + 1) * d; c++) score += q.at[i][c] * k.at[j][c];
                score /= sqrt(d);
                double higher = fmax(top, score), shrink = exp(top - higher), weight = exp(score - higher);
                total = total * shrink + weight;
                for (int c = h * d; c < (h + 1) * d; c++) mixed[c] = mixed[c] * shrink + weight * v.at[j][c];
                top = higher;
                if (show)
                    printf("  %5d %8.4f %8.4f %8.4f %8.4f %8.4f\n", j, score, top, shrink, total, mixed[0] / total);
            }
            for (int c = h * d; c < (h + 1) * d; c++) mixed[c] /= total > 0 ? total : 1;
        }
}

static void tell_stream(Rng *rng) {
    Paper q = random_paper(rng, 1, 4), k = random_paper(rng, 6, 4), v = random_paper(rng, 6, 4), out = paper_new(1, 4);
    printf("one query, six keys: what is known after each\n");
    printf("  %5s %8s %8s %8s %8s %8s\n", "key", "score", "largest", "shrink", "total", "out[0]");
    stream_told(out, q, k, v, 1, (Mask){0}, true);
    papers_free((Paper *[]){&q, &k, &v, &out, NULL});
}

/* ---- 4. Told once, lives once, proven equal ---- */

static void prove_attention(const Choices *ask, Mask mask, Workers *workers) {
    Run streaming = run_new(ask, ask->tokens, mask, false, workers);
    Run plain = run_new(ask, ask->tokens, mask, true, workers);
    Paper q = paper_of(plain.q), k = paper_of(plain.k), v = paper_of(plain.v), told = paper_new(q.rows, q.cols);
    stream_told(told, q, k, v, ask->heads, mask, false);
    run_once(&streaming), run_once(&plain);
    prove_equal("the streaming pass", streaming.out, told);
    prove_equal("the plain pass", plain.out, told);
    prove_done();
    run_free(&streaming), run_free(&plain);
    papers_free((Paper *[]){&q, &k, &v, &told, NULL});
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    NamedMask mask = mask_from_options(&ask.mask, ask.tokens);
    Workers *workers = workers_new(ask.common.threads);
    if (!answered(&ask, mask.rule, workers)) {
        Rng rng = rng_seed(ask.common.seed);
        int width = ask.heads * ask.head_width;
        tell_where(ask.heads, width);
        prove_products(&rng, width);
        tell_tiles(&mask, ask.tokens, tiles_told);
        tell_stream(&rng);
        prove_attention(&ask, mask.rule, workers);
        draw_times(&ask, workers);
        draw_memory(&ask);
        draw_products(&ask, few_rows_told);
        show_drawn(&ask.show, "time, memory, products");
    }
    workers_free(workers);
    named_mask_free(&mask);
    show_options_free(&ask.show);
    return finish();
}
