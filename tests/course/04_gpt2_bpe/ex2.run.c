#include "runner.h"
#include "text/bpe.h"

extern size_t merge_all(int *ids, size_t n, const BpeMerge *merges, int count);

_Static_assert(sizeof(BpeMerge) == 3 * sizeof(int), "a rule is three ints: left, right, made");

void run_case(void) {
    size_t room, numbers;
    int *ids = take_ints("ids", &room);
    const size_t n = (size_t)take_int();
    const BpeMerge *merges = (const BpeMerge *)keep_ints("merges", &numbers);
    hand_int((long long)merge_all(ids, n, merges, (int)numbers / 3));
    hand_ints(ids, room);
}
