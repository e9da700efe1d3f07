/* tool - what the files of stage 04 share. main.c is the lecture; tool.c reads the command line and answers --ids,
 * --decode and --time; draw.c shows ids, tokens and the merge tree, and BERT's tokens beside them. */
#ifndef STAGE_04_TOOL_H
#define STAGE_04_TOOL_H
#include "show/show_options.h"
#include "text/bpe.h"

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocab, *word, *name; /* name: of the text */
    bool ids, decode, special, refuse;
    Bytes text; /* owned, as is bpe; for the lesson at least one byte */
    Bpe bpe;
} Choices;

/* The command line, the text that it names and the vocabulary. */
Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* --time, --decode and --ids, answered by common/text; false when none was asked for: then it is the lesson's turn. */
bool answered(const Choices *ask);

/* ---- draw.c ---- */
void print_card(const Choices *ask, const Ids *ids, size_t pieces);
void print_edges(const Choices *ask, const Ids *ids); /* the first tokens of the text, with their edges */
void compare_with_wordpiece(const Choices *ask);      /* one sentence by both tokenizers, if data/minilm is there */
void draw_tree(
    const Choices *ask); /* the merge tree of --word: steps and tree as text, and tree.png unless --terminal */
#endif
