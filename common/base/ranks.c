#include "base/ranks.h"

static RankPart part_of(int n, int rank) {
    long long count = ranks_count();
    return (RankPart){(int)(n * (long long)rank / count), (int)(n * (rank + 1LL) / count)};
}

RankPart ranks_part(int n) {
    return part_of(n, ranks_number());
}

bool ranks_first(void) {
    return ranks_number() == 0;
}

#ifndef HEADLIGHT_MPI /* ---- one rank: nothing to pass, nobody to pass it to ---- */
#include "base/error.h"
#include "base/options.h"

#include <limits.h>
#include <stdlib.h>

/* Started by Open MPI's mpirun all the same: each process would do all the work, into the same folder. */
void ranks_begin(void) {
    const char *size = getenv("OMPI_COMM_WORLD_SIZE"), *number = getenv("OMPI_COMM_WORLD_RANK");
    long ranks = 1, rank = 0;
    if (!size || !number || !text_to_int(size, 1, INT_MAX, &ranks) || !text_to_int(number, 0, INT_MAX, &rank)) return;
    if (ranks == 1) return;
    error_follow((int)rank);
    fail(EXIT_USAGE,
         "mpirun started %ld of this program, built without MPI. Try: make MPI=1 build/mpi/%s, and that one", ranks,
         error_program_name());
}

int ranks_count(void) {
    return 1;
}

int ranks_number(void) {
    return 0;
}

int ranks_most(int number) {
    return number;
}

bool ranks_agree(uint64_t number) {
    (void)number;
    return true;
}

void ranks_broadcast(void *bytes, size_t size) {
    (void)bytes, (void)size;
}

void ranks_gather(double *all, int n) {
    (void)all, (void)n;
}

void ranks_sum(float *sum, size_t n, RankAdd add, void *context) {
    (void)sum;
    add(context, NULL, 0, n);
}

#else /* ---- MPI: a failing call ends all ranks by itself, so no result is looked at ---- */
#include "base/error.h"
#include "base/memory.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { STRETCH = 1 << 16, MOST_BYTES = 1 << 30 }; /* floats at a time: 256 KB; MPI counts in int */

static int rank, count = 1;    /* who we are; only ranks_begin writes them */
static int *firsts, *lengths;  /* [count] room for ranks_gather */
static float room[2][STRETCH]; /* for what arrives down the chain */

static void leave(void) {
    MPI_Finalize();
    memory_free(firsts), memory_free(lengths);
}

void ranks_begin(void) {
    int level;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    firsts = memory_new((size_t)count, sizeof *firsts, "the ranks");
    lengths = memory_new((size_t)count, sizeof *lengths, "the ranks");
    atexit(leave);
    if (rank == 0) return;
    error_follow(rank);
    if (!freopen("/dev/null", "w", stdout)) fail(EXIT_ENVIRONMENT, "/dev/null: cannot be written");
}

int ranks_count(void) {
    return count;
}

int ranks_number(void) {
    return rank;
}

int ranks_most(int number) {
    int most = number;
    if (count > 1) MPI_Allreduce(&number, &most, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return most;
}

bool ranks_agree(uint64_t number) {
    uint64_t both[2] = {number, ~number}, most[2]; /* the largest, and the complement of the smallest */
    MPI_Allreduce(both, most, 2, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD);
    return most[0] == ~most[1];
}

void ranks_broadcast(void *bytes, size_t size) {
    for (size_t at = 0; count > 1 && at < size; at += MOST_BYTES)
        MPI_Bcast((char *)bytes + at, (int)(size - at < MOST_BYTES ? size - at : MOST_BYTES), MPI_BYTE, 0,
                  MPI_COMM_WORLD);
}

void ranks_gather(double *all, int n) {
    if (count == 1) return;
    for (int i = 0; i < count; i++) {
        RankPart part = part_of(n, i);
        firsts[i] = part.first, lengths[i] = part.end - part.first;
    }
    MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, lengths, firsts, MPI_DOUBLE, MPI_COMM_WORLD);
}

/* ---- the chain ---- */

typedef struct {
    size_t first;
    int length;
} Stretch;

static Stretch stretch_of(size_t n, size_t index) {
    size_t first = index * STRETCH, left = n > first ? n - first : 0;
    return (Stretch){first, (int)(left < STRETCH ? left : STRETCH)};
}

/* The next stretch is awaited before this one is worked on: it travels meanwhile. */
static void await(float *into, Stretch s, int from, MPI_Request *request) {
    if (s.length > 0) MPI_Irecv(into, s.length, MPI_FLOAT, from, 0, MPI_COMM_WORLD, request);
}

/* 1. Down the chain: take the sum of the lower ranks, add our own, pass it on. */
static void add_down(float *sum, size_t n, RankAdd add, void *context) {
    MPI_Request coming[2];
    if (rank > 0) await(room[0], stretch_of(n, 0), rank - 1, &coming[0]);
    for (size_t i = 0; stretch_of(n, i).length > 0; i++) {
        Stretch s = stretch_of(n, i);
        if (rank > 0) {
            await(room[(i + 1) % 2], stretch_of(n, i + 1), rank - 1, &coming[(i + 1) % 2]);
            MPI_Wait(&coming[i % 2], MPI_STATUS_IGNORE);
        }
        add(context, rank > 0 ? room[i % 2] : NULL, s.first, (size_t)s.length);
        if (rank + 1 < count) MPI_Send(sum + s.first, s.length, MPI_FLOAT, rank + 1, 0, MPI_COMM_WORLD);
    }
}

/* 2. The last rank has the totals; back up the chain. */
static void pass_up(float *sum, size_t n) {
    MPI_Request coming[2];
    if (rank + 1 < count) await(sum, stretch_of(n, 0), rank + 1, &coming[0]);
    for (size_t i = 0; stretch_of(n, i).length > 0; i++) {
        Stretch s = stretch_of(n, i), next = stretch_of(n, i + 1);
        if (rank + 1 < count) {
            await(sum + next.first, next, rank + 1, &coming[(i + 1) % 2]);
            MPI_Wait(&coming[i % 2], MPI_STATUS_IGNORE);
        }
        if (rank > 0) MPI_Send(sum + s.first, s.length, MPI_FLOAT, rank - 1, 0, MPI_COMM_WORLD);
    }
}

void ranks_sum(float *sum, size_t n, RankAdd add, void *context) {
    if (count == 1) {
        add(context, NULL, 0, n);
        return;
    }
    add_down(sum, n, add, context);
    pass_up(sum, n);
}
#endif
