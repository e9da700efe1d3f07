/* paper - a matrix in double precision, for lessons that compute as on paper. Why not Mat: a gradient is checked by the
 * difference of two nearly equal losses, and of a float's 7 digits that leaves 4. */
#ifndef STAGE_PAPER_H
#define STAGE_PAPER_H
#include "math/mat.h"

typedef struct {
    int rows, cols;
    double **at; /* element (i, j) is at[i][j]; the rows lie one after the other */
} Paper;

Paper paper_new(int rows, int cols); /* zeroed; you free it. rows, cols >= 1 */
Paper paper_of(Mat m);               /* a copy; you free it */
void paper_free(Paper *paper);
void paper_to_mat(Mat out, Paper paper); /* rounded to floats; the same shape */
double paper_max_abs(Paper paper);
#endif
