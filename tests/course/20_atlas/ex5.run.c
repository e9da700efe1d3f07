#include "attention/mask.h"
#include "runner.h"

extern void who_is_looked_at(int n, const float *map, Mask mask, float *received);

void run_case(void) {
    const Mask masks[] = {{0}, {.causal = true}, {.window = 2}, {.window = 2, .global = 1}, {.valid = 2}, {.chunk = 3}};
    int n = (int)take_int(), which = (int)take_int();
    const float *map = keep_floats("map", NULL);
    float *received = fresh_room("received", (size_t)n, sizeof *received);
    who_is_looked_at(n, map, masks[which], received);
    hand_floats(received, (size_t)n);
}
