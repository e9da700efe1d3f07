#include "show/pool.h"
#include "base/memory.h"
#include "show/numbers.h"

#include <math.h>

/* Names and numbers of the blocks that begin at 0, block, 2 * block, ... */
static const char *const *names_of_blocks(const char *const *names, int n, int block, void **owned) {
    int blocks = (n + block - 1) / block;
    char **few = memory_new((size_t)blocks, sizeof *few, "names");
    for (int i = 0; i < blocks; i++)
        few[i] = names ? text_format("%s", names[i * block]) : text_format("%d", i * block);
    *owned = few;
    return (const char *const *)few;
}

static void pool_cell(Pool *pool, bool *hidden, Mat m, const bool *was_hidden, int i, int j) {
    float best = 0;
    bool seen = false;
    for (int row = i * pool->block; row < m.rows && row < (i + 1) * pool->block; row++) {
        for (int col = j * pool->block; col < m.cols && col < (j + 1) * pool->block; col++) {
            if (cell_hidden(was_hidden, m, row, col)) continue;
            float value = mat_at(m, row, col);
            if (!seen || fabsf(value) > fabsf(best)) best = value;
            seen = true;
        }
    }
    mat_row(pool->m, i)[j] = best;
    if (hidden) hidden[(size_t)i * (size_t)pool->m.cols + (size_t)j] = !seen;
}

Pool pool_new(Mat m, const bool *hidden, const char *const *from, const char *const *to, int most) {
    int longest = m.rows > m.cols ? m.rows : m.cols, block = (longest + most - 1) / most;
    Pool pool = {m, hidden, from, to, block, {NULL}};
    if (block <= 1) {
        pool.block = 1;
        return pool;
    }
    pool.m = mat_new((m.rows + block - 1) / block, (m.cols + block - 1) / block);
    size_t cells = (size_t)pool.m.rows * (size_t)pool.m.cols;
    bool *few_hidden = hidden ? memory_new(cells, sizeof *few_hidden, "a mask") : NULL;
    for (int i = 0; i < pool.m.rows; i++)
        for (int j = 0; j < pool.m.cols; j++) pool_cell(&pool, few_hidden, m, hidden, i, j);
    pool.hidden = few_hidden;
    pool.owned[0] = few_hidden;
    pool.from = names_of_blocks(from, m.rows, block, &pool.owned[1]);
    pool.to = names_of_blocks(to, m.cols, block, &pool.owned[2]);
    return pool;
}

void pool_free(Pool *pool) {
    if (pool->block > 1) {
        for (int i = 0; i < pool->m.rows; i++) memory_free(((char **)pool->owned[1])[i]);
        for (int j = 0; j < pool->m.cols; j++) memory_free(((char **)pool->owned[2])[j]);
        for (int i = 0; i < 3; i++) memory_free(pool->owned[i]);
        mat_free(&pool->m);
    }
    *pool = (Pool){0};
}

void pool_columns(Mat out, Mat m) {
    for (int i = 0; i < m.rows; i++) {
        for (int j = 0; j < out.cols; j++) {
            int first = (int)((long)j * m.cols / out.cols), end = (int)((long)(j + 1) * m.cols / out.cols);
            float best = mat_at(m, i, first);
            for (int col = first + 1; col < end; col++)
                if (fabsf(mat_at(m, i, col)) > fabsf(best)) best = mat_at(m, i, col);
            mat_row(out, i)[j] = best;
        }
    }
}
