#include "runner.h"

extern void move_wave(float *row, int width, int k);

void run_case(void) {
    size_t width;
    float *row = take_floats("row", &width);
    move_wave(row, (int)width, (int)take_int());
    hand_floats(row, width);
}
