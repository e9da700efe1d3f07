/* Exercise 01.2: one character to its bytes. */
#include "course.h"
#include <stdint.h>

int utf8_write(int32_t character, unsigned char out[4]) {
    if (character < 0x80) {
        out[0] = (unsigned char)character;
        return 1;
    }
    int length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (int i = length - 1; i > 0; i--, character >>= 6) out[i] = (unsigned char)(0x80 | (character & 0x3F));
    out[0] = (unsigned char)(0xF00 >> length | character); /* as many ones in front as there are bytes */
    return length;
}
