#include "block_run.h"
#include "attention/mask.h"

extern void block(Mat x, const GptLayer *layer, int heads, Mask mask);

void run_case(void) {
    Mat x = take_mat("x");
    GptLayer layer = take_gpt_layer();
    int heads = (int)take_int();
    Mask mask = {.window = (int)take_int(), .picture = keep_bools("mask.picture", NULL), .tokens = x.rows};
    block(x, &layer, heads, mask);
    hand_mat(x);
}
