/* BPE training as it is defined, for the tests of common/text/bpe_train: every pair of every piece is counted again for
 * every merge, by a plain list, and every piece is written again. Slow, and nothing in it is shared with what it judges
 * but the pre-split, which has tests of its own. */
#ifndef TESTS_BPE_BRUTE_H
#define TESTS_BPE_BRUTE_H
#include "base/memory.h"
#include "text/bpe_train.h"
#include "text/gpt2_split.h"

typedef struct {
    int *ids;  /* [n] all pieces, one after the other */
    bool *cut; /* [n] a piece begins here */
    size_t n;
} Brute;

static inline Brute brute_new(const char *text, size_t size, bool no_split) {
    Brute b = {memory_new(size, sizeof *b.ids, "a test"), memory_new(size, sizeof *b.cut, "a test"), size};
    for (size_t i = 0; i < size; i++) b.ids[i] = (unsigned char)text[i];
    for (size_t at = 0; at < size; at = no_split ? size : gpt2_split_next(text, size, at)) b.cut[at] = true;
    return b;
}

/* The most frequent pair, the smallest among equals; its count, 0 when there is no pair at all. */
static inline uint64_t brute_best(const Brute *b, int *left, int *right) {
    uint64_t best = 0;
    for (size_t i = 0; i + 1 < b->n; i++) {
        if (b->cut[i + 1]) continue;
        int l = b->ids[i], r = b->ids[i + 1];
        uint64_t count = 0;
        for (size_t j = 0; j + 1 < b->n; j++) count += !b->cut[j + 1] && b->ids[j] == l && b->ids[j + 1] == r;
        bool smaller = l < *left || (l == *left && r < *right);
        if (count > best || (count == best && smaller)) best = count, *left = l, *right = r;
    }
    return best;
}

static inline uint64_t brute_merge(Brute *b, int left, int right, int token) {
    size_t kept = 0, n = b->n;
    for (size_t i = 0; i < n; kept++) {
        bool here = i + 1 < n && b->ids[i] == left && b->ids[i + 1] == right && !b->cut[i + 1];
        b->cut[kept] = b->cut[i];
        b->ids[kept] = here ? token : b->ids[i];
        i += here ? 2 : 1;
    }
    b->n = kept;
    return n - kept;
}

static inline BpeTraining brute_train(const char *text, size_t size, BpeTrainRules rules) {
    BpeTraining t = {.tokens = size};
    t.merges = memory_new((size_t)(rules.vocab_size - BPE_BYTES), sizeof *t.merges, "a test");
    Brute b = brute_new(text, size, rules.no_split);
    for (size_t i = 0; i < size; i++) t.pieces += b.cut[i];
    uint64_t least = rules.min_frequency ? rules.min_frequency : 1;
    while (t.count < rules.vocab_size - BPE_BYTES) {
        TrainedMerge m = {0};
        m.count = brute_best(&b, &m.left, &m.right);
        if (m.count < least) break;
        m.merged = brute_merge(&b, m.left, m.right, BPE_BYTES + t.count);
        t.tokens -= m.merged;
        t.merges[t.count++] = m;
    }
    memory_free(b.ids), memory_free(b.cut);
    return t;
}

/* The first merge in which they differ, or -1 when all is equal. */
static inline int brute_compare(const BpeTraining *a, const BpeTraining *b) {
    for (int i = 0; i < a->count || i < b->count; i++) {
        if (i >= a->count || i >= b->count) return i;
        const TrainedMerge *x = &a->merges[i], *y = &b->merges[i];
        if (x->left != y->left || x->right != y->right || x->count != y->count || x->merged != y->merged) return i;
    }
    return a->tokens == b->tokens && a->pieces == b->pieces ? -1 : a->count;
}
#endif
