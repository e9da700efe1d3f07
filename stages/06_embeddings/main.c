/* Stage 06 - Embeddings: an id becomes a row of numbers. The rows are drawn at random, by PyTorch's recipe, so that you
 * see the digits of the book; and looking one up is a matrix product with a row that holds a single 1.
 * Run: make run-06 */
#include "tool.h"
#include "base/error.h"
#include "math/init.h"
#include "math/layers.h"

#include <math.h>

/* ---- 1. A lookup, told twice ---- */

/* Row i of out (n, C) is row ids[i] of table (V, C). Nothing is computed: a lookup copies. */
static void lookup_told(Paper out, Paper table, const int *ids) {
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) out.at[i][c] = table.at[ids[i]][c];
}

/* The same as a product: row i of onehot (n, V) is 1 in column ids[i] and 0 elsewhere, so that row times table is 0
 * times every row but one. It costs V times as much, and it shows why an embedding is a linear layer without a bias. */
static void onehot_told(Paper onehot, const int *ids) {
    for (int i = 0; i < onehot.rows; i++)
        for (int id = 0; id < onehot.cols; id++) onehot.at[i][id] = id == ids[i] ? 1 : 0;
}

static void product_told(Paper out, Paper onehot, Paper table) {
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) {
            out.at[i][c] = 0;
            for (int id = 0; id < table.rows; id++) out.at[i][c] += onehot.at[i][id] * table.at[id][c];
        }
}

static void tell_lookup(uint64_t seed) {
    enum { WORDS = 6, WIDTH = 3, LOOKED_UP = 4 };
    static const int ids[LOOKED_UP] = {2, 3, 5, 1};
    Mat table = mat_new(WORDS, WIDTH), common = mat_new(LOOKED_UP, WIDTH);
    Rng rng = rng_seed(seed);
    init_normal(&rng, table);
    Paper numbers = paper_of(table), rows = paper_new(LOOKED_UP, WIDTH), product = paper_new(LOOKED_UP, WIDTH);
    Paper onehot = paper_new(LOOKED_UP, WORDS);
    lookup_told(rows, numbers, ids);
    onehot_told(onehot, ids);
    product_told(product, onehot, numbers);
    embedding_forward(common, table, ids);
    print_lookup(seed, numbers, rows, onehot);
    prove_equal("the lookup", common, rows);
    prove_equal("the one-hot product", common, product);
    print_difference(product, common);
    prove_done();
    mat_free(&table), mat_free(&common);
    papers_free((Paper *[]){&numbers, &rows, &product, &onehot, NULL});
}

/* ---- 2. What a model is fed: a token's vector plus its place's vector ---- */

/* x (B * T, C): token vectors; row b * T + t also gets position t's vector. positions (T, C). */
static void add_positions_told(Paper x, Paper positions) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) x.at[i][c] += positions.at[i % positions.rows][c];
}

static void tell_batch(const Choices *ask, const Batch *batch) {
    Paper told = paper_of(batch->tokens), positions = paper_of(batch->positions);
    add_positions_told(told, positions);
    prove_equal("the batch", batch->sum, told);
    print_batch(ask, batch);
    draw_batch(ask, batch);
    paper_free(&told), paper_free(&positions);
}

/* ---- 3. Which words have like vectors? ---- */

/* cos(a, b) = a . b / (|a| |b|): 1 when they point the same way, 0 at a right angle. a, b [n]. */
static double cosine_told(const double *a, const double *b, int n) {
    double ab = 0, aa = 0, bb = 0;
    for (int c = 0; c < n; c++) {
        ab += a[c] * b[c];
        aa += a[c] * a[c];
        bb += b[c] * b[c];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static void cosines_told(Paper out, Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < x.rows; j++) out.at[i][j] = cosine_told(x.at[i], x.at[j], x.cols);
}

/* How far from 0 is the cosine of two random vectors? The root of the mean square of 1000. */
static double strangers_told(Rng *rng, int width) {
    enum { PAIRS = 1000 };
    double squares = 0;
    Mat drawn = mat_new(2, width);
    for (int p = 0; p < PAIRS; p++) {
        init_normal(rng, drawn);
        Paper pair = paper_of(drawn);
        squares += pow(cosine_told(pair.at[0], pair.at[1], width), 2) / PAIRS;
        paper_free(&pair);
    }
    mat_free(&drawn);
    return sqrt(squares);
}

static void tell_alike(const Choices *ask, const Toy *words) {
    Paper x = paper_of(words->x), cosines = paper_new(words->n, words->n);
    cosines_told(cosines, x);
    print_alike(ask, words, cosines);
    draw_alike(ask, words, cosines);
    paper_free(&x), paper_free(&cosines);
}

/* ---- 4. The program ---- */

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (!answered(&ask)) {
        Batch batch = batch_read(&ask);
        Toy words = words_read(&ask);
        tell_lookup(ask.common.seed);
        tell_batch(&ask, &batch);
        tell_strangers(ask.common.seed, strangers_told);
        tell_alike(&ask, &words);
        show_drawn(&ask.show, "batch, alike");
        toy_free(&words);
        batch_free(&batch);
    }
    show_options_free(&ask.show);
    return finish();
}
