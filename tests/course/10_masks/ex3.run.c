#include "runner.h"

extern void bigbird_mask(bool *allowed, int n, int size, const int *random);

void run_case(void) {
    const int n = (int)take_int(), size = (int)take_int(), *random = keep_ints("random", NULL);
    const size_t cells = (size_t)n * (size_t)n;
    bool *allowed = fresh_room("allowed", cells, sizeof *allowed);
    char *picture = fresh_room("picture", cells, 1);
    for (size_t i = 0; i < cells; i++) allowed[i] = i % 3 == 0; /* what was there before must not matter */
    bigbird_mask(allowed, n, size, random);
    for (size_t i = 0; i < cells; i++) picture[i] = allowed[i] ? '#' : '.';
    hand_text(picture, cells);
}
