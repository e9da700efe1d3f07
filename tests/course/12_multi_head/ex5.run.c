#include "block_run.h"
#include "attention/mask.h"

extern void multi_head(Mat out, Mat x, Linear query, Linear key, Linear value, Linear mix, int heads, Mask mask);

void run_case(void) {
    Mat x = keep_mat("x");
    Linear query = take_linear("query.weight", "query.bias"), key = take_linear("key.weight", "key.bias");
    Linear value = take_linear("value.weight", "value.bias"), mix = take_linear("mix.weight", "mix.bias");
    int heads = (int)take_int();
    Mask mask = {.causal = take_int() != 0};
    mask.window = (int)take_int(), mask.picture = keep_bools("mask.picture", NULL), mask.tokens = x.rows;
    Mat out = fresh_mat("out", x.rows, x.cols);
    multi_head(out, x, query, key, value, mix, heads, mask);
    hand_mat(out);
}
