#include "runner.h"

extern void mix(int *order, int n, Rng *rng);

void run_case(void) {
    Rng rng = rng_seed((uint64_t)take_int());
    for (int used = (int)take_int(); used > 0; used--) rng_bits(&rng);
    const int n = (int)take_int();
    int *order = fresh_room("order", (size_t)n, sizeof *order);
    mix(order, n, &rng);
    hand_ints(order, (size_t)n);
    hand_int(rng_bits(&rng));
}
