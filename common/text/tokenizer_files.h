/* tokenizer_files - which of a model folder's files says what about its tokenizer.
 *
 * tokenizer.json says everything, where it is there. Else vocab.txt has the tokens and tokenizer_config.json the rules
 * (do_lower_case, strip_accents, tokenize_chinese_chars, the special tokens' names), and without it the rules are
 * BERT's own: lower-case. Ids of special tokens always come from the vocabulary. */
#ifndef TEXT_TOKENIZER_FILES_H
#define TEXT_TOKENIZER_FILES_H
#include "text/words.h"

/* wordpiece_load and wordpiece_new without the tables of the fast path. */
WordPiece tokenizer_files_read(const char *folder);
WordPiece tokenizer_from_vocab(Vocab vocab, bool lower_case);
#endif
