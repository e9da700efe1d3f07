/* tool - stage 17 as a tool: what the command line asks for, and the answers that are no lecture. The lecture is
 * main.c; what is printed and drawn of a reading stands in common/view. */
#ifndef STAGE_17_TOOL_H
#define STAGE_17_TOOL_H
#include "base/options.h"
#include "view/view.h"

typedef struct {
    Common common;
    MaskOptions mask;
    ViewOptions look;
    ShowOptions show;
    const char *model, *pair;
    const char *export, *tsv, *meaning; /* file, file, word; NULL when not asked for */
    int mask_scope;                     /* MaskScope */
    bool truncate, allow_nonfinite, ids, mlm;
} Choices;

Choices choices_parse(int argc, char **argv);

/* The model that --model names, its words and threads. Fails when there is none, or none that this program reads. */
Reader reader_of(const Choices *ask);

/* The reading that TEXT and --pair ask for; nothing is computed yet. You free it. */
Reading reading_of(const Choices *ask, const Reader *reader);

void print_ids(const Choices *ask); /* the tokenizer alone, without weights */
void time_reading(const Choices *ask, Reading *reading);

/* --meaning (meaning.c): one word in two texts, each read alone, layer by layer. */
void tell_meaning(const Choices *ask, const Reader *reader);
#endif
