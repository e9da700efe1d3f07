/* 01.1: characters and bytes of one line, counted by utf8proc. */
#include "judge.h"
#include <string.h>
#include <utf8proc.h>

void check(void) {
    const char *const line =
        variant_text("line", "Zo\xC3\xAB paid 5 \xE2\x82\xAC for \xE8\x8C\xB6 and a \xF0\x9F\x8D\xB0");
    input("%s", line);
    double characters = 0;
    for (size_t at = 0, size = strlen(line); at < size; characters++) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n =
            utf8proc_iterate((const unsigned char *)line + at, (utf8proc_ssize_t)(size - at), &c);
        check_that(n > 0, "the line is UTF-8");
        at += (size_t)n;
    }
    const double wanted[] = {characters, (double)strlen(line), 4 * characters};
    answer_numbers("characters, bytes as UTF-8, bytes at four a character", wanted, 3, 0);
}
