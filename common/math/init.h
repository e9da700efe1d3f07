/* init - weights before any training, by PyTorch's recipes on base/rng: the same seed gives the digits of the Python
 * book. Told in stages/06_embeddings (tables) and 09_queries_keys_values (linear layers). */
#ifndef MATH_INIT_H
#define MATH_INIT_H
#include "base/rng.h"
#include "math/mat.h"

/* weight (out, in): each number uniform in [-1/sqrt(in), 1/sqrt(in)), row by row, then the bias [out] likewise (NULL:
 * none), as torch.nn.Linear(in, out) draws them. */
void init_linear(Rng *rng, Mat weight, float *bias);

/* m: each number uniform in [0, 1), row by row, as torch.rand(rows, cols). */
void init_uniform(Rng *rng, Mat m);

/* table (V, C): each number from N(0, 1), as torch.nn.Embedding(V, C) and torch.randn(V, C). The whole table is one
 * draw, so its rows must lie one after the other (stride == cols). */
void init_normal(Rng *rng, Mat table);
Mat init_normal_new(Rng *rng, int rows, int cols); /* the same in a matrix of its own; you free it */
#endif
