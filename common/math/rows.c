#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize(                                                                                                  \
    "no-ivopts") /* gcc's choice of addresses in the loops below costs 15 to 25% at 4 to 11 rows (gcc 12) */
#endif
#include "math/rows.h"
#include "math/lanes.h"

#include <assert.h>

/* Two ways, one result. Both cut k into blocks, so that a block of x stays in the first-level cache while the rows of
 * w stream past it, and later blocks add to what the first one left.
 *
 * Few rows: w is read once, straight on the file's own layout. A tile holds rows x columns sums in registers, each
 * spread over the lanes of k, so the loop over k has only loads and multiply-adds. Folding the lanes together at the
 * end is the price, and it is paid per sum: with many rows it grows.
 *
 * Many rows: PANEL rows of w are turned into a panel first (k down, columns across). Then one step of k loads two
 * vectors of the panel and multiplies them by one number of each row of x: nothing to fold. It pays from about a dozen
 * rows on. */
enum { BLOCK = 768, PANEL = 2 * LANES, AHEAD = 4 };
#ifdef __AVX512F__
enum { TILE_ROWS = 8, TILE_COLS = 3, PANEL_ROWS = 12, MANY_ROWS = 16 }; /* 24 sums of 32 registers */
#else
enum { TILE_ROWS = 4, TILE_COLS = 2, PANEL_ROWS = 6, MANY_ROWS = 6 }; /* 8 and 12 sums of 16 registers */
#endif
enum { TILE_SUMS = (TILE_ROWS * TILE_COLS + LANES - 1) / LANES * LANES }; /* in whole folds */

typedef struct {
    float *out;
    const float *x, *w;
    size_t out_step, x_step, w_step; /* from one row to the next */
} Corner;                            /* where a tile begins in each of the three matrices */

static Corner corner(Mat out, Mat x, Mat w, int row, int col, int k) {
    return (Corner){mat_row(out, row) + col, mat_row(x, row) + k, mat_row(w, col) + k,
                    (size_t)out.stride,      (size_t)x.stride,    (size_t)w.stride};
}

/* ---- few rows ---- */

/* The last steps of k, which fill no lane. Out of line: a copy in each of the unrolled sums below costs clang half a
 * minute. */
static __attribute__((noinline)) float last_steps(const float *x, const float *w, size_t n) {
    float sum = 0;
    for (size_t j = 0; j < n; j++) sum += x[j] * w[j];
    return sum;
}

/* out (rows, cols) = or += x w^T over n steps of k. The rows of w are about as long as a page, where the processor's
 * own read-ahead stops, so rows to come are asked for by name: AHEAD tiles in front, into the second-level cache,
 * because the first is full of x. That is a quarter of the time at 8 rows; one tile in front, or into the first level,
 * gains nothing. */
INLINE void tile(int rows, int cols, Corner at, size_t n, int add) {
    Lane sum[TILE_SUMS] = {0};
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        Lane w[TILE_COLS];
        for (int c = 0; c < cols; c++) {
            w[c] = lane_load(at.w + (size_t)c * at.w_step + k);
            __builtin_prefetch(at.w + (size_t)(c + AHEAD * cols) * at.w_step + k, 0, 2);
        }
        for (int r = 0; r < rows; r++) {
            Lane x = lane_load(at.x + (size_t)r * at.x_step + k);
            for (int c = 0; c < cols; c++) sum[r * cols + c] += x * w[c];
        }
    }
    float total[TILE_SUMS];
    for (int i = 0; i < rows * cols; i += LANES) lane_store(total + i, fold_all(sum + i));
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++) {
            float *out = at.out + (size_t)r * at.out_step + c, s = total[r * cols + c];
            if (k < n) s += last_steps(at.x + (size_t)r * at.x_step + k, at.w + (size_t)c * at.w_step + k, n - k);
            *out = add ? *out + s : s;
        }
}

/* A tile of `rows` x `cols` known only now: one unrolled loop for each size that occurs. */
INLINE void tile_any(int rows, int cols, Corner at, size_t n, int add) {
    switch (rows) {
    case 1: tile(1, cols, at, n, add); break;
    case 2: tile(2, cols, at, n, add); break;
    case 3: tile(3, cols, at, n, add); break;
    case 4: tile(4, cols, at, n, add); break;
#ifdef __AVX512F__
    case 5: tile(5, cols, at, n, add); break;
    case 6: tile(6, cols, at, n, add); break;
    case 7: tile(7, cols, at, n, add); break;
    case 8: tile(8, cols, at, n, add); break;
#endif
    default: assert(rows == 0);
    }
}

static void few_rows(Mat out, Mat x, Mat w, int first, int end, int k, int n) {
    for (int col = first; col < end;) {
        int cols = end - col >= TILE_COLS ? TILE_COLS : 1;
        for (int row = 0; row < x.rows; row += TILE_ROWS) {
            int rows = x.rows - row < TILE_ROWS ? x.rows - row : TILE_ROWS;
            Corner at = corner(out, x, w, row, col, k);
            if (cols == TILE_COLS) tile_any(rows, TILE_COLS, at, (size_t)n, k > 0);
            else tile_any(rows, 1, at, (size_t)n, k > 0);
        }
        col += cols;
    }
}

/* ---- many rows ---- */

/* panel[j * PANEL + c] = w[col + c][k + j] for j < n, and zeros where w has no such row: `cols` of them exist. Squares
 * of LANES x LANES numbers are turned in registers: each line of the cache is read once and written once. */
