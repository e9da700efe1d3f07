#include "block_run.h"

extern void decoder_block(Mat x, const GptLayer *layer, int heads);

void run_case(void) {
    Mat x = take_mat("x");
    GptLayer layer = take_gpt_layer();
    decoder_block(x, &layer, (int)take_int());
    hand_mat(x);
}
