/* positions - attention alone does not know the order of the words; seven ways to tell it. Told in stages/07_positions,
 * their effect in stages/09_queries_keys_values.
 *
 * Three places to put a position: into the embedding (learned, sinusoidal), into q and k (RoPE), or onto the scores
 * (Shaw, T5, ALiBi). Positions count from 0; `first` is the position of row 0, so that a window in the middle of a text
 * or the one new token behind a key-value cache gets its own. */
#ifndef ATTENTION_POSITIONS_H
#define ATTENTION_POSITIONS_H
#include "attention/attention.h"

/* ---- into the embedding ---- */

typedef enum {
    SINUSOIDS_INTERLEAVED, /* columns 2i, 2i+1 are sin, cos of p / 10000^(2i/C): Vaswani et al. 2017, section 3.5 */
    SINUSOIDS_CONCATENATED /* all sines, then all cosines, exponent i / (C/2 - 1): tensor2tensor */
} SinusoidLayout;

/* out (n, C) = the rows for positions first .. first + n - 1. An odd C ends in a sine (interleaved) or a zero. */
void sinusoidal_table(Mat out, int first, SinusoidLayout layout);

/* x (n, C) += rows first .. first + n - 1 of table (limit, C). The caller makes sure that there are so many. */
void positions_add(Mat x, Mat table, int first);

/* dtable (limit, C): rows first .. first + n - 1 += dx (n, C). The way back through positions_add. */
void positions_add_backward(Mat dtable, Mat dx, int first);

/* ---- into q and k ---- */

/* RoPE: x (n, heads * d_head) in place; in each head, pair number i of row r turns by (first + r) * base^(-2i/d_head).
 * The pairs are (2i, 2i + 1), or with half_split (i, i + d_head/2): Hugging Face's Llama and GPT-NeoX. inverse turns
 * back, and so is the backward pass: dx = the inverse turn of dout. An odd head keeps its last number. Su et al. 2021;
 * usual base 10000. */
void rope_rotate(Mat x, int heads, int first, float base, bool half_split, bool inverse);

/* ---- onto the scores ---- A bias (heads, n + m - 1) is one number for each head and distance: score(i, j) of head h
 * gets bias(h, j - i + n - 1) after the division by sqrt(d_head): Attention.bias. */

/* ALiBi's slope of head 0 .. heads - 1: 2^(-8 (head + 1) / heads) for a power of two, else the slopes of the power
 * below, then every second one of the power above. Press et al. 2021. */
float alibi_slope(int head, int heads);

/* bias(h, c) = -slope * distance, for n queries that begin at position first, and keys from 0. Keys behind the query
 * count by their distance too, which only matters without a causal mask. */
void alibi_bias(Mat bias, int n, int first);

/* Which of `buckets` a key at `distance` = j - i falls into: near ones each have their own, far ones share, and all
 * from `furthest` on are one. both_ways: half of the buckets are for keys after the query; otherwise those are all
 * bucket 0. buckets >= 4. Raffel et al. 2020; T5 uses 32 and 128. */
int t5_bucket(int distance, bool both_ways, int buckets, int furthest);

/* bias(h, c) = table(bucket, h), table (buckets, heads) as T5's files store it. T5 does not divide scores by
 * sqrt(d_head): multiply its q by that first. */
void t5_bias(Mat bias, Mat table, int n, int first, bool both_ways, int furthest);

/* Shaw's row for a pair: clip(key - query, -reach, reach) + reach, in 0 .. 2 * reach. Shaw et al. 2018. */
int shaw_index(int query, int key, int reach);

/* scores (n, m) += q . table row of each pair, before the division by sqrt(d_head); q (n, d_head), table
 * (2 * reach + 1, d_head). first is the position of query 0. */
void shaw_scores(Mat scores, Mat q, Mat table, int first);

/* out (n, d_head) += map (n, m) times the table rows of its pairs: the values' share. */
void shaw_values(Mat out, Mat map, Mat table, int first);

/* ---- all of them under one name ---- */

typedef enum { POSITIONS_INPUT, POSITIONS_TURN, POSITIONS_BIAS, POSITIONS_PAIR, POSITIONS_NOWHERE } PositionPlace;

/* A new scheme is a row in positions.c and its function: a GPT (model/gpt) then learns and runs with it. */
typedef struct {
    const char *name; /* none learned sinusoidal shaw t5 alibi rope */
    PositionPlace place;
    bool trained;        /* it has a table that training fills */
    bool any_length;     /* defined for positions that training never saw */
    const char *formula; /* one line for people */
    const char *source;
    /* What is computed at its place, where no table is needed; NULL at the others. As sinusoidal_table, rope_rotate and
     * alibi_bias. */
    void (*rows)(Mat out, int first);
    void (*turn)(Mat x, int heads, int first, bool back);
    void (*bias)(Mat bias, int n, int first);
} PositionScheme;

extern const PositionScheme POSITION_SCHEMES[];
enum { POSITION_SCHEME_COUNT = 7 };

const PositionScheme *position_scheme(const char *name); /* NULL: no such scheme */

/* A scheme with what it needs; what a scheme does not use stays zero. */
typedef struct {
    const PositionScheme *scheme;
    Mat table;  /* learned (limit, C), t5 (buckets, heads), shaw (2 * reach + 1, d_head); borrowed */
    Mat values; /* shaw's table for the values; data NULL: none; borrowed */
} Positions;

/* x (n, C) gets its positions, if the scheme is one for the input; otherwise nothing happens. */
void positions_embed(Mat x, const Positions *positions, int first);

/* attention_forward of `a` with the scheme's share in it: q and k are turned (as copies), or the scores get their bias.
 * Schemes for the input add nothing here. Query and key 0 are at position 0. */
void positions_attention(Attention a, Mat out, Mat maps, const Positions *positions);
#endif
