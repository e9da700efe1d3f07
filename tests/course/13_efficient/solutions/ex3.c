/* Exercise 13.3: a tile of a band. */
#include "course.h"

int judge_tile(long long top, long long left, long long size, long long radius) {
    long long smallest = top - (left + size - 1), largest = top + size - 1 - left; /* of query - key */
    if (largest < -radius || smallest > radius) return 0;
    return smallest >= -radius && largest <= radius ? 2 : 1;
}