static void make_panel(float *panel, Mat w, int col, int cols, int k, int n) {
    for (int c = 0; c < PANEL; c += LANES) {
        int j = 0;
        for (; c + LANES <= cols && j + LANES <= n; j += LANES) {
            Lane square[LANES];
            for (int i = 0; i < LANES; i++) square[i] = lane_load(mat_row(w, col + c + i) + k + j);
            turn_all(square);
            for (int i = 0; i < LANES; i++) lane_store(panel + (size_t)(j + i) * PANEL + c, square[i]);
        }
        for (; j < n; j++)
            for (int i = c; i < c + LANES; i++)
                panel[(size_t)j * PANEL + (size_t)i] = i < cols ? mat_row(w, col + i)[k + j] : 0;
    }
}

/* What the cache is asked for while a tile computes: a share of the rows of w that the next panel is made from, one
 * number of one row at each step, the rows taking turns. A line of the cache holds 16 numbers, so no line is missed
 * with up to 16 rows. Reading and computing then overlap. */
typedef struct {
    const float *at; /* in the first row of the share */
    size_t rows;     /* a power of two */
    size_t step;     /* from one row to the next */
} Ahead;

/* out (rows, PANEL) = or += x times the panel, over n steps of k. */
INLINE void panel_tile(int rows, Corner at, const float *panel, size_t n, int add, Ahead ahead) {
    Lane low[PANEL_ROWS] = {0}, high[PANEL_ROWS] = {0};
    for (size_t j = 0; j < n; j++) {
        Lane a = lane_load(panel + j * PANEL), b = lane_load(panel + j * PANEL + LANES);
        __builtin_prefetch(ahead.at + (j & (ahead.rows - 1)) * ahead.step + j, 0, 2);
        for (int r = 0; r < rows; r++) {
            float x = at.x[(size_t)r * at.x_step + j];
            low[r] += x * a;
            high[r] += x * b;
        }
    }
    for (int r = 0; r < rows; r++) {
        float *out = at.out + (size_t)r * at.out_step;
        if (add) low[r] += lane_load(out), high[r] += lane_load(out + LANES);
        lane_store(out, low[r]);
        lane_store(out + LANES, high[r]);
    }
}

/* A tile of as many rows as are left: one unrolled loop for each number. */
static void panel_tile_any(int rows, Corner at, const float *panel, size_t n, int add, Ahead ahead) {
    switch (rows) {
    case 1: panel_tile(1, at, panel, n, add, ahead); break;
    case 2: panel_tile(2, at, panel, n, add, ahead); break;
    case 3: panel_tile(3, at, panel, n, add, ahead); break;
    case 4: panel_tile(4, at, panel, n, add, ahead); break;
    case 5: panel_tile(5, at, panel, n, add, ahead); break;
    case 6: panel_tile(6, at, panel, n, add, ahead); break;
#ifdef __AVX512F__
    case 7: panel_tile(7, at, panel, n, add, ahead); break;
    case 8: panel_tile(8, at, panel, n, add, ahead); break;
    case 9: panel_tile(9, at, panel, n, add, ahead); break;
    case 10: panel_tile(10, at, panel, n, add, ahead); break;
    case 11: panel_tile(11, at, panel, n, add, ahead); break;
    case 12: panel_tile(12, at, panel, n, add, ahead); break;
#endif
    default: assert(rows == 0);
    }
}

/* The last columns, fewer than a panel: computed aside, and only those that exist are copied. */
static void narrow_tile(int rows, int cols, Corner at, const float *panel, size_t n, int add, Ahead ahead) {
    float sums[PANEL_ROWS * PANEL];
    Corner aside = at;
    aside.out = sums, aside.out_step = PANEL;
    panel_tile_any(rows, aside, panel, n, 0, ahead);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < cols; c++) {
            float *out = at.out + (size_t)r * at.out_step + c, s = sums[r * PANEL + c];
            *out = add ? *out + s : s;
        }
}

static void many_rows(Mat out, Mat x, Mat w, int first, int end, int k, int n) {
    float panel[BLOCK * PANEL] __attribute__((aligned(64)));
    int tiles = (x.rows + PANEL_ROWS - 1) / PANEL_ROWS, each = (x.rows + tiles - 1) / tiles; /* 16 rows are 8 + 8 */
    size_t share = 1;
    while (share * (size_t)tiles < PANEL) share *= 2;
    for (int col = first; col < end; col += PANEL) {
        int cols = end - col < PANEL ? end - col : PANEL;
        make_panel(panel, w, col, cols, k, n);
        Ahead ahead = {mat_row(w, col + cols < w.rows ? col + cols : col) + k, share, (size_t)w.stride};
        for (int row = 0; row < x.rows; row += each) {
            int rows = x.rows - row < each ? x.rows - row : each;
            Corner at = corner(out, x, w, row, col, k);
            if (cols == PANEL) panel_tile_any(rows, at, panel, (size_t)n, k > 0, ahead);
            else narrow_tile(rows, cols, at, panel, (size_t)n, k > 0, ahead);
            ahead.at += share * ahead.step;
        }
    }
}

void rows_times_weights(Mat out, Mat x, Mat w, int first, int end) {
    assert(out.rows == x.rows && out.cols == w.rows && x.cols == w.cols && first >= 0 && end <= w.rows);
    if (x.cols == 0) mat_fill(mat_cols(out, first, end - first), 0); /* empty sums: no block would write them */
    for (int k = 0; k < x.cols; k += BLOCK) {
        int n = x.cols - k < BLOCK ? x.cols - k : BLOCK;
        if (x.rows < MANY_ROWS) few_rows(out, x, w, first, end, k, n);
        else many_rows(out, x, w, first, end, k, n);
    }
}
