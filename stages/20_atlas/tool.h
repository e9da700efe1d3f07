/* tool - stage 20 as a tool: what the command line asks for, and the readings that go into one page. The lecture is
 * main.c; how a reading becomes numbers stands in common/view/page.h, how they become a
 * file in common/show/page.h. */
#ifndef STAGE_20_TOOL_H
#define STAGE_20_TOOL_H
#include "show/page.h"
#include "view/page.h"
#include "view/study.h"

extern const char DEFAULT_TEXT[];

typedef struct {
    Common common;
    Study study;                      /* --model, --pair, the mask that the page opens with, --layer, --head */
    const char *page;                 /* --page, NULL: index.html in --out */
    Texts text2;                      /* --text2, each */
    const char *beside, *run;         /* NULL: not asked for */
    bool order;                       /* with the text's words in another order beside it */
    const char *anatomy_layers;       /* --anatomy-layer, NULL: the opened one */
    const char *why;                  /* --why, NULL: the opened head */
    bool twin;                        /* --twin: the random twin of the model beside it */
    bool ablate;                      /* --ablate: each head is left out once */
    bool living;                      /* --living: with the model itself in it */
} Choices;

Choices choices_parse(int argc, char **argv);

/* The model that --model names, or the file of --from. */
Reader reader_of(const Choices *ask);

/* The layer and head that the page opens with: those that were named, or one of MiniLM that shows some grammar. */
void opened(const Choices *ask, const Reading *reading, int *layer, int *head);

/* A copy of one head's q or k, packed and unpacked by common/: the lesson's packing is held against it. You free it. */
Mat packed(Mat exact);

/* Does the page go to standard output, which then carries nothing else (--page -)? */
bool page_is_answer(const Choices *ask);

/* Everything that the page holds, of a finished reading and of whatever stands beside it, written to a file; the answer
 * on standard output. */
void write_page(const Choices *ask, const Reading *reading);

/* ---- what write_page puts together ---- */

typedef struct {
    PageBlock at[MOST_BLOCKS];
    int count;
} Blocks;

/* How far attention's weights are off when a model runs on packed numbers: in how many sentences, the most, and the sum
 * over so many weights. No sentences: not measured. */
typedef struct {
    int sentences;
    double worst, sum;
    size_t weights, size; /* size: bytes of the packed numbers */
} PackedError;

/* living.c: adds the model's files, its numbers packed, and measures what that costs: on the course's own story, each
 * sentence read twice. For a moment a folder PAGE.packed stands beside the page. */
PackedError living_add(Blocks *blocks, const Reader *reader, const char *page);
#endif
