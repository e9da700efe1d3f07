/* What the files of this stage share: the command line, and one attention run whose time can be taken. */
#ifndef STAGES_EFFICIENT_LESSON_H
#define STAGES_EFFICIENT_LESSON_H
#include "attention/mask_options.h"
#include "base/options.h"
#include "base/workers.h"
#include "math/mat.h"
#include "show/show_options.h"

enum { STREAMING, PLAIN }; /* --how */

typedef struct {
    Common common;
    ShowOptions show;
    MaskOptions mask;
    int tokens, heads, head_width;
    int how;            /* STREAMING or PLAIN */
    const char *export; /* a file, or NULL */
} Choices;

/* One attention pass over seeded random numbers. */
typedef struct {
    Mat q, k, v, out; /* (n, heads * d_head) */
    Mat maps;         /* (heads * n, n) when the maps are kept, else data NULL */
    int heads;
    Mask mask;
    Workers *workers;
} Run;

/* Fails with EXIT_USAGE, before anything is allocated, when n tokens do not fit into this machine. */
Run run_new(const Choices *a, int n, Mask mask, bool keep_maps, Workers *workers);
void run_once(void *run); /* fills out, by the streaming pass or (maps there) by the plain one */
void run_free(Run *run);

/* `MEDIAN MINIMUM  rate tokens/s, peak memory X MB` of --time runs. */
void report_time(const Choices *a, Run *run);

/* q, k, v and out (heads, n, d) of the run. */
void export_run(const char *path, const Run *run);

/* Pictures, or bars in the terminal: time and memory against the number of tokens, for each mask. */
void draw_times(const Choices *a, Workers *workers);
void draw_memory(const Choices *a);

/* The speed of y (n, m) = x (n, k) w (m, k)^T against n: as told, by OpenBLAS and by common/. */
typedef void (*Product)(Mat y, Mat x, Mat w);
void draw_products(const Choices *a, Product told);
#endif
