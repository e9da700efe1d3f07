/* 05.1: of how many windows a token is an input, counted window by window. */
#include "judge.h"
#include "base/files.h"
#include "text/windows.h"

static double windows_that_read(size_t token, size_t n, size_t stride) {
    Windows w = {NULL, n, 256, stride};
    double count = 0;
    for (size_t i = 0; i < windows_count(w); i++) count += token >= i * w.stride && token < i * w.stride + w.context;
    return count;
}

void check(void) {
    const size_t stride = (size_t)variant_number("stride", 64), early = (size_t)variant_number("early", 100);
    input("data/lamplighter.txt as bytes, context 256, stride %zu", stride);
    Bytes text = file_read("data/lamplighter.txt");
    size_t n = text.size;
    bytes_free(&text);
    const double truth[] = {windows_that_read(1000, n, stride), windows_that_read(early, n, stride)};
    answer_numbers("windows of byte 1000, of the early byte", truth, 2, 0);
}
