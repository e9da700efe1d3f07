#include "text/gpt2_split.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <utf8proc.h>

CharacterClass gpt2_class(const char *bytes, size_t size, int *length) {
    int32_t c = utf8_decode(bytes, size, length);
    if (c < 0) return CLASS_OTHER;
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85) return CLASS_SPACE; /* the property White_Space ... */
    utf8proc_category_t category = utf8proc_category(c);
    if (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP) return CLASS_SPACE; /* ... of all */
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return CLASS_LETTER;
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) return CLASS_NUMBER;
    return CLASS_OTHER;
}

size_t gpt2_contraction(const char *text, size_t size, size_t at) {
    if (text[at] != '\'' || at + 1 >= size) return 0;
    char first = text[at + 1], second = at + 2 < size ? text[at + 2] : '\0';
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
    if ((first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l')) return 3;
    return 0;
}

/* The end of the run of characters of one class that begins at `at`. */
static size_t run_end(const char *text, size_t size, size_t at, CharacterClass class) {
    int length;
    while (at < size && gpt2_class(text + at, size - at, &length) == class) at += (size_t)length;
    return at;
}

/* \s+(?!\S)|\s+: the run of white space, without its last character when something follows it, unless that is all. */
static size_t white_end(const char *text, size_t size, size_t at) {
    size_t last = at, end = at;
    int length;
    while (end < size && gpt2_class(text + end, size - end, &length) == CLASS_SPACE) {
        last = end;
        end += (size_t)length;
    }
    return end == size || last == at ? end : last;
}

size_t gpt2_split_next(const char *text, size_t size, size_t at) {
    size_t contraction = gpt2_contraction(text, size, at);
    if (contraction) return at + contraction;
    int length;
    size_t word = at + (text[at] == ' '); /* ` ?`: one space may come first */
    if (word < size) {
        CharacterClass class = gpt2_class(text + word, size - word, &length);
        if (class != CLASS_SPACE) return run_end(text, size, word, class);
    }
    return white_end(text, size, at);
}
