/* optimizer - from gradients to better parameters: AdamW, clipping, and the plan of the learning rate. Told in
 * stages/14_backprop. Sources: Loshchilov and Hutter 2017 (AdamW, and the cosine: 2016); Pascanu et al. 2013
 * (clipping). */
#ifndef MATH_OPTIMIZER_H
#define MATH_OPTIMIZER_H
#include "base/workers.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double rate;         /* the highest learning rate */
    double beta1, beta2; /* how much of the old running means stays */
    double eps;          /* 1e-8 */
    double decay;        /* weight decay, on the decayed parameters only */
    double clip;         /* the largest allowed norm of all gradients together; 0: no limit */
    int warmup;          /* steps over which the rate rises from 0 */
    bool cosine;         /* then falls along half a cosine, to a tenth of the highest at `steps` */
    int steps;
} AdamW;

/* The rate of step 0, 1, 2, ...: rate * (step + 1) / warmup while warming up, then constant or the cosine. */
double learning_rate(const AdamW *plan, int step);

/* sums[0] + sums[1] + ... in this order, over all workers of all ranks (base/ranks), into sums[0] of every rank, and
 * the Euclidean norm of the result. `count` gradients of n numbers each are here, on this rank. The order is fixed, so
 * the bits depend on how many there are altogether, not on where. The norm is NaN or infinite when a gradient is. */
double gradients_reduce(Workers *workers, float *const *sums, int count, size_t n);

/* One step, 0-based, of n parameters, of which the first `decayed` are matrices and get weight decay. m and v [n] are
 * the state, zero before step 0. `norm` is the gradient's, for clipping: above plan->clip it is scaled down to it. */
void adamw_step(Workers *workers, const AdamW *plan, int step, float *parameters, float *m, float *v,
                const float *gradient, size_t n, size_t decayed, double norm);
#endif
