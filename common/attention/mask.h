/* mask - who may look at whom, as a rule of a few knobs, never as an n x n table. Told in stages/10_masks.
 *
 * Sources: Vaswani et al. 2017 (causal), Child et al. 2019 (strided), Beltagy et al. 2020 (local, dilated, global),
 * Raffel et al. 2020 (prefix), Xiao et al. 2023 (sinks). */
#ifndef ATTENTION_MASK_H
#define ATTENTION_MASK_H
#include <stdbool.h>
#include <stdio.h>

typedef struct {
    bool causal;  /* no key after the query */
    int window;   /* distances below it are visible, in steps of the dilation; 0: no limit (HF: sliding_window) */
    int dilation; /* only distances that it divides are visible; 0 or 1: every distance */
    int global;   /* the first `global` tokens see all and are seen by all (a causal mask still forbids the future) */
    int sinks;    /* the first `sinks` keys stay in sight at any distance; as queries they see no more than others */
    int stride;   /* distances that it divides are visible, too, beyond the window; 0: none */
    int prefix;   /* under a causal mask the first `prefix` tokens see each other (prefix-LM) */
    int chunk;    /* attention stays inside blocks of this many tokens; 0: one block */
    int valid;    /* padding: only the first `valid` tokens are real keys; 0: all are */
    const bool *global_at; /* [n] more global tokens, anywhere; borrowed, may be NULL */
    const bool *picture;   /* [n * n] any pattern that a person drew: picture[query * n + key]; borrowed, may be NULL */
    int tokens;            /* n: the side of global_at and picture. Among more tokens the later ones are not named */
} Mask;                    /* zeroed: all see all */

typedef struct {
    int first, end, step; /* keys first, first + step, ... below end */
} Span;

/* How many keys that is, of a span with at least one; no sum passes an int, however large the step. */
static inline int span_keys(Span s) {
    return (s.end - s.first - 1) / s.step + 1;
}

/* May `query` look at `key`? The definition; everything else must agree with it. */
bool mask_allows(Mask mask, int query, int key);

/* Does a token see and is it seen at any distance: one of the first `global`, or named in global_at? */
bool mask_is_global(Mask mask, int token);

/* Walks one row's allowed keys, in rising order, as ranges: start with Span{0}; false when there are no more. A range
 * ends right behind its last key, and has step 1 when that is also its first. The work is in proportion to the allowed
 * keys, not to n (a drawn picture is the exception, it is looked through; global_at is searched at the speed of
 * memchr). */
bool mask_next_span(Mask mask, int n, int query, Span *span);

bool mask_is_full(Mask mask); /* the zeroed rule: nothing is forbidden */

/* How many (query, key) pairs are allowed among n tokens. */
long long mask_count(Mask mask, int n);

/* [n * m] true where a query may not look, for pictures; NULL when everything is allowed. You free it. */
bool *mask_hidden_cells(Mask mask, int n, int m);

/* n lines of '#' (allowed) and '.', the form that mask_read_picture reads. */
void mask_print(Mask mask, int n, FILE *out);

#endif
