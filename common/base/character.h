/* character - what a text is made of, for all who read one or print one: the first of its characters, and whether it
 * may go to a terminal. More of it is in text/utf8; told in stages/01_characters. */
#ifndef BASE_CHARACTER_H
#define BASE_CHARACTER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at the start of bytes[0..size); *length is how many bytes it takes (1..4). Bytes that are no character
 * (a stray continuation byte, an overlong form, a surrogate, a cut sequence) give -1 with *length 1. size >= 1. */
int32_t utf8_decode(const char *bytes, size_t size, int *length);

/* The same at bytes[*at], *at < size; *at moves on to the next character. */
static inline int32_t utf8_next(const char *bytes, size_t size, size_t *at) {
    int length;
    int32_t character = utf8_decode(bytes + *at, size - *at, &length);
    *at += (size_t)length;
    return character;
}

/* Whether a terminal obeys it instead of showing it: the controls U+0000 to U+001F and U+007F to U+009F. */
bool character_controls(int32_t character);

/* Whether it turns the writing direction of what stands next to it, or is one of the embeddings, overrides and isolates
 * of the bidirectional algorithm, which turn all that follows when they are left open. */
bool character_turns(int32_t character);
#endif
