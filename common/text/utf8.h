/* utf8 - bytes to characters and back, and how much room each takes on a screen. Told in stages/01_characters.
 * What kind of character it is comes from utf8proc (Unicode 15.0). */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H
#include "base/character.h" /* utf8_decode: bytes to a character */
#include "base/memory.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Writes the character's bytes to out[0..4); returns how many. */
int utf8_encode(int32_t character, char out[4]);

/* The offset of the first byte that is no character, or `size` when all is well. */
size_t utf8_first_invalid(const char *bytes, size_t size);

/* How many characters, a wrong byte counting as one. */
size_t utf8_count(const char *bytes, size_t size);

/* How many columns the text takes on a terminal: 2 for wide characters, 0 for combining marks, 1 for a wrong byte. */
int utf8_width(const char *text);

/* For labels on a terminal or in a picture: control characters become visible (a newline or a line separator shows as
 * U+23CE, a tab as U+2409, others as \xNN, those that turn the writing direction as \uNNNN), and wrong bytes and
 * U+FFFE, U+FFFF, which SVG forbids, become U+FFFD. A text of more than `most` characters (>= 1) keeps its first most
 * - 1 and ends in U+2026. Appends to *out. */
void utf8_label(String *out, const char *bytes, size_t size, int most);

/* The same as a text of its own, which may have no characters. You free it (memory_free). */
char *utf8_shown(const char *bytes, size_t size, int most);

/* The same for what a person reads, with right-to-left words (Hebrew, Arabic) as they are written: U+200F before a
 * piece keeps its `##` where it begins, on its right; U+200E behind a piece, and behind a text that ends in such a
 * letter, lets the line go on to the right. For the last step before a screen or a picture: utf8_label shows both. You
 * free it (memory_free). */
char *utf8_drawn(const char *bytes, size_t size, int most);
#endif
