/* 10.2: every second column and the diagonal, against the picture in the exercise, rows made of dots, and words as far
 * out as an int reaches. */
#include "judge.h"
#include <limits.h>
#include <string.h>

enum { MOST = 256 };

/* What query i sees of these keys must be `expected`: # or . for each. */
static void check_keys(int i, const int *keys, int n, const char *expected) {
    give_int(i), give_ints(keys, (size_t)n);
    ask();
    size_t size;
    const char *row = got_text(&size);
    check_bytes("the row", row, size, expected, (size_t)n);
}

static void check_from_0(int i, int n, const char *expected) {
    int keys[MOST];
    for (int j = 0; j < n; j++) keys[j] = j;
    check_keys(i, keys, n, expected);
}

/* Row i of n as it should look: "# . # ." with its own cell opened. */
static void check_row(int n, int i) {
    char row[MOST];
    for (int j = 0; j < n; j++) row[j] = "#."[j & 1];
    row[i] = '#', row[n] = 0;
    input("row %d of %d words", i, n);
    check_from_0(i, n, row);
}

/* Each of some far words with all of them. */
static void check_far(void) {
    static const int words[] = {0,     1,     2,      3,       63,          64,          65,     99,    100,
                                127,   128,   129,    255,     256,         257,         511,    512,   1000,
                                1023,  1025,  4097,   32767,   32769,       65535,       65536,  65537, 65539,
                                99999, 99998, 999999, 1000001, INT_MAX - 2, INT_MAX - 1, INT_MAX};
    enum { COUNT = sizeof words / sizeof *words };
    for (int i = 0; i < COUNT; i++) {
        char row[COUNT + 1], *at = row;
        for (int j = 0; j < COUNT; j++) *at++ = i == j || !(words[j] & 1) ? '#' : '.';
        *at = 0;
        input("query %d, and as keys 0 1 2 3 63 64 65 99 100 127 128 129 ... up to %d", words[i], INT_MAX);
        check_keys(words[i], words, COUNT, row);
    }
}

void check(void) {
    static const char *const example[] = {"#.#.", "###.", "#.#.", "#.##"};
    for (int i = 0; i < 4; i++) {
        input("row %d of the example", i);
        check_from_0(i, 4, example[i]);
    }
    for (int n = 1; n <= (hidden() ? 60 : 20); n++)
        for (int i = 0; i < n; i++) check_row(n, i);
    check_row(200, 77), check_row(200, 150);
    input("query 5, and as keys 5 5 4 5 6 7: the same pair has the same answer");
    check_keys(5, (const int[]){5, 5, 4, 5, 6, 7}, 6, "#####.");
    check_far();
}
