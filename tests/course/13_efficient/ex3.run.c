#include "runner.h"

extern int judge_tile(long long top, long long left, long long size, long long radius);

void run_case(void) {
    const long long top = take_int(), left = take_int(), size = take_int(), radius = take_int();
    hand_int(judge_tile(top, left, size, radius));
}
