/* lesson - what main.c of stage 04 calls besides its own loops: the program as a tool, the merge tree, WordPiece. */
#ifndef LESSON_H
#define LESSON_H
#include "base/options.h"
#include "show/show_options.h"
#include "text/bpe_files.h"

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocab, *word;
    bool ids, decode, special, refuse;
    char *command; /* owned */
} Choices;

/* --ids: the ids of any bytes, on one line. EXIT_DATA when they hold a special token that is to be refused. */
void print_ids(const Bpe *bpe, Bytes text, BpeSpecials specials);

/* --decode: the bytes of ids that stand between white space. EXIT_DATA, with the line, for what is no id. */
void print_decoded(const Bpe *bpe, Bytes text, const char *name);

/* The merge tree of a->word: steps and tree as text, and tree.png unless --terminal. */
void show_tree(const Choices *a, const Bpe *bpe);

/* One sentence by both tokenizers, if data/minilm is there. */
void compare_with_wordpiece(const Bpe *bpe, const char *sentence);
#endif
