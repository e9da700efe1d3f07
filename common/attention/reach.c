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

/* ---- one pair ---- */

enum { PAGE = 1 << 14, MOST_FOUND = 1 << 24, MOST_VISITS = 1 << 26 };

/* What has been found. A token that is known points to a later one, and all between them are known, too: so a search
 * for new ones passes over what is known, however wide the rows are (a disjoint-set forest with its paths halved). */
typedef struct {
    int **page; /* page[token / PAGE][token % PAGE]: 0 is unknown; pages are made when they are needed */
    int n, found, visits;
} Walk;

/* What one layer adds, as ranges: neighbours share one. */
typedef struct {
    Span *at; /* owned */
    int count;
} Tokens;

static int *place_of(Walk *w, int token) {
    int **page = &w->page[token / PAGE];
    if (!*page) *page = memory_new(PAGE, sizeof **page, "what a token knows");
    return *page + token % PAGE;
}

/* The first one at or after `token` that is not known, or n. */
static int next_unknown(Walk *w, int token) {
    while (token < w->n && *place_of(w, token)) {
        int *later = place_of(w, token), *further = *later < w->n ? place_of(w, *later) : NULL;
        if (further && *further) *later = *further;
        token = *later;
    }
    return token;
}

static void find(Walk *w, Tokens *tokens, int token) {
    *place_of(w, token) = token + 1;
    w->found++;
    if (tokens->count > 0 && tokens->at[tokens->count - 1].end == token) {
        tokens->at[tokens->count - 1].end++;
        return;
    }
    tokens->at = memory_for_more(tokens->at, (size_t)tokens->count, sizeof *tokens->at, "what a layer adds");
    tokens->at[tokens->count++] = (Span){token, token + 1, 1};
}

static bool is_too_far(const Walk *w) {
    return w->found > MOST_FOUND || w->visits > MOST_VISITS;
}

/* All that one token sees and nobody knew. */
static void look_around(Walk *w, Mask mask, int token, Tokens *new) {
    for (Span s = {0}; mask_next_span(mask, w->n, token, &s) && !is_too_far(w);) {
        long long key = s.step == 1 ? next_unknown(w, s.first) : s.first;
        while (key < s.end && !is_too_far(w)) {
            w->visits++;
            if (!*place_of(w, (int)key)) find(w, new, (int)key);
            key = s.step == 1 ? next_unknown(w, (int)key) : key + s.step;
        }
    }
}

static bool anyone_sees(Mask mask, const Tokens *tokens, int key) {
    for (int i = 0; i < tokens->count; i++)
        for (int token = tokens->at[i].first; token < tokens->at[i].end; token++)
            if (mask_allows(mask, token, key)) return true;
    return false;
}

bool reach_layers(Mask mask, int n, int query, int key, int *layers) {
    Walk walk = {memory_new((size_t)n / PAGE + 1, sizeof *walk.page, "what a token knows"), n, 0, 0};
    Tokens now = {0}, next = {0};
    find(&walk, &now, query);
    for (*layers = 0; query != key && now.count > 0 && !is_too_far(&walk);) {
        ++*layers;
        if (anyone_sees(mask, &now, key)) break;
        for (int i = 0; i < now.count; i++)
            for (int token = now.at[i].first; token < now.at[i].end; token++) look_around(&walk, mask, token, &next);
        Tokens swap = now;
        now = next, next = swap, next.count = 0;
    }
    bool gave_up = is_too_far(&walk);
    if (now.count == 0 && !gave_up) *layers = -1;
    for (int p = 0; p <= n / PAGE; p++) memory_free(walk.page[p]);
    memory_free(walk.page), memory_free(now.at), memory_free(next.at);
    return !gave_up;
}
