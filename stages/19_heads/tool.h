/* tool - stage 19 as a tool: what the command line asks for, and the answers that are no lecture. The lecture is
 * main.c; what is measured stands in common/attention, what is printed and drawn of it in common/view. */
#ifndef STAGE_19_TOOL_H
#define STAGE_19_TOOL_H
#include "view/corpus.h"
#include "view/find.h"
#include "view/relations.h"

typedef struct {
    Common common;
    Study study;
    const char *explain; /* a measure's name; NULL: not asked for, as find and json */
    const char *find, *json;
    int metric;           /* the place of the measure that is drawn */
    const char *why;      /* "I,J", a cell of the one head of --layer and --head; NULL: not asked for */
    Relations relations;  /* heads together, and what depends on them */
    CorpusOptions corpus; /* many sentences */
    bool allow_nonfinite;
} Choices;

Choices choices_parse(int argc, char **argv);

/* Any BERT or GPT, or a file of maps. */
Reader reader_of(const Choices *ask);

/* Pictures of all heads: an index and the course through the layers of ask->metric, and fingerprints. */
void draw_heads(const Choices *ask, const Reading *reading, const HeadTable *table, const Null *null);

void time_heads(const Choices *ask, Reading *reading); /* --time: the pass and all measures */
#endif
