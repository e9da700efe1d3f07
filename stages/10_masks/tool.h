/* tool - the parts of stage 10. main.c tells the rules, masked attention and reach, told.c the empty row; heads.c says
 * whose heads are masked; compare.c measures what a mask takes away and what it costs; picture.c prints and draws one
 * mask, gallery.c draws several side by side, tables.c prints them; tool.c is the command line. */
#ifndef STAGE_10_TOOL_H
#define STAGE_10_TOOL_H
#include "attention/mask_list.h"
#include "attention/reach.h"
#include "math/paper.h"
#include "model/toy.h"
#include "model/toy_heads.h"
#include "view/reading.h"
#include "show/show_options.h"

enum { WEIGHTS_NONE = TOY_LINEAR + 1 }; /* --weights: a ToyWeights, or this */

typedef struct {
    Common common;
    ShowOptions show;
    MaskOptions mask;
    const char *model, *heads, *compare, *tsv;
    int weights, scope, valid, tokens, random_heads, width, head_width, layer;
    bool print;
} Choices;

/* ---- tool.c ---- */
Choices choices_parse(int argc, char **argv);
extern const char *const SCOPES[]; /* "head", "model": the words of --mask-scope */

/* ---- heads.c ---- */

/* The heads of one layer on one text, without a mask (a GPT's under its own). */
typedef struct {
    int n, heads;
    const char *const *words;  /* [n] */
    Attention attention;       /* q, k, v (n, heads * d_head), scale and bias; its mask is what "no mask" means here */
    Mat maps, context;         /* (heads * n, n), (n, heads * d_head); owned */
    int *chosen, chosen_count; /* the heads that --head names; owned */
    char *title;               /* "one random head": for screens and pictures; owned */
    bool in_model;             /* --mask-scope model: every layer runs under the mask */
    bool is_causal;            /* a GPT's: no mask may show it the future */
    Workers *workers;          /* borrowed from one of those below; NULL: this thread */
    Toy toy;                   /* behind random heads; owned, as is all that follows */
    ToyHeads random;
    Workers *own_workers;
    Reader reader; /* behind a model's */
    Reading reading;
    Trace masked; /* of a pass under a mask */
    int layer;
} Heads;

Heads *heads_open(const Choices *ask);
/* The same random head (or heads) on a text of our own. */
Heads *heads_of_text(const Choices *ask, const char *text);
void heads_close(Heads *h);

/* Fails with EXIT_DATA when the maps of so many masks, which are all kept to be compared, take more than 1 GB. */
void heads_check_room(const Heads *h, int sets);

/* The same layer under a mask, by its scope: maps (heads * n, n), context (n, heads * d_head). */
void heads_under(Heads *h, Mask mask, Mat maps, Mat context);
Mat head_columns(const Heads *h, Mat m, int head); /* that head's columns of a context */
/* What the model adds to the scores of each pair, (n, n): zeros, unless it has ALiBi. You free it. */
Paper heads_bias(const Heads *h, int head);

/* ---- told.c ---- */

/* A row with nothing allowed, three ways. */
void tell_empty_row(const Heads *h, int head);

/* ---- tool.c, once there are heads ---- */

extern const char *const USUAL_MASKS; /* the list of the lesson */

/* The masks that the command line asks for on these heads: --compare's, or the one of --mask; and those of the lesson,
 * without --valid, which is for the mask in detail. You free the lists. */
MaskList masks_asked(const Choices *ask, const Heads *h);
MaskList masks_usual(const Choices *ask, const Heads *h);

/* Can plain loops tell these heads? If not, a note says why. */
bool can_be_told(const Heads *h);

void print_mask(const Choices *ask);                       /* --print: the rule alone, at any length */
void time_masked(const Choices *ask, Heads *h, Mask mask); /* --time */

/* ---- compare.c ---- */

/* One head before and under one mask. */
typedef struct {
    long long cells, formula; /* allowed pairs: counted, and by closed form (-1: there is none) */
    double lost;              /* mean over rows: share of the weight that was on forbidden pairs */
    double shift;             /* mean over rows: share of the weight that lies elsewhere now */
    double moved;             /* mean over rows: rows_moved */
    double entropy, ceiling;  /* sums over rows, in nats: what it is, and what it can be at most */
    int there, back;          /* layers until the first word knows of the last, and the last of the first; -1: never */
} Taken;

/* A list of masks on one text: maps and contexts under each. */
typedef struct {
    Heads *heads;
    MaskList list;       /* borrowed */
    Mat *maps, *context; /* [list.count] owned */
    const bool **hidden; /* [list.count][n * n] the cells that each forbids; owned */
} Masked;
Masked masked_new(Heads *h, MaskList list);
void masked_free(Masked *m);
Mat masked_map(const Masked *m, int mask, int head);

Taken taken_of(const Masked *m, int mask, int head);
void write_tsv(const Choices *ask, const Masked *m);
void tell_cost(const Masked *m, int tokens); /* a table: pairs, work, memory and layers at so many tokens */

/* ---- tables.c ---- */

void tell_comparison(const Masked *m, int head); /* a line a mask */
void tell_most_attended(const Masked *m, int head);
void print_compared(const Choices *ask, const Masked *m); /* all tables of --compare */
void tell_lengths(const Choices *ask);                    /* sentences of 2, 9 and 25 words, and a gallery of each */

/* ---- gallery.c ---- */
void draw_gallery(const Choices *ask, const Masked *m, const char *name);
void draw_compared(const Choices *ask, const Masked *m); /* all pictures of --compare */

/* All pictures of the lesson: one mask in detail, and the usual ones beside each other. */
void draw_lesson(const Choices *ask, const Masked *detail, const Masked *all);

/* ---- picture.c ---- */
/* The rule in words, '#' and '.', what each row lost and how far it moved; with --values its weights. */
void tell_rule(const Choices *ask, const Masked *m, int mask, int head);
void draw_rule(const Choices *ask, const Masked *m, int mask, int head);
#endif
