/* tokenizer_folder - which of a model folder's files says what kind of tokenizer it has, and the words or characters
 * of a vocab.json. */
#ifndef TEXT_TOKENIZER_FOLDER_H
#define TEXT_TOKENIZER_FOLDER_H
#include "text/tokenizer.h"

/* The rule of tokenizer_open. For words and characters *vocab becomes their vocabulary, which you free. */
TokenizerKind tokenizer_folder_kind(const char *folder, Vocab *vocab);
#endif
