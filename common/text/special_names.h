/* special_names - what a model calls its special tokens, and their ids, which always come from the vocabulary. */
#ifndef TEXT_SPECIAL_NAMES_H
#define TEXT_SPECIAL_NAMES_H
#include "text/words.h"

enum { SPECIAL_UNK, SPECIAL_CLS, SPECIAL_SEP, SPECIAL_MASK, SPECIAL_PAD, SPECIALS };

/* The id of a token, the vocabulary's or one that was added to it; -1: there is none. */
int wordpiece_known(const WordPiece *tokenizer, const char *name);

/* "[UNK]", "[CLS]", ... unless a file says otherwise. */
typedef struct {
    char *text[SPECIALS]; /* owned; NULL: the usual name */
} SpecialNames;
void special_name_set(SpecialNames *names, int which, const char *text); /* NULL changes nothing */
void special_names_free(SpecialNames *names);

/* Sets unk, cls, sep, mask and pad by name. Fails with EXIT_DATA, naming `path`, when one of the first three is
 * missing. */
void special_names_find(WordPiece *tokenizer, const char *path, const SpecialNames *names);

/* Has raw text searched for those special tokens that the vocabulary has: without a tokenizer.json they are the
 * ones. */
void special_names_cut(WordPiece *tokenizer, const SpecialNames *names);
#endif
