/* tool - stage 19 as a tool: what the command line asks for, and the answers that are no lecture. The lecture is
 * main.c; what is measured stands in common/attention, what is printed and drawn of it in common/view. */
#ifndef STAGE_19_TOOL_H
#define STAGE_19_TOOL_H
#include "view/heads.h"
#include "view/relations.h"

typedef struct {
    Common common;
    Study study;
    const char *explain; /* a measure's name; NULL: not asked for, as the files */
    const char *json;
    const char *why;     /* "I,J", a cell of the one head of --layer and --head; NULL: not asked for */
    Relations relations; /* heads together, and what depends on them */
    bool allow_nonfinite;
} Choices;

Choices choices_parse(int argc, char **argv);

/* Any BERT or GPT, or a file of maps. */
Reader reader_of(const Choices *ask);

void time_heads(const Choices *ask, Reading *reading); /* --time: the pass and all measures */
#endif
