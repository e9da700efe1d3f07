#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize(                                                                                                  \
    "no-ivopts") /* gcc's choice of addresses in the loops below costs 15 to 25% at 4 to 11 rows (gcc 12) */
#endif
#include "math/fast/row_tiles.h"
#include "math/fast/few_rows.h"
#include "math/fast/panel.h"

#include <assert.h>
#include <stdbool.h>

/* Both ways cut k into blocks, so that a block of x stays in the first-level cache while the rows of w stream past it,
 * and later blocks add to what the first one left.
 *
 * Few rows: math/fast/few_rows.
 *
 * Many rows: PANEL rows of w are turned into a panel first (k down, columns across). Then one step of k loads two
 * vectors of the panel and multiplies them by one number of each row of x: nothing to fold. It pays from about a dozen
 * rows on. */
enum { BLOCK = 768 };
#ifdef __AVX512F__
enum { PANEL_ROWS = 12, MANY_ROWS = 16 }; /* 24 sums of 32 registers */
#else
enum { PANEL_ROWS = 6, MANY_ROWS = 6 }; /* 12 sums of 16 registers */
#endif

/* out = or += x times w, over n steps of k. What lies on its side is said: x (k, rows), or w
 * (cols, k), as the weights of a layer do. */
typedef struct {
    Mat out, x, w;
    const float *bias; /* [columns of out]; NULL: none */
    bool x_lies, w_lies;
    const RowRange *needs; /* of each row of out: the columns wanted if w lies, else its steps of k. NULL: all */
} Product;

/* What any of these rows of out needs. Columns of out if w lies, else steps of k: either way w has as many rows. */
static RowRange needs_of(const Product *p, int row, int rows) {
    return p->needs ? rows_range(p->needs, row, rows, p->w.rows) : (RowRange){0, p->w.rows};
}

/* What turn_panel makes, of a w that stands upright, k down: panel[j * PANEL + c] = w[k + j][col + c]. */
static void copy_panel(float *panel, Mat w, int col, int cols, int k, int n) {
    for (int j = 0; j < n; j++, panel += PANEL) {
        const float *row = mat_row(w, k + j) + col;
        int c = 0;
        for (; c + LANES <= cols; c += LANES) lane_store(panel + c, lane_load(row + c));
        for (; c < PANEL; c++) panel[c] = c < cols ? row[c] : 0;
    }
}

/* What the cache is asked for while a tile computes, one line at each step: at[j * along + (j % rows) * step]. The next
 * panel will be made from it, so reading and computing overlap. If w lies, a tile has a share of its rows, which take
 * turns: a line holds 16 numbers, so no line is missed with up to 16 rows. If w stands, step j asks for its own row. */
typedef struct {
    const float *at;
    size_t along, rows, step; /* rows is a power of two */
} Ahead;

/* For tile number `tile` of `tiles`, when the panel in work begins at column `col` of out. */
static Ahead ahead_of(const Product *p, const float *panel, int tile, int tiles, int col, int k) {
    if (p->w_lies) {
        size_t share = 1;
        while (share * (size_t)tiles < PANEL) share *= 2;
        int row = col + PANEL + tile * (int)share;
        return (Ahead){mat_row(p->w, row < p->w.rows ? row : 0) + k, 1, share, (size_t)p->w.stride};
    }
    if (tile * LANES >= PANEL || col + PANEL + tile * LANES >= p->w.cols) return (Ahead){panel, 0, 1, 0};
    return (Ahead){mat_row(p->w, k) + col + PANEL + tile * LANES, (size_t)p->w.stride, 1, 0};
}

/* The number of x in row r at step j is x[r * x_row + j * x_step]: so x may lie on its side. */
typedef struct {
    float *out;
    const float *x, *panel, *bias; /* bias: where the sums of the panel's columns begin; NULL: at 0 */
    size_t out_row, x_row, x_step, n;
    bool add;
    Ahead ahead;
} PanelTile;

