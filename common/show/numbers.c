#include "show/numbers.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* printf would be the slowest part of a grid of 144 heads, and follows the locale. */
static size_t write_fixed(char *out, double value, int decimals) {
    static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    int64_t units = llround(fabs(value) * (double)powers[decimals]), whole = units / powers[decimals];
    int64_t part = units % powers[decimals];
    size_t length = 0;
    char digits[24];
    int n = 0;
    if (value < 0 && units > 0) out[length++] = '-';
    do digits[n++] = (char)('0' + whole % 10);
    while ((whole /= 10) > 0);
    while (n > 0) out[length++] = digits[--n];
    if (part == 0) return length;
    out[length++] = '.';
    for (int d = decimals - 1; part > 0; d--) {
        out[length++] = (char)('0' + part / powers[d]);
        part %= powers[d];
    }
    return length;
}

void data_number(String *data, double value, int decimals) {
    char text[64];
    size_t length;
    assert(decimals <= 6);
    if (isnan(value)) {
        string_add_bytes(data, "NaN", 3);
        return;
    }
    if (decimals >= 0 && fabs(value) < 1e9) {
        length = write_fixed(text, value, decimals);
    } else {
        length = (size_t)snprintf(text, sizeof text, "%.7g", value == 0 ? 0 : value); /* not -0 */
        for (size_t i = 0; i < length; i++)
            if (!strchr("+-0123456789einf", text[i])) text[i] = '.'; /* the locale's decimal comma */
    }
    string_add_bytes(data, text, length);
}

int data_decimals(double most) {
    int decimals = most > 0 && isfinite(most) ? 4 - (int)floor(log10(most)) : 4;
    return decimals > 6 ? -1 : decimals < 0 ? 0 : decimals;
}

void data_matrix(String *data, Mat m, const bool *hidden, int decimals) {
    for (int i = 0; i < m.rows; i++) {
        for (int j = 0; j < m.cols; j++) {
            if (j) string_add_bytes(data, " ", 1);
            data_number(data, cell_hidden(hidden, m, i, j) ? (double)NAN : (double)mat_at(m, i, j), decimals);
        }
        string_add_bytes(data, "\n", 1);
    }
}
