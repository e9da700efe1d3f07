#include "model/gpt_block.h"
#include "attention/attention.h"
#include "attention/positions.h"
#include "math/layers_backward.h"

#include <math.h>

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

void gpt_map(const Gpt *gpt, Mat map, Mat q, Mat k, int head, Mask mask, const RowRange *keys, bool whole) {
    rows_times_weights_within(map, q, k, keys);
    if (gpt->config.positions == GPT_ALIBI) add_alibi(map, alibi_slope(head, gpt->config.heads) / gpt_scale(gpt));
    if (!whole) attention_softmax(map, gpt_scale(gpt), mask);
    for (int i = 0; whole && i < map.rows; i++) /* the same, but the mask is not asked for every head */
        attention_softmax_range(mat_row(map, i), map.cols, gpt_scale(gpt), keys[i]);
}
