/* Exercise 04.3 (code, 2 points, 10 minutes): how the files spell a byte.
 *
 * vocab.bpe is a text, and tokens in it must not hold spaces or bytes that cannot be seen. So each of the 256 bytes is
 * written as one character: 33 to 126, 161 to 172 and 174 to 255 as the character with that number, and the 68
 * others, in their order, as 256, 257, 258, ... Return the number of the character.
 *
 * Example: '!' is 33, so 33. The bytes 0 to 32 come first of the others, so byte 0 is 256 and a space, 32, is 288: the
 * letter that you see in front of every word in vocab.bpe.
 *
 * Replace NOT_STARTED() by your code. Check: make check-04.3    Hint: make hint-04.3 */
#include "course.h"

int character_of_byte(unsigned char byte) {
    NOT_STARTED();
}
