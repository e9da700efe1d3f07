/* 04.1: how many ids four spellings of one word have. */
#include "judge.h"
#include "text/bpe_files.h"
#include "text/bpe_word.h"
#include <string.h>

void check(void) {
    needs("data/gpt2-vocabulary/vocab.bpe", "data/fetch.sh gpt2-vocabulary");
    input("lamplighter, with a space in front, with a capital, all capitals");
    static const char *const words[] = {"lamplighter", " lamplighter", "Lamplighter", "LAMPLIGHTER"};
    double counts[4];
    Bpe bpe = bpe_load("data/gpt2-vocabulary");
    for (int i = 0; i < 4; i++) {
        Ids ids = {0};
        bpe_encode_plainly(&bpe, words[i], strlen(words[i]), &ids);
        counts[i] = (double)ids.n;
        ids_free(&ids);
    }
    bpe_free(&bpe);
    answer_numbers("ids of the four", counts, 4, 0);
}
