/* toy_heads - attention heads with seeded weights on a toy's words, before there is a model. They mean nothing, and
 * what the stages show must hold for any weights. Told in stages/09_queries_keys_values (one head) and 12_multi_head;
 * used in 10 and 11, too. */
#ifndef MODEL_TOY_HEADS_H
#define MODEL_TOY_HEADS_H
#include "attention/attention.h"
#include "base/rng.h"

/* torch.rand(C, d), multiplied from the right, as the book's first head; or torch.nn.Linear without bias. */
typedef enum { TOY_RAND, TOY_LINEAR } ToyWeights;

typedef struct {
    Mat from, to;        /* (n, C) who asks, (m, C) who answers: the same words, or two sentences; borrowed */
    Mat wq, wk, wv;      /* (heads * d, C) as files store them: rows h * d and on belong to head h */
    Attention attention; /* q (n, heads * d), k and v (m, heads * d), owned; mask, scale and bias are yours to set */
    Mat maps, out;       /* (heads * n, m), (n, heads * d): made by the first run */
} ToyHeads;

/* Weights are drawn `part` rows of Q, of K and of V at a time: d, as the book's wrapper makes its heads one after the
 * other, each with its Q, K and V; heads * d, as one large head. Nothing is computed yet. You free it. */
ToyHeads toy_heads_new(Mat from, Mat to, int heads, int d, ToyWeights weights, Rng *rng, int part);
void toy_heads_free(ToyHeads *heads);

void toy_heads_project(ToyHeads *heads); /* q, k and v */
void toy_heads_run(void *heads);         /* a ToyHeads *: from the words to maps and out */
#endif
