/* 01.1: characters, different characters and two-byte characters of data/lamplighter.txt, counted by utf8proc. */
#include "judge.h"
#include "base/files.h"
#include <utf8proc.h>

void check(void) {
    input("data/lamplighter.txt");
    Bytes text = file_read("data/lamplighter.txt");
    static bool seen[0x110000];
    double counts[3] = {0};
    for (size_t at = 0; at < text.size;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n =
            utf8proc_iterate((const unsigned char *)text.data + at, (utf8proc_ssize_t)(text.size - at), &c);
        check_that(n > 0, "data/lamplighter.txt is UTF-8");
        counts[0]++;
        if (!seen[c]) counts[1]++;
        seen[c] = true;
        counts[2] += n == 2;
        at += (size_t)n;
    }
    bytes_free(&text);
    answer_numbers("characters, different ones, of two bytes", counts, 3, 0);
}
