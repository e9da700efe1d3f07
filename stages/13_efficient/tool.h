/* tool - what the files of stage 13 share. main.c is the lecture; tool.c reads the command line, makes one attention
 * run and answers --time and --export with it; draw.c measures and draws. */
#ifndef STAGE_13_TOOL_H
#define STAGE_13_TOOL_H
#include "attention/mask_options.h"
#include "base/rng.h"
#include "base/workers.h"
#include "math/paper.h"
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

Choices choices_parse(int argc, char **argv);

/* --time and --export; false when neither was asked for: then it is the lesson's turn, which fails with EXIT_USAGE for
 * more tokens than plain loops can take. */
bool answered(const Choices *asksk, Mask mask, Workers *workers);

/* Operations, exponentials and bytes of one layer's attention, for longer and longer texts. */
void tell_where(int heads, int width);

/* What a mask lets us skip: how many tiles of an n x n map are allowed whole, in part and not at all; how many cells
 * are computed in the first two kinds, and how many of them are allowed. */
typedef struct {
    long long full, edge, none, computed, allowed;
} Tiles;

/* A table of some masks and the user's own. */
void tell_tiles(const NamedMask *own, int n, Tiles (*told)(Mask mask, int n));

Paper random_paper(Rng *rng, int rows, int cols); /* from N(0, 1); you free it */

/* One attention pass over seeded random numbers. */
typedef struct {
    Mat q, k, v, out; /* (n, heads * d_head) */
    Mat maps;         /* (heads * n, n) when the maps are kept, else data NULL */
    int heads;
    Mask mask;
    Workers *workers;
} Run;

/* Fails with EXIT_USAGE, before anything is allocated, when n tokens do not fit into this machine. */
Run run_new(const Choices *ask, int n, Mask mask, bool keep_maps, Workers *workers);
void run_once(void *run); /* fills out, by the streaming pass or (maps there) by the plain one */
void run_free(Run *run);

/* Pictures, or bars in the terminal: time and memory against the number of tokens, for each mask. */
void draw_times(const Choices *ask, Workers *workers);
void draw_memory(const Choices *ask);

/* The speed of y (n, m) = x (n, k) w (m, k)^T against n: as told, by OpenBLAS and by common/. */
void draw_products(const Choices *asksk, void (*told)(Paper y, Paper x, Paper w));
#endif
