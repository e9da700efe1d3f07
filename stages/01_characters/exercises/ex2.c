/* Exercise 01.2 (code, 2 points, 8 minutes): one character to its bytes.
 *
 * Write the UTF-8 bytes of a character (0 to 0x10FFFF) to out and return how many they are:
 *
 *   below 0x80      0xxxxxxx
 *   below 0x800     110xxxxx 10xxxxxx
 *   below 0x10000   1110xxxx 10xxxxxx 10xxxxxx
 *   the rest        11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
 *
 * Example: 0xF1 is 11 110001 in bits, so its bytes are 110.00011 10.110001, that is C3 B1.
 *
 * Replace NOT_STARTED() by your code. Check: make check-01.2    Hint: make hint-01.2 */
#include "course.h"
#include <stdint.h>

int utf8_write(int32_t character, unsigned char out[4]) {
    NOT_STARTED();
}
