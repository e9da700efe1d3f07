/* 01.2: UTF-8 written by hand, against utf8proc on the edges of each length and on random characters. */
#include "judge.h"
#include <stdint.h>
#include <stdio.h>
#include <utf8proc.h>

enum { ROOM = 4 };

static bool is_surrogate(int32_t character) {
    return character >= 0xD800 && character <= 0xDFFF;
}

static void check_one(int32_t character) {
    unsigned char expected[ROOM] = {0};
    int length = (int)utf8proc_encode_char(character, expected);
    input("the character U+%04X", (unsigned)character);
    give_int(character);
    ask();
    check_int("the number of bytes", got_int(), length);
    const int *got = got_ints(ROOM);
    for (int i = 0; i < length; i++) {
        char name[40];
        snprintf(name, sizeof name, "out[%d]", i);
        check_int(name, got[i], expected[i]);
    }
}

void check(void) {
    static const int32_t edges[] = {0xF1,   'A',    0,      0x7F,   0x80,    0x7FF,   0x800,   0x20AC,
                                    0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x1F642, 0x10FFFF};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) check_one(edges[i]);
    for (int32_t bit = 1; bit <= 0x100000; bit <<= 1)
        for (int32_t character = bit - 1; character <= bit + 1; character++) check_one(character);
    for (int32_t character = 0xFF; character <= 0x10FFFF; character += 0x100)
        if (!is_surrogate(character)) check_one(character);
    Rng rng = check_rng();
    for (int i = 0; i < 2000; i++) {
        int32_t character = (int32_t)((rng_bits(&rng) % 0x110000) >> rng_bits(&rng) % 15);
        if (!is_surrogate(character)) check_one(character);
    }
}
