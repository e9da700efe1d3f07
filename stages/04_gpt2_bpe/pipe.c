/* The program as a tool: ids on one line, and back. */
#include "lesson.h"
#include "base/error.h"

#include <stdio.h>

/* A million ids through printf take longer than finding them: digits are written by hand, a block at a time. */
void print_ids(const Bpe *bpe, Bytes text, BpeSpecials specials) {
    Ids ids = {0};
    bpe_encode_special(bpe, text.data, text.size, specials, &ids);
    char digits[16];
    for (size_t i = 0; i < ids.n; i++) {
        int at = (int)sizeof digits, id = ids.at[i];
        do digits[--at] = (char)('0' + id % 10);
        while (id /= 10);
        if (i > 0) digits[--at] = ' ';
        fwrite(digits + at, 1, sizeof digits - (size_t)at, stdout);
    }
    putchar('\n');
    ids_free(&ids);
}

static bool is_between(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

void print_decoded(const Bpe *bpe, Bytes text, const char *name) {
    Ids ids = {0};
    String bytes = {0};
    size_t line = 1;
    for (size_t at = 0; at < text.size;) {
        line += text.data[at] == '\n';
        if (is_between(text.data[at])) {
            at++;
            continue;
        }
        size_t first = at;
        long id = 0;
        bool fine = true;
        for (; at < text.size && !is_between(text.data[at]); at++) {
            fine = fine && text.data[at] >= '0' && text.data[at] <= '9';
            if (fine) id = id * 10 + (text.data[at] - '0');
            fine = fine && id < bpe->vocab.count;
        }
        if (!fine)
            fail(EXIT_DATA, "%s:%zu: '%.*s' is no id of the vocabulary (expected a whole number from 0 to %d)", name,
                 line, (int)(at - first < 40 ? at - first : 40), text.data + first, bpe->vocab.count - 1);
        ids_reserve(&ids, 1);
        ids.at[ids.n++] = (int)id;
    }
    bpe_decode(bpe, ids.at, ids.n, &bytes);
    if (bytes.length) fwrite(bytes.text, 1, bytes.length, stdout);
    string_free(&bytes);
    ids_free(&ids);
}
