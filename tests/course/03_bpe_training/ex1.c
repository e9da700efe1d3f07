/* 03.1: the first token of five bytes that training on our own text makes. */
#include "judge.h"
#include "base/files.h"
#include "text/bpe_train.h"

void check(void) {
    input("data/lamplighter.txt");
    Bytes text = file_read("data/lamplighter.txt");
    BpeTraining t = bpe_train(NULL, text.data, text.size, (BpeTrainRules){.vocab_size = 400});
    int length[400], found = -1;
    for (int id = 0; id < BPE_BYTES; id++) length[id] = 1;
    for (int i = 0; i < t.count; i++) {
        length[BPE_BYTES + i] = length[t.merges[i].left] + length[t.merges[i].right];
        if (length[BPE_BYTES + i] == 5 && found < 0) found = i;
    }
    check_that(found >= 0, "there is a token of five bytes");
    double truth[2] = {BPE_BYTES + found, (double)t.merges[found].count};
    bpe_training_free(&t);
    bytes_free(&text);
    answer_numbers("id, times", truth, 2, 0);
}
