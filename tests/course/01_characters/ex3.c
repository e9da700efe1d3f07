/* 01.3: the number of characters, on texts that are put together from a known number of them. */
#include "judge.h"
#include "base/memory.h"
#include "text/utf8.h"

extern size_t count_characters(const unsigned char *bytes, size_t size);

static void check_one(const char *bytes, size_t size, size_t characters) {
    if (size < 200) input("the %zu bytes of `%.*s`", size, (int)size, bytes);
    else input("%zu bytes", size);
    check_int("count_characters", (long long)count_characters((const unsigned char *)bytes, size),
              (long long)characters);
}

void check(void) {
    check_one("na\xC3\xAFve", 6, 5);
    check_one("", 0, 0);
    check_one("abc", 3, 3);
    check_one("\xE6\x97\xA5\xE6\x9C\xAC", 6, 2);
    check_one("\xF0\x9F\x99\x82!", 5, 2);
    check_one("a\0b", 3, 3);
    Rng rng = check_rng();
    for (int round = 0; round < 100; round++) {
        String text = {0};
        string_add(&text, "%s", "");
        size_t characters = rng_bits(&rng) % 100;
        for (size_t i = 0; i < characters; i++) {
            char bytes[4];
            int32_t character = (int32_t)((0x20 + rng_bits(&rng) % 0xD000) >> rng_bits(&rng) % 10);
            string_add_bytes(&text, bytes, (size_t)utf8_encode(character ? character : ' ', bytes));
        }
        check_one(text.text, text.length, characters);
        string_free(&text);
    }
}
