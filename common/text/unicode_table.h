/* unicode_table - what text/ asks utf8proc about characters, as one small table, so that tokens are cut the same where
 * utf8proc is not: inside the page of stage 20, whose show/page/utf8proc.c reads it.
 *
 * Four parts, one behind the other, of numbers in base 128, lowest first, bit 7 on all but the last byte of one. Signed
 * ones are doubled, and less 1 - 2x where they are negative: 0, -1, 1, -2 are 0, 1, 2, 3.
 *   categories  runs: how many characters, their category as utf8proc counts them; up to U+10FFFF
 *   classes     the same of canonical combining classes
 *   lower case  how many runs, and of each: how far its first character is behind the last one of the run before, how
 *               many there are, 1 or 2 apart, and what to add to each (signed)
 *   NFD         how many characters, and of each: how far it is behind the one before, how many parts, and each part:
 *               less the part in that place before (signed). Hangul syllables (U+AC00 on) are not among them: they
 *               follow a formula. */
#ifndef TEXT_UNICODE_TABLE_H
#define TEXT_UNICODE_TABLE_H
#include "base/memory.h"

enum {
    UNICODE_END = 0x110000,
    UNICODE_PARTS = 4, /* of a decomposition, at most */
    HANGUL_FIRST = 0xAC00,
    HANGUL_END = 0xD7A4
};

/* About 20 KB. You free it with string_free. */
String unicode_table(void);
#endif
