/* tool - stage 17 as a tool: what the command line asks for, and the answers that are no lecture. The lecture is
 * main.c; what is printed and drawn of a reading stands in common/view. */
#ifndef STAGE_17_TOOL_H
#define STAGE_17_TOOL_H
#include "view/study.h"

extern const char DEFAULT_TEXT[];

typedef struct {
    Common common;
    Study study;
    const char *meaning; /* a word, NULL when not asked for */
    bool allow_nonfinite, mlm;
} Choices;

Choices choices_parse(int argc, char **argv);

/* The model that --model names, its words and threads. Fails when there is none, or none that this program reads. */
Reader reader_of(const Choices *ask);

void time_reading(const Choices *ask, Reading *reading);

/* --meaning (meaning.c): one word in two texts, each read alone, layer by layer. */
void tell_meaning(const Choices *ask, const Reader *reader);
#endif
