#include "runner.h"

extern bool columns_allow(int i, int j);

void run_case(void) {
    size_t n;
    const int i = (int)take_int(), *keys = keep_ints("keys", &n);
    char *row = fresh_room("row", n, 1);
    for (size_t k = 0; k < n; k++) row[k] = columns_allow(i, keys[k]) ? '#' : '.';
    hand_text(row, n);
}
