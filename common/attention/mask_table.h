/* mask_table - masks by name, as two tables: the knobs that a Mask has, and the kinds that --mask knows. Told in
 * stages/10_masks.
 *
 * Options, help, titles, --compare, config.json and equality follow from the rows. A new mask is a row in the table of
 * kinds; if it needs a knob that is not there, that is a field of Mask, a row in the table of knobs and its line in
 * mask_allows (and in row_of and mask_cost, where it cuts or opens a range). */
#ifndef ATTENTION_MASK_TABLE_H
#define ATTENTION_MASK_TABLE_H
#include "attention/mask.h"
#include "base/memory.h"
#include <stddef.h>

typedef struct {
    const char *name; /* in options, titles and config.json: "window" */
    char letter;      /* in the rules and takes of kinds, in --help and --compare: 'W'; 0: no words set it */
    size_t at;        /* where it is in Mask */
    int lowest;       /* that makes sense */
    int share;        /* when not given: that part of n, n / 4; negative: all but that part; 0: least */
    int least;        /* and at least so much */
    const char *help; /* of its option; NULL: it has none beside --mask */
} MaskKnob;

extern const MaskKnob MASK_KNOB[];
extern const int MASK_KNOBS;

/* The knob of a letter that stands in the tables, its place in a mask, and its value there. */
const MaskKnob *mask_knob_of(char letter);
int *mask_knob_at(Mask *mask, const MaskKnob *knob);
int mask_knob(Mask mask, const MaskKnob *knob);

/* The same rule? What is borrowed, global_at and picture, is the same when it is the same memory. */
bool mask_equal(Mask a, Mask b);

/* ---- kinds ---- */

enum {
    MASK_NONE,
    MASK_CAUSAL,
    MASK_LOCAL,
    MASK_GLOBAL_LOCAL,
    MASK_SLIDING,
    MASK_DILATED,
    MASK_PREFIX,
    MASK_CHUNKED,
    MASK_SINKS,
    MASK_STRIDED,
    MASK_PADDING, /* from here on only in lists: stage 10 has --valid, which goes with every mask */
    MASK_KINDS,
    MASK_OPTIONS = MASK_PADDING /* those of --mask */
};

enum {
    MASK_PAST = 1,   /* no key after the query, without --causal */
    MASK_RADIUS = 2, /* W is the largest distance; otherwise so many keys, the token itself among them */
    MASK_COMB = 4    /* W is the stride, too: every W-th key before the window is visible */
};

typedef struct {
    const char *name;  /* "local" */
    const char *takes; /* the letters of its knobs, in the order of --compare: "WG" */
    int traits;
    const char *rule;  /* query i sees key j when: "|i - j| <= W" */
    const char *pairs; /* how many that are, where n is larger than the window */
} MaskKind;
extern const MaskKind MASK_KIND[MASK_KINDS];

/* The kind of that name, or -1. */
int mask_kind_find(const char *name);

/* Does the kind take this knob? */
bool mask_kind_takes(int kind, const MaskKnob *knob);

/* The smallest value of a knob that makes sense for the kind: a window of keys holds the token itself. */
int mask_kind_lowest(int kind, const MaskKnob *knob);

/* Does the kind close the future, without --causal? A prefix leaves some of it open. */
bool mask_kind_is_causal(int kind);

/* The rule of a kind, from its knobs as the words give them (a radius is one less than a window; -1: not given) and
 * said.causal, which closes the future whatever the kind. global_at and picture are not touched. */
Mask mask_of_kind(int kind, Mask said);

/* Appends the kind's rule with numbers for letters: "|i - j| <= 3". */
void mask_kind_rule(String *out, int kind, Mask said);
#endif
