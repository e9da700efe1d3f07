#include "runner.h"

extern int best_pair(const int *ids, int n);

void run_case(void) {
    const int *ids = keep_ints("ids", NULL);
    hand_int(best_pair(ids, (int)take_int()));
}
