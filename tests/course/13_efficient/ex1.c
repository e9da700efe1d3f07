/* 13.1: tiles with an allowed cell, asked cell by cell. */
#include "judge.h"
#include "attention/mask.h"

void check(void) {
    enum { N = 512, SIDE = 32 };
    const int window = (int)variant_number("window", 40);
    input("512 tokens, local, window %d, tiles of 32 x 32", window);
    Mask mask = {.window = window + 1};
    int tiles = 0;
    for (int top = 0; top < N; top += SIDE)
        for (int left = 0; left < N; left += SIDE) {
            bool open = false;
            for (int i = top; i < top + SIDE; i++)
                for (int j = left; j < left + SIDE; j++) open |= mask_allows(mask, i, j);
            tiles += open;
        }
    answer_number("tiles", tiles, 0);
}
