/* tokenizer_folder - which of a model folder's files says what kind of tokenizer it has, and the words or characters
 * of a vocab.json. */
#ifndef TEXT_TOKENIZER_FOLDER_H
#define TEXT_TOKENIZER_FOLDER_H
#include "text/vocab.h"
#include <jansson.h>

typedef enum { TOKENIZER_WORDPIECE, TOKENIZER_BPE, TOKENIZER_WORDS, TOKENIZER_CHARACTERS } TokenizerKind;

/* What a config.json says of the tokens: "char", "word" or "bpe", a constant, or "" for nothing, as all do that stage
 * 15 has not written. EXIT_DATA for anything else. */
const char *tokenizer_said(const char *path, const json_t *config);

/* The rule of tokenizer_open. For words and characters *vocab becomes their vocabulary, which you free. */
TokenizerKind tokenizer_folder_kind(const char *folder, Vocab *vocab);
#endif
