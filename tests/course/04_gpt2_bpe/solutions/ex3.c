/* Exercise 04.3: a byte that cannot be seen gets the next free character from 256 on. */
#include "course.h"

int character_of_byte(unsigned char byte) {
    if (byte < 33) return 256 + byte;
    if (byte >= 127 && byte <= 160) return 256 + 33 + byte - 127;
    return byte == 173 ? 256 + 67 : byte;
}
