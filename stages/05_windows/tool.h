/* tool - what the files of stage 05 share. main.c is the lecture; tool.c reads the command line, makes tokens of the
 * text, and answers --print and --time; draw.c shows tokens and draws the grid. */
#ifndef STAGE_05_TOOL_H
#define STAGE_05_TOOL_H
#include "base/plural.h"
#include "show/show_options.h"
#include "text/bpe.h"
#include "text/windows.h"

enum { TOKENS_BPE, TOKENS_BYTES }; /* --tokens */

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocab, *name; /* name: of the text */
    int tokens, context, stride, batch;
    bool shuffle, drop_last, print;
    double train;
    Bytes text;      /* owned, as are bpe and ids */
    Bpe bpe;         /* GPT-2's, or the 256 bytes without a merge */
    Ids ids;         /* the text as tokens */
    Windows windows; /* over ids; at least one */
} Choices;

/* The command line, and the text that it names, as tokens. */
Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* --print and --time, answered by common/text; false when neither was asked for: then it is the lesson's turn. */
bool answered(const Choices *ask);

/* Where the training part of a text ends. */
typedef struct {
    size_t characters; /* of the whole text */
    size_t first;      /* how many of them train ... */
    size_t byte;       /* ... and the byte behind them */
} Split;

/* ---- draw.c ---- */
void print_card(const Choices *ask, size_t windows, size_t batches);
void print_questions(const Choices *ask); /* of the first window: what comes after one token, after two, ... */
void print_batch(const int *inputs, const int *targets, size_t rows, size_t context); /* its first eight rows */
void print_split(const Choices *ask, Split split);
void draw_grid(const Choices *ask); /* windows over the text: grid.png, or a table in the terminal */
#endif
