/* tool - what the files of stage 03 share. main.c is the lecture; tool.c reads the command line and answers --merges
 * and --time; draw.c shows merges, lengths and cuts, and draws the curve. */
#ifndef STAGE_03_TOOL_H
#define STAGE_03_TOOL_H
#include "show/show_options.h"
#include "text/bpe_train.h"
#include "text/vocab.h"

enum { TELL_MERGES = 256, TELL_BYTES = 1000000 }; /* the telling takes seconds beyond it, and proves no more */

typedef struct {
    Common common;
    ShowOptions show;
    int vocab_size, min_frequency, log;
    bool no_split;
    const char *merges, *name; /* --merges FILE; what the text is called */
    Bytes text;                /* owned, at least one byte; as are the workers */
    Workers *workers;
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* --merges and --time, answered by common/text; false when neither was asked for: then it is the lesson's turn. */
bool answered(const Choices *ask);

BpeTraining train(const Choices *ask); /* what was asked for; says so when there are fewer merges. You free it */

/* A text as tokens, as the lesson tells it. */
typedef struct {
    int *ids;      /* [n] owned, as is piece */
    size_t *piece; /* [n] which piece of the pre-split each belongs to: no pair reaches across */
    size_t n;
} Told;

/* ---- draw.c; the vocabulary has each token's bytes ---- */
void print_card(const Choices *ask, const BpeTraining *t);
size_t first_words(Bytes text); /* how many bytes of it print_cut shows: about 60 */
void print_merges(const Vocab *v, const TrainedMerge *merges, const int *ties, int count, size_t tokens);
void print_lengths(const BpeTraining *t, size_t bytes); /* tokens left at the vocabulary sizes that books print */
void print_cut(const Vocab *v, const int *ids, size_t n, int merges); /* bars between tokens; on a terminal colours */
void draw_length(const Choices *ask, const BpeTraining *t);           /* length.png: tokens against merges */
#endif
