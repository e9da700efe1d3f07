#include "text/word_share.h"
#include "text/vocab.h"

#include <ctype.h>
#include <stdbool.h>

static bool is_letter(char c) {
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The next word from *at on: its length, 0 at the end. */
static size_t next_word(const char **at) {
    while (**at && !is_letter(**at)) ++*at;
    size_t length = 0;
    while (is_letter((*at)[length])) length++;
    return length;
}

WordShare word_share(const char *story, const char *text) {
    Vocab words = {0};
    WordShare share = {0, 0};
    size_t length;
    for (const char *at = story; (length = next_word(&at)) > 0; at += length)
        if (vocab_id(&words, at, length) < 0) vocab_add(&words, at, length);
    for (const char *at = text; (length = next_word(&at)) > 0 && at[length]; at += length) {
        share.words++;
        share.known += vocab_id(&words, at, length) >= 0;
    }
    vocab_free(&words);
    return share;
}
