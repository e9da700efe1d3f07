/* tokenizer_files - which of a model folder's files says what about its tokenizer, and the ids of the special tokens.
 *
 * tokenizer.json says everything, where it is there. Else vocab.txt has the tokens and tokenizer_config.json the rules
 * (do_lower_case, strip_accents, tokenize_chinese_chars, the special tokens' names), and without it the rules are
 * BERT's own: lower-case. Ids of special tokens always come from the vocabulary. */
#ifndef TEXT_TOKENIZER_FILES_H
#define TEXT_TOKENIZER_FILES_H
#include "text/wordpiece.h"

enum { SPECIAL_UNK, SPECIAL_CLS, SPECIAL_SEP, SPECIAL_MASK, SPECIAL_PAD, SPECIALS };

/* What the special tokens are called; "[UNK]", "[CLS]", ... unless a file says otherwise. */
typedef struct {
    char *text[SPECIALS]; /* owned; NULL: the usual name */
} SpecialNames;
void special_name_set(SpecialNames *names, int which, const char *text);
void special_names_free(SpecialNames *names);

/* wordpiece_load and wordpiece_new without the tables of the fast path. */
WordPiece tokenizer_files_read(const char *folder);
WordPiece tokenizer_from_vocab(Vocab vocab, bool lower_case);

/* Sets unk, cls, sep, mask and pad by name. Fails with EXIT_DATA, naming `path`, when one of the first three is
 * missing. */
void tokenizer_find_specials(WordPiece *tokenizer, const char *path, const SpecialNames *names);
#endif
