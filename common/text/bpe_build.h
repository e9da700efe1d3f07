/* bpe_build - a Bpe from the names of tokens and merges, as vocab.bpe and tokenizer.json both have them. */
#ifndef TEXT_BPE_BUILD_H
#define TEXT_BPE_BUILD_H
#include "text/bpe.h"

typedef struct {
    Bpe bpe;
    Vocab names;        /* the tokens as the files spell them */
    bool *made;         /* [names.count] whether a merge makes the token */
    const char *path;   /* of the vocabulary */
    const char *source; /* of the merges */
    String joined;      /* the name that a merge makes */
} BpeBuild;

/* Takes the names; the id is the place. Tokens that are no bytes in disguise keep their own bytes. */
BpeBuild bpe_build_new(const char *path, Vocab names, const char *source);

/* Adds the merge of two names. `line` is for messages; 0: the merge's number is told instead. */
void bpe_build_merge(BpeBuild *build, const char *left, size_t left_length, const char *right, size_t right_length,
                     int line);

/* The token is special, with the id and the habits of `token`. */
void bpe_build_special(BpeBuild *build, AddedToken token);

/* Checks that every token is a byte, made, special, or a mere name, and hands over. A name looks like <...> or [...]:
 * it has an id, but no text is cut there; unless `by_looks`, which makes it special. */
Bpe bpe_build_end(BpeBuild *build, bool by_looks);
#endif
