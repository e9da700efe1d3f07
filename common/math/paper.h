/* paper - a matrix in double precision, for lessons that compute as on paper: told code reads
 * `q.at[i][c] * k.at[j][c]`, as the formula does. Slow, and meant to be: the fast twin works on Mat, and the lesson
 * ends by proving the two equal. Why doubles: a gradient is checked by the difference of two nearly equal losses, and
 * of a float's 7 digits that leaves 4. Used by the told code of every stage from 06 on. */
#ifndef MATH_PAPER_H
#define MATH_PAPER_H
#include "math/mat.h"

typedef struct {
    int rows, cols;
    double **at; /* element (i, j) is at[i][j]; the rows lie one after the other */
} Paper;

Paper paper_new(int rows, int cols); /* zeroed; you free it. rows, cols >= 1 */
Paper paper_of(Mat m);               /* a copy; you free it */
void paper_free(Paper *paper);
void paper_copy(Paper out, Paper from);  /* the same shape */
void papers_free(Paper *const *all);     /* up to a NULL: papers_free((Paper *[]){&q, &k, &v, NULL}) */
void paper_to_mat(Mat out, Paper paper); /* rounded to floats; the same shape */
Mat paper_rounded(Paper paper);          /* the same in a matrix of its own; you free it */
double paper_max_abs(Paper paper);

/* ---- told once, lives once, proven equal ---- */

/* Fails with EXIT_DATA, naming `what`, unless common and told (the same shape) differ by at most 1e-5, times the
 * largest told number where that is above 1. */
void prove_equal(const char *what, Mat common, Paper told);

/* The same of attention's weights, and of what is made of them. A float knows a score of 300 to 0.00003, and a weight
 * moves by as much as its score: where `scores`, the largest by size, is above 32, so many times more is allowed. */
void prove_scored(const char *what, Mat common, Paper told, double scores);

/* The line that ends every proof: what was allowed, not what was met, which is another processor's another.
 * `prove_equal` has not come back if it were not true. */
void prove_done(void);
void prove_done_scored(double scores);
#endif
