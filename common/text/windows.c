#include "text/windows.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

size_t windows_count(Windows windows) {
    assert(windows.context >= 1 && windows.stride >= 1);
    if (windows.n <= windows.context) return 0;
    return (windows.n - windows.context - 1) / windows.stride + 1;
}

const int *windows_input(Windows windows, size_t w) {
    assert(w < windows_count(windows));
    return windows.ids + w * windows.stride;
}

const int *windows_target(Windows windows, size_t w) {
    return windows_input(windows, w) + 1;
}

size_t windows_batches(size_t count, size_t size, bool drop_last) {
    assert(size >= 1);
    return count / size + (!drop_last && count % size != 0);
}

Epoch epoch_new(size_t count, Rng *rng) {
    if (count > INT_MAX) fail(EXIT_DATA, "%zu windows (expected at most %d). Try: a larger stride", count, INT_MAX);
    Epoch epoch = {memory_new(count, sizeof *epoch.order, "the order of windows"), count};
    for (size_t i = 0; i < count; i++) epoch.order[i] = (int)i;
    if (rng) rng_shuffle_epoch(rng, epoch.order, (int)count);
    return epoch;
}

void epoch_free(Epoch *epoch) {
    memory_free(epoch->order);
    *epoch = (Epoch){0};
}

size_t windows_batch(Windows windows, const Epoch *epoch, size_t b, size_t size, int *inputs, int *targets) {
    size_t first = b * size, rows = 0;
    for (; rows < size && first + rows < epoch->count; rows++) {
        size_t w = (size_t)epoch->order[first + rows];
        memcpy(inputs + rows * windows.context, windows_input(windows, w), windows.context * sizeof(int));
        memcpy(targets + rows * windows.context, windows_target(windows, w), windows.context * sizeof(int));
    }
    return rows;
}

size_t split_at(size_t n, double share) {
    assert(share >= 0 && share <= 1);
    size_t at = (size_t)((double)n * share);
    return at < n ? at : n;
}

size_t split_offset(const char *text, size_t size, size_t characters) {
    size_t at = 0;
    while (at < size && characters-- > 0) utf8_next(text, size, &at);
    return at;
}
