/* measures - numbers that describe one head's map: how sharp it is, how spread out, and what it looks at. Told in
 * stages/19_heads (entropy); stage 20's cards are these rows.
 *
 * A measure is one row of the table in measures.c: name, formula, range, how to read it, where it comes from, and a
 * function of what one walk over the map has summed (attention/measure_sums). Tables, pictures, --explain and the page
 * follow. Two families stand in it: the plain ones, the columns of 19_heads --tsv, which know of no mask; and those
 * that end in _allowed, which count allowed keys only, so that a row is not called sharp because a mask left it little
 * to look at.
 *
 * A map (n, n) has a row a query, and S_i are the keys that query i may see. Natural logarithms. Whatever the map (one
 * token, a row that sees nothing), a measure is a finite number. */
#ifndef ATTENTION_MEASURES_H
#define ATTENTION_MEASURES_H
#include "attention/measure_sums.h"

typedef struct {
    const char *name;      /* of the column */
    const char *formula;   /* in plain text */
    const char *range;     /* from least to most */
    const char *reading;   /* how to read it, in a sentence or two */
    const char *reference; /* where it comes from */
    bool plain;            /* one of the columns of 19_heads --tsv */
    double (*of)(const HeadSums *sums);
    bool grows; /* with the text, beyond 1: no scale from 0 to 1 fits it */
} Measure;

/* The rows, from 0: first the plain ones in the order of the columns, then the others; NULL: that was all. */
const Measure *measure_at(int place);
int measure_count(void);
void measure_all(const Measured *head, double *values); /* [measure_count()] in the order of the rows */
int measure_place(const char *name); /* -1: there is none of that name */

/* The fingerprint: out [2 * reach + 1], the mean weight of the pairs that are `reach` back, ..., 0, ..., `reach` ahead
 * (key minus query), over the allowed pairs of that distance; 0 where there is none. */
void measure_offsets(Mat map, Mask mask, int reach, float *out);
#endif
