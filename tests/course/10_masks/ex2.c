/* 10.2: every second column and the diagonal, against the picture in the exercise and rows made of dots. */
#include "judge.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

extern bool columns_allow(int i, int j);

/* Row i of n as it should look: "# . # ." with its own cell opened. */
static void check_row(int n, int i) {
    char row[256], got[256];
    for (int j = 0; j < n; j++) row[j] = "#."[j & 1];
    row[i] = '#';
    input("row %d of %d words", i, n);
    for (int j = 0; j < n; j++) got[j] = columns_allow(i, j) ? '#' : '.';
    got[n] = row[n] = 0;
    check_text("the row", got, row);
}

void check(void) {
    static const char *const example[] = {"#.#.", "###.", "#.#.", "#.##"};
    for (int i = 0; i < 4; i++) {
        char got[5] = "";
        input("row %d of the example", i);
        for (int j = 0; j < 4; j++) got[j] = columns_allow(i, j) ? '#' : '.';
        check_text("the row", got, example[i]);
    }
    for (int n = 1; n <= (hidden() ? 60 : 20); n++)
        for (int i = 0; i < n; i++) check_row(n, i);
    input("query 3, keys near the largest int");
    check_bool("columns_allow(3, INT_MAX)", columns_allow(3, INT_MAX), false);
    check_bool("columns_allow(3, INT_MAX - 1)", columns_allow(3, INT_MAX - 1), true);
    check_bool("columns_allow(INT_MAX, INT_MAX)", columns_allow(INT_MAX, INT_MAX), true);
}
