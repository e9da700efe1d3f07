/* tool - stage 19 as a tool: what the command line asks for, and the answers that are no lecture. The lecture is
 * main.c; what is measured stands in common/attention, what is printed and drawn of it in common/view. */
#ifndef STAGE_19_TOOL_H
#define STAGE_19_TOOL_H
#include "math/layers.h"
#include "math/paper.h"
#include "view/corpus.h"
#include "view/find.h"
#include "view/relations.h"

typedef struct {
    Common common;
    Study study;
    const char *explain; /* a measure's name; NULL: not asked for, as find and json */
    const char *find, *json;
    const char *report;   /* a folder */
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

/* What was asked for instead of the lesson, files of numbers among it: was there anything? If not, the reading is
 * finished. Of many sentences (--compare, --examples) it is answered before there is a reading. */
bool answered_of_many(const Choices *ask, const Reader *reader);
bool answered(const Choices *ask, Reading *reading);

/* ---- same.c: what the lecture's proof is held against ---- */

Paper maps_of(const Reading *reading, int layer); /* (heads * n, n), as they are shown; you free it */

/* Fail when told is not what common/ has: a measure of each head (layers, heads); the rollout (n, n). */
void prove_measure(const HeadTable *table, const char *measure, Paper told);
void prove_rollout(const Reading *reading, Paper told);

/* What one head of layer 0 makes of two tokens: their embeddings (token, position, segment; width), the norm and the
 * head's rows of the query's and key's matrices, and common's split (4, 4) of their score in the lecture's order. Not
 * there for a model that turns q and k, or for a file. You free it. */
typedef struct {
    bool there;
    Paper asking, asked;
    LayerNorm norm;
    Linear query, key;
    Mat table;
} First;
First first_of(const Reading *reading, int head, int query, int key);
void first_free(First *first);
#endif
