#include "math/fast/row_tiles.h"
#include "math/fast/few_rows.h"
#include "math/fast/panel_tile.h"

/* Three ways. All cut k into blocks, so that what is used again stays in the cache, and later blocks add to what the
 * first one left.
 *
 * A few rows (math/fast/few_rows): neither x nor w is touched before it is used.
 *
 * Some rows: x is turned into a panel, and w, which is larger by far, is read once and as it lies.
 *
 * Many rows: PANEL rows of w are turned into a panel, which all rows of x meet. Only then is that worth its time; a w
 * that stands, and needs no turning, always goes this way. */
enum { BLOCK = 768, SOME_ROWS = 96 };

/* ALONE and BESIDE: up to how many rows are a few, when they are all and when they are left over by the lanes. LYING
 * rows of w make a tile: no more of them, because where they lie a multiple of 4 KB apart, as those of 1,024 or 3,072
 * numbers do, a cache has eight places for all. Whole tiles make a SQUARE of columns, to be turned in registers. */
#if defined(__AVX512F__)
enum { ALONE = 12, BESIDE = 12, LYING = 8, SQUARE = 16, MANY_WITHIN = 16 };
#elif defined(__AVX__)
enum { ALONE = 8, BESIDE = 4, LYING = 6, SQUARE = 24, MANY_WITHIN = 6 };
#else
enum { ALONE = 4, BESIDE = 2, LYING = 6, SQUARE = 12, MANY_WITHIN = 6 };
#endif

/* k steps are cut into equal blocks of at most BLOCK: how long these are. Without any step there is one empty block,
 * which writes the empty sums. */
static int block_length(int k) {
    int blocks = k > BLOCK ? (k + BLOCK - 1) / BLOCK : 1;
    return ((k + blocks - 1) / blocks + LANES - 1) / LANES * LANES;
}

/* ---- some rows ---- */

/* out (rows, cols) = or += bias + the turned sums [SQUARE][PANEL], which have a line for each column of out. */
static void store_turned(Mat out, const float *sums, const float *bias, bool add) {
    for (int row = 0; row < out.rows; row += LANES)
        for (int col = 0; col < out.cols; col += LANES) {
            Lane square[LANES];
            int lanes = out.cols - col < LANES ? out.cols - col : LANES;
            for (int i = 0; i < LANES; i++) square[i] = lane_load(sums + (size_t)(col + i) * PANEL + row);
            turn_all(square);
            for (int i = 0; i < LANES && row + i < out.rows; i++) {
                float *to = mat_row(out, row + i) + col;
                const float *from = add ? to : bias ? bias + col : NULL;
                if (from && lanes == LANES) square[i] += lane_load(from);
                if (lanes == LANES) lane_store(to, square[i]);
                else
                    for (int l = 0; l < lanes; l++) to[l] = from ? from[l] + square[i][l] : square[i][l];
            }
        }
}

/* A panel of rows or less, over the steps that x and w have: out^T = w x^T. */
static void some_rows(Mat out, Mat x, Mat w, const float *bias, bool add) {
    float panel[BLOCK * PANEL] __attribute__((aligned(64))), sums[SQUARE * PANEL] __attribute__((aligned(64))) = {0};
    int wide = x.rows <= LANES ? LANES : PANEL;
    size_t step = (size_t)w.stride;
    turn_panel(panel, wide, x, 0, x.rows, 0, x.cols);
    for (int col = 0; col < out.cols; col += SQUARE) {
        int cols = out.cols - col < SQUARE ? out.cols - col : SQUARE;
        for (int c = 0; c < cols; c += LYING) {
            const float *lying = mat_row(w, col + c);
            PanelTile t = {.out = sums + (size_t)c * PANEL, .out_row = PANEL, .x = lying, .x_row = step, .x_step = 1,
                           .panel = panel, .n = (size_t)x.cols, .ahead = {lying + LYING * step, 1, 16, step}};
            panel_tile(cols - c < LYING ? cols - c : LYING, wide, &t);
        }
        store_turned(mat_cols(out, col, cols), sums, bias ? bias + col : NULL, add);
    }
}

/* Rows far apart brought together, for the same eight places of a cache; where they are near, none is moved. */
static Mat near_rows(float *room, Mat x) {
    if (x.stride <= BLOCK) return x;
    Mat near = {room, x.rows, x.cols, BLOCK};
    mat_copy(near, x);
    return near;
}

/* Over the steps of one block, which x and w have: the rows that fill lanes go the one way, those left over the other,
 * CHUNK columns at a time, so that their part of w is still in the second-level cache when it is needed again. */
static void some_and_few(Mat out, Mat x, Mat w, const float *bias, bool add) {
    enum { CHUNK = 96 };
    float room[ALONE * BLOCK];
    int over = x.rows % LANES, few = x.rows <= ALONE ? x.rows : over <= BESIDE ? over : 0, some = x.rows - few;
    Mat rest = near_rows(room, mat_rows(x, some, few));
    for (int col = 0; col < out.cols; col += CHUNK) {
        int cols = out.cols - col < CHUNK ? out.cols - col : CHUNK;
        Mat part = mat_cols(out, col, cols), weights = mat_rows(w, col, cols);
        const float *first = bias ? bias + col : NULL;
        for (int row = 0, rows; row < some; row += rows) {
            rows = some - row < PANEL ? some - row : PANEL;
            some_rows(mat_rows(part, row, rows), mat_rows(x, row, rows), weights, first, add);
        }
        if (few) few_rows_times(mat_rows(part, some, few), rest, weights, first, add);
    }
}

/* ---- many rows ---- */

/* out = or += x times w. What lies on its side is said: x (k, rows), or w (cols, k), as the weights of a layer do. */
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
    panel_tile(rows, cols, &t);
}

/* What some row of out needs of a panel; `needs` is what all rows need together. */
static void fill_panel(float *panel, const Product *p, Block b, RowRange needs, int col, int cols) {
    int first = needs.first > b.k ? needs.first : b.k, end = needs.end < b.k + b.n ? needs.end : b.k + b.n;
    if (!p->w_lies && first < end)
        copy_panel(panel + (size_t)(first - b.k) * PANEL, p->w, col, cols, first, end - first);
    if (p->w_lies && needs.first < col + cols && needs.end > col) turn_panel(panel, PANEL, p->w, col, cols, b.k, b.n);
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

/* All of a product; add: to what is there. */
static void many_blocks(const Product *p, int k, bool add) {
    int first = 0, length = block_length(k);
    do {
        many_rows(p, (Block){first, k - first < length ? k - first : length, add || first > 0});
    } while ((first += length) < k);
}

void tiles_times_weights(Mat out, Mat x, Mat w, const float *bias) {
    if (x.rows > SOME_ROWS) {
        many_blocks(&(Product){.out = out, .x = x, .w = w, .bias = bias, .w_lies = true}, x.cols, false);
        return;
    }
    int k = 0, length = block_length(x.cols);
    do {
        int n = x.cols - k < length ? x.cols - k : length;
        some_and_few(out, mat_cols(x, k, n), mat_cols(w, k, n), k > 0 ? NULL : bias, k > 0);
    } while ((k += length) < x.cols);
}

void tiles_times_weights_within(Mat out, Mat x, Mat w, const RowRange *columns) {
    Product p = {.out = out, .x = x, .w = w, .w_lies = true, .needs = columns};
    RowRange all = needs_of(&p, 0, x.rows);
    int count = all.end - all.first;
    if (x.rows >= MANY_WITHIN) many_blocks(&p, x.cols, false);
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
