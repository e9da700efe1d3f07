#include "attention/reach.h"
#include "base/memory.h"

#include <stdint.h>
#include <string.h>

enum { WORD = 64 };

/* What each query knows of, as bits: row q is known + q * words. */
typedef struct {
    uint64_t *now, *next; /* [n * words] */
    size_t words;
} Known;

static void learn(uint64_t *row, const uint64_t *from, size_t words) {
    for (size_t w = 0; w < words; w++) row[w] |= from[w];
}

/* One layer: a query keeps what it knows and adds what its keys knew before this layer. */
static void one_layer(Known *k, Mask mask, int n) {
    memcpy(k->next, k->now, (size_t)n * k->words * sizeof *k->now);
    for (int query = 0; query < n; query++)
        for (Span s = {0}; mask_next_span(mask, n, query, &s);)
            for (long long key = s.first; key < s.end; key += s.step)
                learn(k->next + (size_t)query * k->words, k->now + (size_t)key * k->words, k->words);
}

/* Writes `layer` where a bit is new; true when there was one. */
static bool note_new(Reach *reach, const Known *k, int layer) {
    bool any = false;
    for (int query = 0; query < reach->n; query++)
        for (size_t w = 0; w < k->words; w++) {
            size_t at = (size_t)query * k->words + w;
            for (uint64_t fresh = k->next[at] & ~k->now[at]; fresh; fresh &= fresh - 1) {
                size_t key = w * WORD + (size_t)__builtin_ctzll(fresh);
                reach->first[(size_t)query * (size_t)reach->n + key] = layer;
                any = true;
            }
        }
    return any;
}

Reach reach_new(Mask mask, int n) {
    Reach reach = {memory_new((size_t)n * (size_t)n, sizeof *reach.first, "a reach matrix"), n};
    Known k = {.words = (size_t)n / WORD + 1};
    k.now = memory_new((size_t)n * k.words, sizeof *k.now, "what tokens know");
    k.next = memory_new((size_t)n * k.words, sizeof *k.next, "what tokens know");
    for (size_t i = 0; i < (size_t)n * (size_t)n; i++) reach.first[i] = -1;
    for (size_t i = 0; i < (size_t)n; i++) {
        reach.first[i * (size_t)n + i] = 0;
        k.now[i * k.words + i / WORD] |= (uint64_t)1 << (i % WORD);
    }
    for (int layer = 1;; layer++) {
        one_layer(&k, mask, n);
        if (!note_new(&reach, &k, layer)) break;
        uint64_t *swap = k.now;
        k.now = k.next, k.next = swap;
    }
    memory_free(k.now), memory_free(k.next);
    return reach;
}

void reach_free(Reach *reach) {
    memory_free(reach->first);
    *reach = (Reach){0};
}

int reach_seen(const Reach *reach, int query, int layers) {
    const int *row = reach->first + (size_t)query * (size_t)reach->n;
    int seen = 0;
    for (int key = 0; key < reach->n; key++) seen += row[key] >= 0 && row[key] <= layers;
    return seen;
}

int reach_depth(const Reach *reach) {
    int deepest = 0;
    for (size_t i = 0; i < (size_t)reach->n * (size_t)reach->n; i++)
        if (reach->first[i] > deepest) deepest = reach->first[i];
    return deepest;
}

bool reach_joins_all(const Reach *reach) {
    for (size_t i = 0; i < (size_t)reach->n * (size_t)reach->n; i++)
        if (reach->first[i] < 0) return false;
    return true;
}
