#include "attention/order.h"
#include "attention/divergence.h"
#include "base/memory.h"

#include <math.h>

static double mean_moved(double *rows, Mat a, Mat b) {
    double sum = 0;
    map_row_divergence(rows, a, b);
    for (int i = 0; i < a.rows; i++) sum += rows[i];
    return sum / a.rows / log(2);
}

OrderTest order_test(Mat a, Mat b, const int *from, Mat back) {
    const double clearly = 0.8;
    double *rows = memory_new((size_t)a.rows, sizeof *rows, "the order test");
    for (int i = 0; i < b.rows; i++)
        for (int j = 0; j < b.cols; j++) mat_row(back, from[i])[from[j]] = mat_at(b, i, j);
    OrderTest test = {.by_place = mean_moved(rows, a, b), .by_word = mean_moved(rows, a, back)};
    if (test.by_word < clearly * test.by_place) test.follows = FOLLOWS_WORDS;
    else if (test.by_place < clearly * test.by_word) test.follows = FOLLOWS_PLACES;
    memory_free(rows);
    return test;
}