/* out (rows, PANEL) = or += x times the panel, over n steps of k; or only its first LANES columns. */
INLINE void panel_tile(int rows, bool half, const PanelTile *t) {
    const float *x = t->x, *panel = t->panel;
    float *out = t->out;
    size_t out_row = t->out_row, x_row = t->x_row, x_step = t->x_step, n = t->n;
    Ahead ahead = t->ahead;
    bool add = t->add;
    Lane low[PANEL_ROWS], high[PANEL_ROWS], low_bias = {0}, high_bias = {0};
    if (t->bias) low_bias = lane_load(t->bias);
    if (t->bias && !half) high_bias = lane_load(t->bias + LANES);
    UNROLL for (int r = 0; r < rows; r++) {
        low[r] = low_bias, high[r] = high_bias;
        __builtin_prefetch(out + (size_t)r * out_row, 1);
        if (!half) __builtin_prefetch(out + (size_t)r * out_row + LANES, 1);
    }
    for (size_t j = 0; j < n; j++, x += x_step, panel += PANEL, ahead.at += ahead.along) {
        Lane a = lane_load(panel), b = half ? a : lane_load(panel + LANES);
        __builtin_prefetch(ahead.at + (j & (ahead.rows - 1)) * ahead.step, 0, 2);
        UNROLL for (int r = 0; r < rows; r++) {
            float number = x[(size_t)r * x_row];
            low[r] += number * a;
            if (!half) high[r] += number * b;
        }
    }
    UNROLL for (int r = 0; r < rows; r++, out += out_row) {
        if (add) low[r] += lane_load(out);
        if (add && !half) high[r] += lane_load(out + LANES);
        lane_store(out, low[r]);
        if (!half) lane_store(out + LANES, high[r]);
    }
}

/* A tile of as many rows as are left: one unrolled loop for each number. */
INLINE void panel_tile_any(int rows, bool half, const PanelTile *t) {
    switch (rows) {
    case 1: panel_tile(1, half, t); break;
    case 2: panel_tile(2, half, t); break;
    case 3: panel_tile(3, half, t); break;
    case 4: panel_tile(4, half, t); break;
    case 5: panel_tile(5, half, t); break;
    case 6: panel_tile(6, half, t); break;
#ifdef __AVX512F__
    case 7: panel_tile(7, half, t); break;
    case 8: panel_tile(8, half, t); break;
    case 9: panel_tile(9, half, t); break;
    case 10: panel_tile(10, half, t); break;
    case 11: panel_tile(11, half, t); break;
    case 12: panel_tile(12, half, t); break;
#endif
    default: assert(rows == 0);
    }
}

static __attribute__((noinline)) void whole_tile(int rows, const PanelTile *t) {
    panel_tile_any(rows, false, t);
}

static __attribute__((noinline)) void half_tile(int rows, const PanelTile *t) {
    panel_tile_any(rows, true, t);
}

/* Columns that fill neither a panel nor half of one: computed aside, and only those that exist are copied. */
static void narrow_tile(int rows, int cols, const PanelTile *t) {
    float sums[PANEL_ROWS * PANEL];
    PanelTile aside = *t;
    aside.out = sums, aside.out_row = PANEL, aside.add = false, aside.bias = NULL;
    if (cols <= LANES) half_tile(rows, &aside);
    else whole_tile(rows, &aside);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++) {
            float *out = t->out + (size_t)r * t->out_row + c, s = sums[r * PANEL + c];
            if (t->bias) s += t->bias[c];
            *out = t->add ? *out + s : s;
        }
}

typedef struct {
    int k, n; /* steps k..k+n-1 */
    bool add; /* to what earlier blocks left, or the caller */
} Block;

/* One tile: rows row.. of out, columns col.., over those steps of the block that it needs. Without any it is still
 * written, with zeros, unless it is added to. */
static void product_tile(const Product *p, Block b, const float *panel, int row, int rows, int col, int cols,
                         Ahead ahead) {
    size_t x_row = p->x_lies ? 1 : (size_t)p->x.stride, x_step = p->x_lies ? (size_t)p->x.stride : 1;
    RowRange needs = needs_of(p, row, rows), steps = {b.k, b.k + b.n};
    if (p->w_lies && (needs.end <= col || needs.first >= col + cols)) return;
    if (!p->w_lies) {
        if (steps.first < needs.first) steps.first = needs.first;
        if (steps.end > needs.end) steps.end = needs.end;
        if (steps.first >= steps.end) steps = (RowRange){b.k, b.k};
    }
    PanelTile t = {
        .out = mat_row(p->out, row) + col,
        .x = p->x.data + (size_t)row * x_row + (size_t)steps.first * x_step,
        .panel = panel + (size_t)(steps.first - b.k) * PANEL,
        .bias = p->bias && !b.add ? p->bias + col : NULL,
        .out_row = (size_t)p->out.stride,
        .x_row = x_row,
        .x_step = x_step,
        .n = (size_t)(steps.end - steps.first),
        .add = b.add,
        .ahead = ahead,
    };
    if (cols == PANEL) whole_tile(rows, &t);
    else if (cols == LANES) half_tile(rows, &t);
    else narrow_tile(rows, cols, &t);
}

