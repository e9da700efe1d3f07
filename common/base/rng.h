/* rng - random numbers: the Mersenne Twister MT19937 with PyTorch's CPU recipes, so that the same seed prints the same
 * digits as the Python book beside you. Sources: Matsumoto and Nishimura 1998; the recipes are PyTorch's CPU kernels.
 * The state is yours to pass: there is no hidden generator. */
#ifndef BASE_RNG_H
#define BASE_RNG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t word[624];
    int at;         /* the next word to hand out; 624 when a new batch must be made */
    bool has_spare; /* rng_normal makes numbers in pairs */
    double spare;
} Rng;

Rng rng_seed(uint64_t seed);                      /* torch.manual_seed(seed): the low 32 bits count */
uint32_t rng_bits(Rng *rng);                      /* 32 random bits */
uint64_t rng_bits64(Rng *rng);                    /* two draws, the first one on top */
double rng_double(Rng *rng);                      /* [0, 1) with 53 bits */
float rng_float(Rng *rng, float low, float high); /* [low, high) with 24 bits, as torch.rand and nn.init.uniform_ */

/* n numbers of N(mean, deviation), as torch.randn / nn.init.normal_ for a tensor of n elements (n < 16 and n >= 16 are
 * different recipes there, and so here): equal within 1e-6, since logarithm and cosine differ in the last bits. */
void rng_normal(Rng *rng, float *out, size_t n, float mean, float deviation);

/* keep[i] = 0 or 1/(1-p): nn.Dropout(p)'s factors for n elements. */
void rng_dropout(Rng *rng, float *keep, size_t n, double p);

/* out = a permutation of 0..n-1: torch.randperm(n). */
void rng_permutation(Rng *rng, int *out, int n);

/* The order in which DataLoader(shuffle=True) visits n samples in its next epoch. */
void rng_shuffle_epoch(Rng *rng, int *out, int n);
#endif
