#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize(                                                                                                  \
    "no-ivopts") /* gcc's choice of addresses in the loops below costs 15 to 25% at 4 to 11 rows (gcc 12) */
#endif
#include "math/fast/few_rows.h"
#include "math/fast/lanes.h"

#include <assert.h>

enum { AHEAD = 12, ALONE = 8 }; /* ALONE: columns of a tile whose row is alone, so that memory has enough to bring */
#ifdef __AVX512F__
enum { TILE_ROWS = 8, TILE_COLS = 3 }; /* 24 sums of 32 registers */
#else
enum { TILE_ROWS = 4, TILE_COLS = 2 }; /* 8 sums of 16 registers */
#endif
enum { TILE_SUMS = (TILE_ROWS * TILE_COLS + LANES - 1) / LANES * LANES }; /* in whole folds */

typedef struct {
    float *out;
    const float *x, *w, *bias;       /* bias: of its columns; NULL: none */
    size_t out_step, x_step, w_step; /* from one row to the next */
} Corner;                            /* where a tile begins in each of the matrices */

static Corner corner(Mat out, Mat x, Mat w, const float *bias, int row, int col) {
    return (Corner){mat_row(out, row) + col, mat_row(x, row),  mat_row(w, col),   bias ? bias + col : NULL,
                    (size_t)out.stride,      (size_t)x.stride, (size_t)w.stride};
}

/* The last steps of k, which fill no lane. Out of line: a copy in each of the unrolled sums below costs clang half a
 * minute. */
static __attribute__((noinline)) float last_steps(const float *x, const float *w, size_t n) {
    float sum = 0;
    for (size_t j = 0; j < n; j++) sum += x[j] * w[j];
    return sum;
}

/* out (rows, cols) = or += x w^T over n steps of k. The rows of w are about as long as a page, where the processor's
 * own read-ahead stops, so rows to come are asked for by name: AHEAD rows in front, into the second-level cache,
 * because the first is full of x. That is a quarter of the time at 8 rows; a tile in front, or into the first level,
 * gains nothing. */
INLINE void tile(int rows, int cols, Corner at, size_t n, bool add) {
    Lane sum[TILE_SUMS] = {0};
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        Lane w[ALONE];
        for (int c = 0; c < cols; c++) {
            w[c] = lane_load(at.w + (size_t)c * at.w_step + k);
            __builtin_prefetch(at.w + (size_t)(c + AHEAD) * at.w_step + k, 0, 2);
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
            if (at.bias) s += at.bias[c];
            *out = add ? *out + s : s;
        }
}

/* A tile of `rows` x `cols` known only now: one unrolled loop for each size that occurs. */
INLINE void tile_any(int rows, int cols, Corner at, size_t n, bool add) {
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

void few_rows_times(Mat out, Mat x, Mat w, const float *bias, bool add) {
    size_t n = (size_t)x.cols;
    for (int col = 0; col < out.cols;) {
        int most = x.rows == 1 ? ALONE : TILE_COLS, cols = out.cols - col >= most ? most : 1;
        for (int row = 0, tiles = (x.rows + TILE_ROWS - 1) / TILE_ROWS, rows; tiles > 0; tiles--, row += rows) {
            rows = (x.rows - row + tiles - 1) / tiles; /* 9 rows are 5 + 4 */
            Corner at = corner(out, x, w, bias, row, col);
            if (cols == ALONE) tile(1, ALONE, at, n, add);
            else if (cols == TILE_COLS) tile_any(rows, TILE_COLS, at, n, add);
            else tile_any(rows, 1, at, n, add);
        }
        col += cols;
    }
}
