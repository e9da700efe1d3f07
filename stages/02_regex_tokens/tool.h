/* tool - what the files of stage 02 share. main.c is the lecture; tool.c reads the command line and answers --ids and
 * --time; draw.c shows the tokens and draws how often they occur. */
#ifndef STAGE_02_TOOL_H
#define STAGE_02_TOOL_H
#include "base/memory.h"
#include "base/options.h"
#include "show/show_options.h"
#include "text/regex_tokens.h"

typedef struct {
    Common common;
    ShowOptions show;
    bool ids;
    Bytes text;       /* owned */
    const char *name; /* what the text is called */
} Choices;

/* The command line, and the text that it names: UTF-8, and at least one byte, except for --ids. */
Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* --ids and --time, answered by common/text; false when neither was asked for: then it is the lesson's turn. */
bool answered(const Choices *ask);

typedef struct {
    const char *text; /* [length] borrowed */
    size_t length;
} Word;

/* The different words of a text in the order of their bytes, and behind them <|endoftext|> and <|unk|>, unless the text
 * has them itself: a word's place is its id. */
typedef struct {
    Word *word;               /* [n] owned, as is count */
    size_t *count;            /* [n] how often each occurs in the text */
    int sorted, n;            /* without the two at the end, and with them */
    int end_of_text, unknown; /* their ids */
} Words;

/* ---- draw.c ---- */
void print_card(const Choices *ask, const Words *v, size_t tokens);
void print_loss(Bytes text, const String *first, const String *second); /* decoded by V1 and V2: is it the text? */
bool has_other_spaces(Bytes text, const TextSpans *tokens);             /* beyond " \t\n\v\f\r", between tokens */
void print_splits(bool same, size_t common);                            /* whether both find these so many tokens */
void print_edges(const char *text, const TextSpans *tokens);            /* the first tokens, each with its edges */
void draw_counts(const Choices *ask, const Words *v);                   /* tokens.png, or bars in the terminal */
#endif
