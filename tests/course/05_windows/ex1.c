/* 05.1: of how many windows a token is an input, counted window by window. */
#include "judge.h"
#include "base/files.h"
#include "text/windows.h"

static double windows_that_read(size_t token, size_t n) {
    Windows w = {NULL, n, 256, 64};
    double count = 0;
    for (size_t i = 0; i < windows_count(w); i++) count += token >= i * w.stride && token < i * w.stride + w.context;
    return count;
}

void check(void) {
    input("data/lamplighter.txt as bytes, context 256, stride 64");
    Bytes text = file_read("data/lamplighter.txt");
    size_t n = text.size;
    bytes_free(&text);
    answer_numbers("windows of byte 1000, of byte 100",
                   (const double[]){windows_that_read(1000, n), windows_that_read(100, n)}, 2, 0);
}