/* What some row of out needs of a panel; `needs` is what all rows need together. */
static void fill_panel(float *panel, const Product *p, Block b, RowRange needs, int col, int cols) {
    int first = needs.first > b.k ? needs.first : b.k, end = needs.end < b.k + b.n ? needs.end : b.k + b.n;
    if (!p->w_lies && first < end)
        copy_panel(panel + (size_t)(first - b.k) * PANEL, p->w, col, cols, first, end - first);
    if (p->w_lies && needs.first < col + cols && needs.end > col) turn_panel(panel, p->w, col, cols, b.k, b.n);
}

static void many_rows(const Product *p, Block b) {
    float panel[BLOCK * PANEL] __attribute__((aligned(64)));
    int height = p->out.rows, tiles = (height + PANEL_ROWS - 1) / PANEL_ROWS;
    RowRange needs = needs_of(p, 0, height);
    for (int col = 0; col < p->out.cols; col += PANEL) {
        int cols = p->out.cols - col < PANEL ? p->out.cols - col : PANEL;
        fill_panel(panel, p, b, needs, col, cols);
        for (int tile = 0, row = 0; tile < tiles; tile++) {
            int rows = (height - row + tiles - tile - 1) / (tiles - tile); /* 16 rows are 8 + 8 */
            product_tile(p, b, panel, row, rows, col, cols, ahead_of(p, panel, tile, tiles, col, b.k));
            row += rows;
        }
    }
}

/* k steps are cut into equal blocks of at most BLOCK: how long these are. Without any step there is one empty block,
 * which writes the empty sums. */
static int block_length(int k) {
    int blocks = k > BLOCK ? (k + BLOCK - 1) / BLOCK : 1;
    return ((k + blocks - 1) / blocks + LANES - 1) / LANES * LANES;
}

/* All of a product; add: to what is there. */
static void many_blocks(const Product *p, int k, bool add) {
    int first = 0, length = block_length(k);
    do {
        many_rows(p, (Block){first, k - first < length ? k - first : length, add || first > 0});
    } while ((first += length) < k);
}

void tiles_times_weights(Mat out, Mat x, Mat w, const float *bias) {
    if (x.rows >= MANY_ROWS) {
        many_blocks(&(Product){.out = out, .x = x, .w = w, .bias = bias, .w_lies = true}, x.cols, false);
        return;
    }
    int k = 0, length = block_length(x.cols);
    do {
        few_rows_times(out, x, w, k > 0 ? NULL : bias, k, x.cols - k < length ? x.cols - k : length);
    } while ((k += length) < x.cols);
}

void tiles_times_weights_within(Mat out, Mat x, Mat w, const RowRange *columns) {
    Product p = {.out = out, .x = x, .w = w, .w_lies = true, .needs = columns};
    RowRange all = needs_of(&p, 0, x.rows);
    int count = all.end - all.first;
    if (x.rows >= MANY_ROWS) many_blocks(&p, x.cols, false);
    else if (count > 0) tiles_times_weights(mat_cols(out, all.first, count), x, mat_rows(w, all.first, count), NULL);
}

void tiles_times(Mat out, Mat x, bool x_lies, Mat w, float keep, const RowRange *steps) {
    many_blocks(&(Product){.out = out, .x = x, .w = w, .x_lies = x_lies, .needs = steps}, w.rows, keep == 1);
}

bool tiles_fit_processor(void) {
#if defined(__x86_64__) && !defined(__AVX2__)
    return !__builtin_cpu_supports("avx2");
#else
    return true;
#endif
}
