/* windows - a long row of token ids becomes input-target pairs: the target is the input, one token later. Told in
 * stages/05_windows. The rules are those of the book's GPTDatasetV1 and of PyTorch's DataLoader.
 *
 * Windows are views: the pair number w of ids is ids[w * stride ..] for the input and the same one further for the
 * target. Nothing is copied until a batch is filled. */
#ifndef TEXT_WINDOWS_H
#define TEXT_WINDOWS_H
#include "base/rng.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const int *ids; /* [n] borrowed */
    size_t n;
    size_t context; /* tokens in a window (max_length, T); >= 1 */
    size_t stride;  /* from one start to the next; >= 1. Equal to context: no token is an input twice */
} Windows;

/* How many windows there are: starts 0, stride, ... below n - context, so ceil((n - context) / stride); 0 when n is not
 * greater than context, since the last target needs one token more. */
size_t windows_count(Windows windows);

/* The input and the target of window w < windows_count, `context` ids each. Borrowed. */
const int *windows_input(Windows windows, size_t w);
const int *windows_target(Windows windows, size_t w);

/* How many batches of `size` >= 1 windows make one epoch; the last one may be smaller unless drop_last leaves it out.
 */
size_t windows_batches(size_t count, size_t size, bool drop_last);

/* The windows in the order of an epoch. */
typedef struct {
    int *order; /* [count] owned */
    size_t count;
} Epoch;

/* 0, 1, 2, ...; or, with an rng, DataLoader(shuffle=True)'s next epoch: calling it again with the same rng gives the
 * second epoch of that loader. More than 2^31 - 1 windows are EXIT_DATA. Free with epoch_free. */
Epoch epoch_new(size_t count, Rng *rng);
void epoch_free(Epoch *epoch);

/* Batch number b of the epoch: fills inputs and targets, row after row (rows, context), room for size rows each; gives
 * the number of rows: size, or fewer in the last batch. */
size_t windows_batch(Windows windows, const Epoch *epoch, size_t b, size_t size, int *inputs, int *targets);

/* Where the training part of n things ends: int(n * share) as Python computes it, in double precision; share in
 * [0, 1]. */
size_t split_at(size_t n, double share);

/* The byte offset of character number `characters` in text[0..size), or size when there are not as many: a split by
 * characters that cuts none in half. A wrong byte counts as a character. */
size_t split_offset(const char *text, size_t size, size_t characters);
#endif
