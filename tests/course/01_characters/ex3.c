/* 01.3: the number of characters, on texts that are put together from a known number of them. */
#include "judge.h"
#include "base/memory.h"
#include "text/utf8.h"

static void check_one(const char *bytes, size_t size, size_t characters) {
    if (size < 200) input("the %zu bytes of `%.*s`", size, (int)size, bytes);
    else input("%zu bytes", size);
    give_text(bytes, size);
    ask();
    check_size("count_characters", (size_t)got_int(), characters);
}

/* A character whose code point has as many bits as it happens: short and long ones come equally often. */
static int32_t any_character(Rng *rng) {
    int32_t character = (int32_t)((rng_bits(rng) % 0x110000) >> rng_bits(rng) % 15);
    return character >= 0xD800 && character <= 0xDFFF ? 0xFFFD : character;
}

/* `characters` of them, behind one another; all: -1, or which one they all are. */
static void check_made(Rng *rng, size_t characters, int32_t all) {
    String text = {0};
    string_add(&text, "%s", "");
    for (size_t i = 0; i < characters; i++) {
        char bytes[4];
        int length = utf8_encode(all < 0 ? any_character(rng) : all, bytes);
        string_add_bytes(&text, bytes, (size_t)length);
    }
    check_one(text.text, text.length, characters);
    string_free(&text);
}

void check(void) {
    check_one("na\xC3\xAFve", 6, 5);
    check_one("", 0, 0);
    check_one("abc", 3, 3);
    check_one("\xE6\x97\xA5\xE6\x9C\xAC", 6, 2);
    check_one("\xF0\x9F\x99\x82!", 5, 2);
    check_one("a\0b", 3, 3);
    /* A byte order mark, a letter and its accent, the two bytes of a line's end. */
    check_one("\xEF\xBB\xBF"
              "e\xCC\x81\r\n",
              8, 5);
    /* A heart, the mark that makes it colourful, a joiner, a fire: one picture of four characters. */
    check_one("\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5", 13, 4);
    Rng rng = check_rng();
    for (int32_t character = 1; character <= 0x10FFFF; character += character < 0x800 ? 1 : 0x3F1)
        if (character < 0xD800 || character > 0xDFFF) check_made(&rng, 1, character);
    for (int round = 0; round < 100; round++) check_made(&rng, rng_bits(&rng) % 100, -1);
    check_made(&rng, 3000, -1);
    check_made(&rng, 70000, -1);
}
