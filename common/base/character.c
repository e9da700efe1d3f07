#include "base/character.h"

/* The first byte says how many follow: 110xxxxx one, 1110xxxx two, 11110xxx three; each of those is 10xxxxxx. C0, C1
 * and F5 to FF never occur. Three things fit this pattern and are still wrong: a character written longer than it
 * needs (so that a check for its short form misses it), half of a UTF-16 pair, and numbers past U+10FFFF. */
int32_t utf8_decode(const char *bytes, size_t size, int *length) {
    static const int32_t smallest[4] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)bytes;
    *length = 1;
    if (byte[0] < 0x80) return byte[0];
    int more = byte[0] >= 0xF0 ? 3 : byte[0] >= 0xE0 ? 2 : 1;
    if (byte[0] < 0xC2 || byte[0] > 0xF4 || size <= (size_t)more) return -1;
    int32_t character = byte[0] & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
        if ((byte[i] & 0xC0) != 0x80) return -1;
        character = character << 6 | (byte[i] & 0x3F);
    }
    bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < smallest[more] || surrogate || character > 0x10FFFF) return -1;
    *length = more + 1;
    return character;
}

bool character_controls(int32_t character) {
    return (character >= 0 && character < 0x20) || (character >= 0x7F && character < 0xA0);
}

bool character_turns(int32_t character) {
    return character == 0x061C || (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}
