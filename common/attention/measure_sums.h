/* measure_sums - one walk over a head's map, which leaves behind all that its measures are made of: so a measure is a
 * line of arithmetic, and no cell is looked at twice. For attention/measures and its rows only. */
#ifndef ATTENTION_MEASURE_SUMS_H
#define ATTENTION_MEASURE_SUMS_H
#include "attention/mask.h"
#include "math/mat.h"
#include <stddef.h>

/* What a token is, for the shares: any of these together. */
enum { MARK_SEPARATOR = 1, MARK_PUNCTUATION = 2, MARK_SPECIAL = 4 };

/* One head, as a measure sees it. Everything is borrowed. */
typedef struct {
    Mat map;                    /* (n, n) */
    Mask mask;                  /* that it is under */
    const unsigned char *marks; /* [n] of MARK_...; NULL: no token is anything */
    const int *ids;             /* [n] which token stands where; NULL: all differ */
    float *room;                /* [measure_room(n)] to work in: what stood there is lost */
} Measured;

size_t measure_room(int n); /* how many floats */

/* Numbers of a set of cells; zeros when there are none. */
typedef struct {
    double count, nearly_empty; /* how many; and of those below 0.01 */
    double deviation;           /* from their mean, of the population */
    double median;              /* of an even count the mean of the two in the middle, as numpy has it */
} CellSums;

/* Arrays lie in head->room; those of rows and columns are [n]. Sums are in single precision, a row's or a column's at a
 * time: 1e-6 of the sum at most for n up to 4096. */
typedef struct {
    const Measured *head;
    int n;
    float *entropy;    /* of a row, - sum A ln(A + 1e-10), never below 0; how far it is from - sum A ln A: n 1e-10 */
    float *largest;    /* of a row */
    float *keys;       /* how many a row may see */
    float *separators; /* of a row: the weight on tokens that are MARK_SEPARATOR */
    float *column;     /* the weight that a key gets from all rows */
    float *diagonal;   /* [2n - 1] the weight of all pairs with key - query = at - (n - 1) */
    double same_word;  /* the weight on the same token elsewhere */
    double induction;  /* on what stands behind it */
    CellSums all, allowed;
} HeadSums;

HeadSums measure_sums(const Measured *head);

/* The weight of all pairs of that distance, key minus query; 0 outside of the map. */
double sums_at_offset(const HeadSums *sums, int offset);
#endif
