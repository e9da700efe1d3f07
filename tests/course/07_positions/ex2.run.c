#include "runner.h"

extern void turn(float *row, int d, int position);

void run_case(void) {
    size_t d;
    float *row = take_floats("row", &d);
    turn(row, (int)d, (int)take_int());
    hand_floats(row, d);
}
