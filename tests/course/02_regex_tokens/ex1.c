/* 02.1: different tokens of data/lamplighter.txt with some capitals made small, and those that occur once, by POSIX
 * regex. */
#include "judge.h"
#include "base/files.h"
#include "text/regex_tokens.h"
#include <string.h>

void check(void) {
    const char *const capitals = variant_text("capitals", "A-Z a-z"); /* the words of tr */
    input("data/lamplighter.txt behind tr %s", capitals);
    Bytes text = file_read("data/lamplighter.txt");
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= capitals[0] && text.data[i] <= capitals[2]) text.data[i] = (char)(text.data[i] - 'A' + 'a');
    TextSpans spans = {0};
    regex_split_posix(text.data, text.size, &spans);
    double counts[2] = {0};
    for (size_t i = 0; i < spans.n; i++) {
        size_t length = spans.at[i].end - spans.at[i].first, before = 0, times = 0;
        for (size_t j = 0; j < spans.n; j++) {
            bool same = spans.at[j].end - spans.at[j].first == length &&
                        memcmp(text.data + spans.at[i].first, text.data + spans.at[j].first, length) == 0;
            times += same;
            before += same && j < i;
        }
        counts[0] += before == 0;
        counts[1] += times == 1;
    }
    text_spans_free(&spans);
    bytes_free(&text);
    answer_numbers("different tokens, those that occur once", counts, 2, 0);
}
