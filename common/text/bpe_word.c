#include "text/bpe_word.h"
#include "text/gpt2_split.h"

#include <string.h>

/* Past this length, looking through all pairs for every merge costs more than lists of them (fast/bpe_long.c). */
enum { SHORT = 256 };

size_t bpe_word(const Bpe *bpe, const char *word, size_t length, int *ids, BpeLists *lists) {
    if (length > SHORT) return bpe_long_word(bpe, word, length, ids, lists);
    BpeResult pair[SHORT]; /* what (ids[i], ids[i + 1]) becomes */
    const unsigned char *byte = (const unsigned char *)word;
    size_t n = length;
    for (size_t i = 0; i < n; i++) ids[i] = bpe->byte_id[byte[i]];
    if (bpe->merges == 0) return n;
    for (size_t i = 0; i + 1 < n; i++) pair[i] = bpe->byte_pair[byte[i] << 8 | byte[i + 1]];
    while (n > 1) {
        size_t first = 0; /* the leftmost of the lowest ranks */
        for (size_t i = 1; i + 1 < n; i++)
            if (pair[i].rank < pair[first].rank) first = i;
        if (pair[first].rank == BPE_NONE) break;
        ids[first] = pair[first].made;
        n--;
        for (size_t i = first + 1; i < n; i++) {
            ids[i] = ids[i + 1];
            pair[i - 1] = pair[i];
        }
        if (first > 0) pair[first - 1] = bpe_pair(bpe, ids[first - 1], ids[first]);
        if (first + 1 < n) pair[first] = bpe_pair(bpe, ids[first], ids[first + 1]);
    }
    return n;
}

void bpe_encode_plainly(const Bpe *bpe, const char *text, size_t size, Ids *out) {
    BpeLists lists = {0};
    for (size_t at = 0, end; at < size; at = end) {
        end = gpt2_split_next(text, size, at);
        ids_reserve(out, end - at);
        out->n += bpe_word(bpe, text + at, end - at, out->at + out->n, &lists);
    }
    bpe_lists_free(&lists);
}
