#include "attention/order.h"
#include "attention/divergence.h"
#include "base/memory.h"

#include <math.h>

OrderTest order_test(Mat a, Mat b, const int *from, Mat back) {
    const double clearly = 0.8;
    double *rows = memory_new((size_t)a.rows, sizeof *rows, "the order test");
    for (int i = 0; i < b.rows; i++)
        for (int j = 0; j < b.cols; j++) mat_row(back, from[i])[from[j]] = mat_at(b, i, j);
    OrderTest test = {.by_place = map_divergence(rows, a, b) / log(2),
                      .by_word = map_divergence(rows, a, back) / log(2)};
    if (test.by_word < clearly * test.by_place) test.follows = FOLLOWS_WORDS;
    else if (test.by_place < clearly * test.by_word) test.follows = FOLLOWS_PLACES;
    memory_free(rows);
    return test;
}
