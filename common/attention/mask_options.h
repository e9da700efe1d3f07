/* mask_options - --mask and its parameters: the same words mean the same rule everywhere. Told in stages/10_masks. */
#ifndef ATTENTION_MASK_OPTIONS_H
#define ATTENTION_MASK_OPTIONS_H
#include "attention/mask_table.h"
#include "base/options.h"

typedef struct {
    int kind, usual;       /* --mask as a place in MASK_KIND, -1: not given; then it is the usual one */
    Mask said;             /* the knobs as the words give them, -1: not given; said.causal is --causal */
    const char *global_at; /* "0,7" */
    const char *file;      /* --mask-file */
} MaskOptions;

MaskOptions mask_options_new(int usual); /* nothing given yet */

/* Adds the options to a list, a heading first. */
void mask_options_add(Options *list, MaskOptions *options);

bool mask_options_named(const MaskOptions *options); /* was --mask given? `--mask none` counts */
bool mask_options_given(const MaskOptions *options); /* or anything else that makes a mask? */

/* Closes the future, if the kind leaves some of it open; of none, causal is what is left. */
void mask_options_make_causal(MaskOptions *options);

/* A knob below what makes sense for the kind, which is given, becomes the least that does: for hands on a slider. */
void mask_options_raise(MaskOptions *options);

/* The same options with a kind and every knob that it takes: one that was not given is chosen from n (MASK_KNOB says
 * how). Those that it does not take become -1, with a note if they were given; padding goes with every kind, and with
 * `none` it is the kind. */
MaskOptions mask_options_fill(const MaskOptions *options, int n);

/* A mask with what it borrows, and its name for titles: "local, window 1". */
typedef struct {
    Mask rule;
    bool *global_at, *picture; /* owned */
    char *title;               /* owned */
} NamedMask;

/* The rule for n tokens, filled in as above; all knobs show in the title. EXIT_USAGE with one line that says which
 * values make sense; EXIT_DATA for a bad mask file. You free it. */
NamedMask mask_from_options(const MaskOptions *options, int n);
void named_mask_free(NamedMask *mask);

/* Reads the form that mask_print writes: n lines of n '#' or '.', or of 1 and 0 as the first cell has it, with any
 * spaces and tabs between; n must be `n`. You free the n * n flags. */
bool *mask_read_picture(const char *path, int n);
#endif
