/* 20.3: numbers, two bytes each, four letters for three bytes. */
#include "judge.h"

void check(void) {
    input("12 layers, 12 heads, 128 tokens, 64 columns; q and k; int16; base64");
    answer_number("letters", 2.0 * 12 * 12 * 128 * 64 * 2 / 3 * 4, 0);
}
