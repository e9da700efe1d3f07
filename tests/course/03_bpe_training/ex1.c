/* 03.1: the first token of five bytes (or another) that training on our own text makes. */
#include "judge.h"
#include "base/files.h"
#include "text/bpe_train.h"
#include <string.h>

enum { MOST = 512 };
static const char *const LENGTHS[] = {"three", "four", "five", "six", NULL};
static const char *const PLACES[] = {"first", "second", "third", NULL};

static int place_of(const char *word, const char *const *words) {
    int place = 0;
    while (words[place] && strcmp(words[place], word) != 0) place++;
    check_that(words[place] != NULL, "%s is a word of the question", word);
    return place;
}

void check(void) {
    const int wanted_length = 3 + place_of(variant_text("length", "five"), LENGTHS);
    int left = 1 + place_of(variant_text("which", "first"), PLACES);
    input("data/lamplighter.txt, %d bytes", wanted_length);
    Bytes text = file_read("data/lamplighter.txt");
    BpeTraining t = bpe_train(NULL, text.data, text.size, (BpeTrainRules){.vocab_size = MOST});
    int length[MOST], found = -1;
    for (int id = 0; id < BPE_BYTES; id++) length[id] = 1;
    for (int i = 0; i < t.count; i++) {
        length[BPE_BYTES + i] = length[t.merges[i].left] + length[t.merges[i].right];
        if (length[BPE_BYTES + i] == wanted_length && --left == 0) found = i;
    }
    check_that(found >= 0, "there is such a token");
    double truth[2] = {BPE_BYTES + found, (double)t.merges[found].count};
    bpe_training_free(&t);
    bytes_free(&text);
    answer_numbers("id, times", truth, 2, 0);
}
