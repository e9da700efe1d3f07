/* A word and the merges in order of rank: the ids that are left. */
#include "runner.h"

void run_case(void) {
    size_t numbers, length;
    const int *pairs = keep_ints("merges", &numbers);
    const char *word = take_text(&length);
    Bpe bpe = bpe_bytes();
    BpeLists lists = {0};
    for (size_t i = 0; i + 1 < numbers; i += 2) bpe_merge(&bpe, pairs[i], pairs[i + 1], -1);
    int *ids = fresh_room("ids", length, sizeof *ids);
    const size_t count = bpe_word(&bpe, word, length, ids, &lists);
    hand_int((long long)count);
    hand_ints(ids, count < length ? count : length);
    bpe_lists_free(&lists), bpe_free(&bpe);
}
