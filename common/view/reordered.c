#include "view/reordered.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"

/* [n + 1] where each word of begin..end begins, and then `end`; returns how many there are. */
static int words_of(const Reading *r, int begin, int end, int *word) {
    int count = 0;
    for (int i = begin; i < end; i++)
        if (i == begin || r->roles[i] != ROLE_PIECE) word[count++] = i;
    word[count] = end;
    return count;
}

static bool moves(const int *order, int count) {
    for (int w = 0; w < count; w++)
        if (order[w] != w) return true;
    return false;
}

/* from[begin..end): the same tokens, word by word in another order, which never is the old one where there are two. */
static bool shuffle_words(const Reading *r, Rng *rng, int begin, int end, int *from) {
    int *word = memory_new((size_t)(end - begin) + 1, 2 * sizeof *word, "the words");
    int count = words_of(r, begin, end, word), *order = word + (end - begin) + 1, at = begin;
    do rng_permutation(rng, order, count);
    while (count > 1 && !moves(order, count));
    for (int w = 0; w < count; w++)
        for (int i = word[order[w]]; i < word[order[w] + 1]; i++) from[at++] = i;
    memory_free(word);
    return count > 1;
}

Reading reading_reordered(const Reading *r, uint64_t seed, int *from) {
    const Encoding *e = &r->encoding;
    Rng rng = rng_seed(seed);
    bool any = false;
    for (int i = 0; i < e->n;) {
        int end = i;
        while (end < e->n && !reading_is_special(r, end)) end++;
        if (end > i) any = shuffle_words(r, &rng, i, end, from) || any;
        if (end < e->n) from[end] = end;
        i = end + 1;
    }
    if (!any) fail(EXIT_DATA, "the text has one word, which has no other order (expected two). Try: a longer TEXT");
    Encoding moved = {0};
    encoding_reserve(&moved, (size_t)e->n);
    for (int i = 0; i < e->n; i++)
        encoding_push(&moved, e->ids[from[i]], e->types[i], e->first[from[i]], e->end[from[i]]);
    return reading_of_tokens(r->reader, (Bytes){0}, (Bytes){0}, moved, (ReadingPlan){0});
}
