/* tool - what the files of stage 01 share. main.c is the lecture; tool.c reads the command line and answers --ids and
 * --time; draw.c makes the histogram. */
#ifndef STAGE_01_TOOL_H
#define STAGE_01_TOOL_H
#include "base/memory.h"
#include "base/options.h"
#include "show/show_options.h"
#include <stdint.h>

typedef struct {
    Common common;
    ShowOptions show;
    bool ids;
    int top;
    Bytes text;       /* owned */
    const char *name; /* what the text is called */
} Choices;

/* The command line, and the text that it names: at least one byte, except for --ids. */
Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* --ids and --time, answered by common/text; false when neither was asked for: then it is the lesson's turn. */
bool answered(const Choices *ask);

/* A token of the lesson: a character, or a byte that is none. */
typedef struct {
    int32_t character; /* its number, its code point; -1 for a byte that is none */
    int length;        /* how many bytes it takes, 1 to 4 */
    char bytes[4];     /* behind `length` of them come zeros */
} Token;

/* The text as the lesson tells it. The arrays are owned. */
typedef struct {
    Token *vocabulary; /* [different] every token once, in the order of the bytes; its place is its id */
    size_t *count;     /* [different] how often each occurs */
    int different;
    int *ids; /* [n] the text */
    size_t n;
} Characters;

char *token_label(Token token);                               /* as a screen can show it; you free it */
void tell_bits(const Characters *c, int most);                /* the first few of more than one byte, bit by bit */
void draw_histogram(const Choices *ask, const Characters *c); /* histogram.png, or bars in the terminal */
#endif
