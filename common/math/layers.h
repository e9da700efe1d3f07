/* layers - what a transformer does to one token at a time: linear maps, layer norm. Told in stages/06_embeddings
 * (linear), 12_multi_head (layer norm, feed-forward) and 17_bert (a whole layer). Workers share the work out; the
 * numbers do not depend on how many. */
#ifndef MATH_LAYERS_H
#define MATH_LAYERS_H
#include "base/workers.h"
#include "math/activation.h"
#include "math/mat.h"

typedef struct {
    Mat weight;  /* (out, in), as the files store it: y = x W^T + b */
    float *bias; /* [out], or NULL for none; borrowed. Only training writes into either */
} Linear;

typedef struct {
    float *gain, *bias; /* [width]; borrowed. Files call them weight and bias, or gamma and beta */
    float eps;
} LayerNorm;

/* out (n, m) = activation(x (n, k) W^T + b), W (m, k). */
void linear_forward(Workers *workers, Mat out, Mat x, Linear layer, Activation activation);

typedef struct {
    Mat out; /* (n, m) */
    Linear layer;
} LinearJob;

/* Up to MOST_JOBS linear layers of the same x in one round of the workers: queries, keys and values. */
enum { MOST_JOBS = 4 };
void linear_forward_all(Workers *workers, const LinearJob *jobs, int count, Mat x, Activation activation);

/* out (n, C) = rows ids[i] of table (V, C); ids must be below V. */
void embedding_forward(Mat out, Mat table, const int *ids);

/* out (n, C) = layer norm of x (n, C), row by row. */
void layer_norm_forward(Workers *workers, Mat out, Mat x, LayerNorm norm);

/* "Add & Norm": out = layer norm of (x + y), all (n, C); y is overwritten by the sum. out may be x or y. */
void add_norm_forward(Workers *workers, Mat out, Mat x, Mat y, LayerNorm norm);
#endif
