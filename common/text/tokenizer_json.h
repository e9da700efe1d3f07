/* tokenizer_json - a BERT tokenizer from a tokenizer.json, the file that Hugging Face's tokenizers library writes. */
#ifndef TEXT_TOKENIZER_JSON_H
#define TEXT_TOKENIZER_JSON_H
#include "text/special_names.h"
#include "text/tokenizer_beside.h"
#include "text/words.h"
#include <jansson.h>

/* From the file's bytes; `path` is for messages. The model must be WordPiece, its normalizer and pre-tokenizer
 * what text/tokenizer_steps can follow, and the template [CLS] A [SEP] B [SEP]; anything else fails with EXIT_DATA and
 * is named. *names gets the texts of [UNK], [CLS] and [SEP]. With `own`, the rules of a class that makes its own
 * tokenizer of the vocabulary (beside_rebuilds), only vocabulary and added tokens count: the model is BERT's, the
 * template is not read and the names stay; a warning says what the file has in vain. `beside` has the files beside it.
 * You free the tokenizer. */
WordPiece tokenizer_json_parse(const char *path, const char *bytes, size_t size, const Beside *beside,
                               const BertRules *own, SpecialNames *names);

/* One entry of added_tokens: {"content": "[MASK]", "special": true, "normalized": false, ...}. It keeps the
 * vocabulary's id, or gets the next free one, with a warning when `said` (-1: nothing is) is another; the id of another
 * token is EXIT_DATA. `place` is for messages: the file, and the key in it. */
void tokenizer_json_add(WordPiece *tokenizer, const char *place, const json_t *entry, int said);
#endif
