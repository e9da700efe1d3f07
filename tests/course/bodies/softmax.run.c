/* Scores to weights under a mask, in place. */
#include "runner.h"
#include "bodies/masks.h"

void run_case(void) {
    const Mask mask = mask_from_numbers(keep_ints("mask", NULL));
    const float scale = (float)take_double();
    Mat scores = take_mat("scores");
    attention_softmax(scores, scale, mask);
    hand_mat(scores);
}
