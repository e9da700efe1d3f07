/* gpt2_split - how GPT-2 cuts a text into pieces before it merges bytes: no merge ever crosses the end of a piece.
 * Told in stages/04_gpt2_bpe. The rule is a regular expression (openai/gpt-2, encoder.py):
 *
 *   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * In words: an apostrophe with its lower-case ending; a run of letters, of numbers, or of anything else, each with the
 * one space before it; and white space, whose last character is left to what follows (a space joins the next run,
 * anything else stands alone). Categories are those of Unicode 15.0 (utf8proc), \s is the White_Space property.
 *
 * A text is any bytes: one that is no UTF-8 counts as a character of its own, neither letter nor number nor space. So
 * the pieces, one after the other, are always exactly the text. */
#ifndef TEXT_GPT2_SPLIT_H
#define TEXT_GPT2_SPLIT_H
#include <stddef.h>

typedef enum { CLASS_OTHER, CLASS_LETTER, CLASS_NUMBER, CLASS_SPACE } CharacterClass;

/* The class of the character at the start of bytes[0..size), size >= 1; *length is how many bytes it takes. */
CharacterClass gpt2_class(const char *bytes, size_t size, int *length);

/* Where the piece that begins at `at` ends; at < size. */
size_t gpt2_split_next(const char *text, size_t size, size_t at);

/* Bytes of the contraction ('s 't 'm 'd 're 've 'll) that text[at..size) begins with; 0 when it begins with none. */
size_t gpt2_contraction(const char *text, size_t size, size_t at);
#endif
