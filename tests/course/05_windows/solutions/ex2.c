/* Exercise 05.2: n - context starts are possible, and every stride-th counts: division that rounds up. */
#include "course.h"

size_t count_windows(size_t n, size_t context, size_t stride) {
    if (n <= context) return 0;
    return (n - context + stride - 1) / stride;
}
