#include "runner.h"

extern int merge_pair(int *ids, int n, int left, int right, int token);

void run_case(void) {
    size_t room;
    int *ids = take_ints("ids", &room);
    const int n = (int)take_int(), left = (int)take_int(), right = (int)take_int(), token = (int)take_int();
    hand_int(merge_pair(ids, n, left, right, token));
    hand_ints(ids, room);
}
