#include "runner.h"

extern int plan_windows(int n, int context, int stride, int *first, int *fresh);

void run_case(void) {
    int n = (int)take_int(), context = (int)take_int(), stride = (int)take_int();
    int *first = fresh_room("first", (size_t)n, sizeof *first), *fresh = fresh_room("fresh", (size_t)n, sizeof *fresh);
    int count = plan_windows(n, context, stride, first, fresh);
    int shown = count < 0 ? 0 : count < n ? count : n;
    hand_int(count);
    hand_ints(first, (size_t)shown);
    hand_ints(fresh, (size_t)shown);
}
