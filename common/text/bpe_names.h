/* bpe_names - how the files of GPT-2 write bytes: each of the 256 as one character that can be seen and is no space.
 * 33-126, 161-172 and 174-255 stand for themselves; the other 68 are U+0100, U+0101, ... in order, so that a space is
 * U+0120 and a newline U+010A (openai/gpt-2, encoder.py, bytes_to_unicode). */
#ifndef TEXT_BPE_NAMES_H
#define TEXT_BPE_NAMES_H
#include "base/memory.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends the bytes as characters. */
void bpe_name_add(String *out, const char *bytes, size_t length);

/* The bytes that the characters of name[0..length) stand for, written to bytes[0..length) (they are never more than
 * the characters' own bytes), how many in *count; false when a character stands for none. */
bool bpe_name_bytes(const char *name, size_t length, char *bytes, size_t *count);

/* The byte at a place of GPT-2's own order of the first 256 ids: the visible ones first. */
unsigned char bpe_byte_in_order(int place);
#endif
