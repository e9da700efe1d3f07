/* measures - numbers that describe one head's map: how sharp it is, how spread out, and what it looks at. Told in
 * stages/19_heads (entropy); stage 20's cards are these rows.
 *
 * A measure is one row of the table in measures.c: name, formula, range, how to read it, where it comes from, and the
 * function with the cells that it counts. Tables, pictures, --explain and the page follow. Two families stand in it:
 * the plain ones, the columns of 19_heads --tsv, which know of no mask; and those that end in _allowed, which count
 * allowed keys only, so that a row is not called sharp because a mask left it little to look at.
 *
 * A map (n, n) has a row a query, and S_i are the keys that query i may see. Natural logarithms. Whatever the map (one
 * token, a row that sees nothing), a measure is a finite number. */
#ifndef ATTENTION_MEASURES_H
#define ATTENTION_MEASURES_H
#include "attention/mask.h"
#include "math/mat.h"

/* What a token is, for the shares: any of these together. */
enum { MARK_SEPARATOR = 1, MARK_PUNCTUATION = 2, MARK_SPECIAL = 4 };

/* One head, as a measure sees it. Everything is borrowed. */
typedef struct {
    Mat map;                    /* (n, n) */
    Mask mask;                  /* that it is under */
    const unsigned char *marks; /* [n] of MARK_...; NULL: no token is anything */
    const int *ids;             /* [n] which token stands where; NULL: all differ */
    float *room;                /* [n * n] to work in: what stood there is lost */
} Measured;

/* Does a measure count the cell of query i and key j? */
typedef bool (*MeasureCells)(const Measured *head, int i, int j);

typedef struct {
    const char *name;      /* of the column */
    const char *formula;   /* in plain text */
    const char *range;     /* from least to most */
    const char *reading;   /* how to read it, in a sentence or two */
    const char *reference; /* where it comes from */
    bool plain;            /* one of the columns of 19_heads --tsv */
    double (*of)(const Measured *head, MeasureCells in);
    MeasureCells in; /* the cells that `of` counts, where it counts some */
} Measure;

/* The rows, from 0: first the plain ones in the order of the columns, then the others; NULL: that was all. */
const Measure *measure_at(int place);
int measure_count(void);
double measure_value(int place, const Measured *head);
int measure_place(const char *name); /* -1: there is none of that name */

/* The fingerprint: out [2 * reach + 1], the mean weight of the pairs that are `reach` back, ..., 0, ..., `reach` ahead
 * (key minus query), over the allowed pairs of that distance; 0 where there is none. */
void measure_offsets(Mat map, Mask mask, int reach, float *out);
#endif
