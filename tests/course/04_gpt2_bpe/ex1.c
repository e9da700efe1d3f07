/* 04.1: how many ids four spellings of one word have. */
#include "judge.h"
#include "text/bpe_files.h"
#include "text/bpe_word.h"
#include <ctype.h>
#include <string.h>

void check(void) {
    needs("data/gpt2-vocabulary/vocab.bpe", "data/fetch.sh gpt2-vocabulary");
    const char *const word = variant_text("word", "lamplighter");
    input("%s, with a space in front, with a capital, all capitals", word);
    char words[4][32] = {{0}};
    check_that(strlen(word) < 31, "a short word");
    for (size_t i = 0; word[i]; i++) {
        const char capital = (char)toupper((unsigned char)word[i]);
        words[0][i] = words[1][i + 1] = word[i], words[2][i] = i ? word[i] : capital, words[3][i] = capital;
    }
    words[1][0] = ' ';
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
