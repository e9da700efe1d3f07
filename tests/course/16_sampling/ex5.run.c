#include "runner.h"

extern int longest_shared_run(const int *a, int n, const int *b, int m, int *end);

void run_case(void) {
    size_t n, m;
    const int *a = keep_ints("a", &n), *b = keep_ints("b", &m);
    int *end = fresh_room("end", 1, sizeof *end);
    hand_int(longest_shared_run(a, (int)n, b, (int)m, end));
    hand_int(*end);
}
