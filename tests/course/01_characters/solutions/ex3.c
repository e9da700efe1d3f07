/* Exercise 01.3: every character has one first byte, and first bytes are those that are no followers. */
#include "course.h"

size_t count_characters(const unsigned char *bytes, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) count += (bytes[i] & 0xC0) != 0x80;
    return count;
}
