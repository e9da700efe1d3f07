/* made - heads that nobody had to train: their queries and keys are written by hand, so that each head looks for
 * something else. Seeded heads look nearly everywhere alike, and no picture of them shows what a second head is for. */
#include "attention/attention.h"
#include "tool.h"

#include <math.h>
#include <string.h>

/* A key says two things in a column each: which word of the text it is, and which word of the dictionary. A query has a
 * number in the one column that it looks for, so large that the score there is 3 and 0 elsewhere: a weight of
 * e^3 = 20 to 1. One that looks for nothing has zeros. */
static void seek(Mat q, int head, int i, int d, int column) {
    if (column >= 0) mat_row(q, i)[head * d + column] = 3 * sqrtf((float)d);
}

/* A word's number in the dictionary: where it stands first, in `from` and then in `to`. */
static int word_of(const Toy *from, const Toy *to, const char *word) {
    int place = 0;
    while (place < from->n && strcmp(from->words[place], word) != 0) place++;
    for (int j = 0; place == from->n + j && j < to->n && strcmp(to->words[j], word) != 0; j++) place++;
    return place;
}

const char *const MADE_HEADS[MADE] = {"the word before", "the first word", "the same word", "nothing"};

Mat made_maps(const Toy *toy, Mask mask) {
    int n = toy->n, d = 2 * n;
    Mat q = mat_new(n, MADE * d), k = mat_new(n, MADE * d), maps = mat_new(MADE * n, n);
    for (int i = 0; i < n; i++) {
        int word = n + word_of(toy, toy, toy->words[i]);
        for (int head = 0; head < MADE; head++) mat_row(k, i)[head * d + i] = mat_row(k, i)[head * d + word] = 1;
        seek(q, 0, i, d, i - 1);
        seek(q, 1, i, d, 0);
        seek(q, 2, i, d, word);
    }
    attention_maps(attention_of(q, k, k, MADE, mask), maps);
    mat_free(&q), mat_free(&k);
    return maps;
}

Mat made_cross(const Toy *from, const Toy *to, Mask mask) {
    int d = from->n + to->n;
    Mat q = mat_new(from->n, d), k = mat_new(to->n, d), map = mat_new(from->n, to->n);
    for (int i = 0; i < from->n; i++) seek(q, 0, i, d, word_of(from, to, from->words[i]));
    for (int j = 0; j < to->n; j++) mat_row(k, j)[word_of(from, to, to->words[j])] = 1;
    attention_maps(attention_of(q, k, k, 1, mask), map);
    mat_free(&q), mat_free(&k);
    return map;
}
