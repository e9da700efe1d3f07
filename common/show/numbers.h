/* numbers - numbers as text for data files: '.' as the decimal point whatever the locale, no digits that say nothing,
 * and fast: a grid of 144 heads is a hundred thousand of them. gnuplot reads "NaN" as a hole. */
#ifndef SHOW_NUMBERS_H
#define SHOW_NUMBERS_H
#include "base/memory.h"
#include "math/mat.h"
#include <stdbool.h>

/* Appends the value with at most `decimals` decimals (0..6) and no zeros at its end; -1: seven significant digits. */
void data_number(String *data, double value, int decimals);

/* How many decimals show about five digits of values up to `most`: for the `decimals` above; -1 for very small ones. */
int data_decimals(double most);

/* Does hidden [m.rows * m.cols] hide the cell? NULL hides none. */
static inline bool cell_hidden(const bool *hidden, Mat m, int i, int j) {
    return hidden && hidden[(size_t)i * (size_t)m.cols + (size_t)j];
}

/* Appends m, a line a row. Hidden cells are "NaN". */
void data_matrix(String *data, Mat m, const bool *hidden, int decimals);
#endif
