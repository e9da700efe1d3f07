#include "model/gpt_block.h"
#include "attention/attention.h"
#include "attention/positions.h"
#include "math/layers_backward.h"
#include "math/vecexp.h"

#include <math.h>
#include <string.h>

float gpt_scale(const Gpt *gpt) {
    return gpt->config.unscaled ? 1 : 1 / sqrtf((float)(gpt->config.width / gpt->config.heads));
}

void gpt_embed(const Gpt *gpt, Mat x, const int *ids, int first) {
    Mat table = gpt->config.positions == GPT_LEARNED ? gpt->weights.places : gpt->sinusoids;
    embedding_forward(x, gpt->weights.words, ids);
    if (table.data && table.rows > 0) positions_add(x, table, first);
}

/* ALiBi: -slope * distance, on the score before it is scaled. Keys behind the query count by their distance. */
static void add_alibi(Mat map, float slope) {
    for (int i = 0; i < map.rows; i++) {
        float *row = mat_row(map, i);
        for (int j = 0; j < map.cols; j++) row[j] -= slope * (float)(j <= i ? i - j : j - i);
    }
}

/* Softmax of rows whose keys are one range each: as attention_softmax, but the mask is not asked for every head. */
static void softmax_ranges(Mat map, float scale, const RowRange *keys) {
    for (int i = 0; i < map.rows; i++) {
        float *row = mat_row(map, i);
        int first = keys[i].first, end = keys[i].end;
        if (first > 0) memset(row, 0, (size_t)first * sizeof *row);
        if (end > first) vec_softmax(row + first, (size_t)(end - first), (size_t)(map.cols - first), scale);
        else memset(row, 0, (size_t)map.cols * sizeof *row);
    }
}

void gpt_map(const Gpt *gpt, Mat map, Mat q, Mat k, int head, Mask mask, const RowRange *keys, bool whole) {
    rows_times_weights_within(map, q, k, keys);
    if (gpt->config.positions == GPT_ALIBI) add_alibi(map, alibi_slope(head, gpt->config.heads) / gpt_scale(gpt));
    if (whole) softmax_ranges(map, gpt_scale(gpt), keys);
    else attention_softmax(map, gpt_scale(gpt), mask);
}
