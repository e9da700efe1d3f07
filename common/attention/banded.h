/* banded - which tiles of the n x m square a mask leaves over. Told in stages/13_efficient.
 *
 * The square is cut into tiles of a few queries by TILE_KEYS keys. A tile with nothing allowed costs nothing, one with
 * everything allowed needs no test, and only those on the edge of the band look at single cells. One strip of queries
 * is planned at a time, as bits, so that the n x m matrix never exists: O(m) memory. */
#ifndef ATTENTION_BANDED_H
#define ATTENTION_BANDED_H
#include "attention/mask.h"
#include <stddef.h>
#include <stdint.h>

enum { TILE_KEYS = 32 }; /* the allowed keys of one row of a tile are the bits of one word */

typedef struct {
    uint32_t *allowed; /* [tiles * queries]: the word of tile t, query r is allowed[t * queries + r]; bit b is key
                          t * TILE_KEYS + b */
    uint64_t *touched; /* a bit for each tile: does it hold an allowed cell? */
    int queries;       /* in a strip */
    int tiles;         /* in a row of the square */
} TileStrip;

/* A strip of so many queries over m keys, with nothing allowed. You free it. */
TileStrip strip_new(int queries, int m);
void strip_free(TileStrip *strip);
size_t strip_bytes(int queries, int m); /* what strip_new allocates */

/* The tokens that mask.global_at names, so that a strip need not look through all n of them for each query. You free
 * at. */
typedef struct {
    int *at, count;
} GlobalTokens;
GlobalTokens global_tokens(Mask mask, int m);

/* Forgets the last plan and plans the strip that begins at query first; queries from n on are allowed nothing. The work
 * is in proportion to the tiles that the rows' ranges touch. */
void strip_plan(TileStrip *strip, Mask mask, GlobalTokens globals, int first, int n, int m);

/* The first touched tile at or after `tile`; -1: there is none. */
int strip_next_tile(const TileStrip *strip, int tile);

static inline const uint32_t *strip_words(const TileStrip *strip, int tile, int query) {
    return strip->allowed + (size_t)tile * (size_t)strip->queries + query;
}
#endif
