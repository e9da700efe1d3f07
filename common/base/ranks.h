/* ranks - one program, running several times, perhaps on several machines, that passes numbers to itself.
 *
 * Told in docs/scale.md. Every process is a rank, numbered from 0; a build by `make MPI=1` joins those that mpirun has
 * started, any other is one rank and needs no MPI. All ranks run the same lines in the same order; what stands under
 * "passing numbers" must be called by all of them, and by the main thread only. Only rank 0 is heard: the standard
 * output of the others goes nowhere, and so do their notes; their errors carry their number. When one rank fails,
 * mpirun ends all. */
#ifndef BASE_RANKS_H
#define BASE_RANKS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Joins the other ranks; call it first in main. Leaves them by itself when main returns or the program exits. Fails
 * with EXIT_USAGE in a build without MPI that mpirun has started several times: they would all do the same work. */
void ranks_begin(void);

int ranks_count(void);  /* at least 1 */
int ranks_number(void); /* 0..count-1 */
bool ranks_first(void); /* the one that prints, draws and saves */

/* The half-open range of 0..n-1 that belongs to this rank: whole, in order, sizes differ by at most one. */
typedef struct {
    int first, end;
} RankPart;
RankPart ranks_part(int n);

/* ---- passing numbers: all ranks call ---- */

/* The largest of what the ranks bring, for all of them: did anyone get a signal? */
int ranks_most(int number);

/* True when all ranks bring the same number: the fingerprint of a text, of a plan, of parameters. */
bool ranks_agree(uint64_t number);

/* `size` bytes of rank 0 to all others. */
void ranks_broadcast(void *bytes, size_t size);

/* all [n]: each rank has filled ranks_part(n); afterwards everyone has all of them. */
void ranks_gather(double *all, int n);

/* sum [n] = what rank 0 brings + what rank 1 brings + ..., added in this order, for every rank: the same bits as one
 * process that adds in this order. add() does the adding of one stretch: it puts before[0..length) + its own numbers
 * at first..first+length-1 into sum + first; `before` holds the sums of all lower ranks, NULL on rank 0. Stretches go
 * down the chain of ranks one behind the other, so that all ranks add at the same time, and the totals come back up the
 * same way. A rank sends 8 n bytes (the first and the last 4 n), however many ranks there are. */
typedef void (*RankAdd)(void *context, const float *before, size_t first, size_t length);
void ranks_sum(float *sum, size_t n, RankAdd add, void *context);
#endif
