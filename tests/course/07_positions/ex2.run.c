#include "runner.h"

extern void turn(float *head, int d, int position);

void run_case(void) {
    size_t d;
    float *head = take_floats("head", &d);
    turn(head, (int)d, (int)take_int());
    hand_floats(head, d);
}
