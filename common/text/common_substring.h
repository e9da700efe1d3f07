/* common_substring - which runs of bytes two texts share: what a model that wrote one of them has copied from the
 * other. Told in stages/16_sampling.
 *
 * One text becomes a suffix automaton (Blumer et al. 1985): a small machine that follows exactly the runs that occur in
 * it. It has at most 2 states a byte, is built in one walk over the text, and the other text then runs through it once,
 * so both together cost their lengths and not their product. */
#ifndef TEXT_COMMON_SUBSTRING_H
#define TEXT_COMMON_SUBSTRING_H
#include <stddef.h>
#include <stdint.h>

typedef struct SubstringState SubstringState;
typedef struct SubstringEdge SubstringEdge;

typedef struct {
    SubstringState *state; /* [states] owned; state 0 is the start */
    SubstringEdge *edge;   /* [edges] owned; edge 0 is none */
    uint32_t *slot;        /* [2^slot_bits] owned: an edge by its state and byte; 0: none */
    uint32_t states, edges, edge_room;
    int slot_bits;
} Substrings;

/* All runs of text[0..size). Takes 70 to 130 bytes a byte; more than 2^30 are EXIT_DATA. The text itself is not needed
 * afterwards. You free it. */
Substrings substrings_new(const char *text, size_t size);
void substrings_free(Substrings *substrings);

/* other[at..at+length) is text[place..place+length), at the first place where it occurs. */
typedef struct {
    size_t at, place, length;
} SharedRun;

/* The longest run that both share, the first one of equal length in `other`; length 0 when they share nothing. */
SharedRun substrings_longest(const Substrings *substrings, const char *other, size_t size);

/* The runs of at least `least` >= 1 bytes that both share and that could not be longer on either side, in the order of
 * `other`; they may overlap, but none lies inside another. *count says how many. You free them with memory_free; NULL
 * when there is none. */
SharedRun *substrings_shared(const Substrings *substrings, const char *other, size_t size, size_t least, size_t *count);
#endif
