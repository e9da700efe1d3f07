#include "text/sentences.h"
#include "text/utf8.h"

#include <string.h>
#include <utf8proc.h>

/* White space of ASCII, and the controls, which no tokenizer makes a token of. */
static bool is_space(char c) {
    return (unsigned char)c <= ' ' || c == 0x7F;
}

/* ---- what ends a sentence ---- */

typedef enum { MARK_NONE, MARK_POINT, MARK_END, MARK_WIDE_END } EndMark;

/* . may belong to a word, ! and ? and the ellipsis do not; those of Chinese and Japanese need no space. */
static EndMark mark_of(int32_t c) {
    switch (c) {
    case '.': return MARK_POINT;
    case '!':
    case '?':
    case 0x2026: return MARK_END;
    case 0x3002:
    case 0xFF01:
    case 0xFF1F: return MARK_WIDE_END;
    default: return MARK_NONE;
    }
}

static bool closes(int32_t c) {
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x2019 || c == 0x201D || c == 0xBB || c == 0x300D;
}

static bool opens(int32_t c) {
    return c == '"' || c == '\'' || c == '(' || c == '[' || c == 0x2018 || c == 0x201C || c == 0xAB || c == 0x2014;
}

/* The word before a point: from the white space or bracket before it. */
static size_t word_before(const char *text, size_t first, size_t point) {
    size_t at = point;
    while (at > first && !is_space(text[at - 1]) && !strchr("\"'([.", text[at - 1])) at--;
    return at;
}

/* Does this point belong to its word: an initial, a title, the number of a heading? */
static bool belongs_to_word(const char *text, size_t first, size_t point) {
    static const char *const titles[] = {"Mr", "Mrs", "Ms", "Dr", "St", "Prof"};
    size_t from = word_before(text, first, point), length = point - from;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strlen(titles[i]) == length && memcmp(titles[i], text + from, length) == 0) return true;
    if (length == 1 && text[from] >= 'A' && text[from] <= 'Z' && text[from] != 'I') return true;
    bool number = length > 0 && from == first;
    for (size_t i = from; i < point; i++) number &= text[i] >= '0' && text[i] <= '9';
    return number;
}

/* Does what stands at `at`, behind opening quotes, begin with a small letter? */
static bool goes_on_small(const char *text, size_t size, size_t at) {
    while (at < size) {
        int32_t c = utf8_next(text, size, &at);
        if (!opens(c)) return c >= 0 && utf8proc_category(c) == UTF8PROC_CATEGORY_LL;
    }
    return false;
}

/* Behind the closing quotes that follow `at`. */
static size_t behind_closing(const char *text, size_t size, size_t at) {
    int length;
    while (at < size && closes(utf8_decode(text + at, size - at, &length))) at += (size_t)length;
    return at;
}

/* The white space at `at`: where it ends. *blank: it holds an empty line. */
static size_t behind_space(const char *text, size_t size, size_t at, bool *blank) {
    int breaks = 0;
    for (; at < size && is_space(text[at]); at++) breaks += text[at] == '\n';
    *blank = breaks > 1;
    return at;
}

/* Where the sentence that begins at `first` ends. */
static size_t end_of(const char *text, size_t size, size_t first) {
    for (size_t at = first; at < size;) {
        int length;
        bool blank;
        if (is_space(text[at])) {
            size_t next = behind_space(text, size, at, &blank);
            if (blank || next == size) return at;
            at = next;
            continue;
        }
        EndMark mark = mark_of(utf8_decode(text + at, size - at, &length));
        size_t behind = at + (size_t)length;
        bool own = mark == MARK_POINT && belongs_to_word(text, first, at);
        at = behind;
        if (mark == MARK_NONE || own) continue;
        size_t end = behind_closing(text, size, behind);
        if (mark == MARK_WIDE_END) {
            int32_t next = end < size ? utf8_decode(text + end, size - end, &length) : 0;
            if (mark_of(next) == MARK_NONE) return end;
            continue;
        }
        if (end == size) return end;
        if (is_space(text[end]) && !goes_on_small(text, size, behind_space(text, size, end, &blank))) return end;
    }
    return size;
}

/* ---- one a line ---- */

static size_t line_end(const char *text, size_t size, size_t first) {
    const char *found = memchr(text + first, '\n', size - first);
    size_t end = found ? (size_t)(found - text) : size;
    while (end > first && is_space(text[end - 1])) end--;
    return end;
}

bool sentence_next(const char *text, size_t size, bool lines, Sentence *at) {
    size_t first = at->end;
    while (first < size && is_space(text[first])) first++;
    if (first == size) return false;
    *at = (Sentence){first, lines ? line_end(text, size, first) : end_of(text, size, first)};
    return true;
}
