/* bootstrap - how far a mean over sentences can be trusted: intervals from the sentences themselves, drawn again and
 * again. Used in stage 19. Source: Efron and Tibshirani 1993, chapter 13 (percentile intervals).
 *
 * A replicate is as many sentences as there are, drawn with replacement; its mean is one of the means that might have
 * come out; and of BOOTSTRAP_REPLICATES such means the middle 95% are the interval. All series of numbers about one
 * sentence (every mask, every head) are drawn together, so that what is compared stays paired.
 *
 * Nothing is kept of a sentence: of each replicate there is the sum so far of each series, and so the room does not
 * grow with the text. How often a sentence is drawn into a replicate is settled when it comes by: of k draws that are
 * left for m sentences it gets Binomial(k, 1/m), which together is the same as n draws of n places. */
#ifndef MATH_BOOTSTRAP_H
#define MATH_BOOTSTRAP_H
#include "base/rng.h"
#include "base/workers.h"

enum { BOOTSTRAP_REPLICATES = 1000 };

typedef struct {
    int series, sentences, left; /* left: sentences to come */
    int *draws;                  /* [BOOTSTRAP_REPLICATES] that are left for them */
    double *drawn;               /* [BOOTSTRAP_REPLICATES] how often each has drawn this sentence */
    double *sum;                 /* [series][BOOTSTRAP_REPLICATES] */
    int *lacking;                /* the same: draws of sentences that had no number */
    double *total;               /* [series] of the sentences as they are */
    int *count;                  /* [series] sentences that had a number */
    Rng rng;
} Bootstrap; /* all owned */

/* For so many sentences, 1 at least, which then come by one after the other. The same seed gives the same bits,
 * whatever the workers. You free it. */
Bootstrap bootstrap_new(int series, int sentences, uint64_t seed);
void bootstrap_free(Bootstrap *b);

/* One more sentence: values [series]; NaN where it has none. At most as often as bootstrap_new was told. */
void bootstrap_add(Bootstrap *b, Workers *workers, const double *values);

typedef struct {
    double mean, low, high; /* 0 when no sentence had a number */
    int sentences;          /* that had one */
} Interval;

/* When all sentences have come: the mean of a series, and the 2.5 and 97.5 percent quantiles of the replicates' means,
 * linear between two of them. Replicates that drew no sentence with a number are left out. */
Interval bootstrap_interval(const Bootstrap *b, int series);

/* The share q of the sorted numbers [n], n >= 1, linear between two, as numpy.quantile has it. */
double quantile_of_sorted(const double *sorted, int n, double q);
#endif
