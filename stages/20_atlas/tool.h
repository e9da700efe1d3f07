/* tool - stage 20 as a tool: what the command line asks for, and the readings that go into one page. The lecture is
 * main.c; how a reading becomes numbers stands in common/view/page.h, how they become a
 * file in common/show/page.h. */
#ifndef STAGE_20_TOOL_H
#define STAGE_20_TOOL_H
#include "view/page.h"
#include "view/study.h"

extern const char DEFAULT_TEXT[];

typedef struct {
    Common common;
    Study study;                      /* --model, --pair, the mask that the page opens with, --layer, --head */
    const char *page;                 /* --page, NULL: index.html in --out */
    const char *text2, *beside, *run; /* NULL: not asked for */
    const char *anatomy_layers;       /* --anatomy-layer, NULL: the opened one */
    const char *why;                  /* --why, NULL: the opened head */
} Choices;

Choices choices_parse(int argc, char **argv);

/* The model that --model names, or the file of --from. */
Reader reader_of(const Choices *ask);

/* The layer and head that the page opens with: those that were named, or one of MiniLM that shows some grammar. */
void opened(const Choices *ask, const Reading *reading, int *layer, int *head);

/* Everything that the page holds, of a finished reading and of whatever stands beside it, written to a file; the answer
 * on standard output. */
void write_page(const Choices *ask, const Reading *reading);
#endif
