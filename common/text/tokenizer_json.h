/* tokenizer_json - a BERT tokenizer from a tokenizer.json, the file that Hugging Face's tokenizers library writes. */
#ifndef TEXT_TOKENIZER_JSON_H
#define TEXT_TOKENIZER_JSON_H
#include "text/special_names.h"
#include "text/words.h"
#include <jansson.h>

/* From the file's bytes; `path` is for messages. The model must be WordPiece, its normalizer and pre-tokenizer
 * what text/tokenizer_steps can follow, and the template [CLS] A [SEP] B [SEP]; anything else fails with EXIT_DATA and
 * is named. *names gets the texts of [UNK], [CLS] and [SEP]. You free it. */
WordPiece tokenizer_json_parse(const char *path, const char *bytes, size_t size, SpecialNames *names);

/* One entry of added_tokens: {"content": "[MASK]", "special": true, "normalized": false, ...}, whose id must be the
 * vocabulary's, or the next free one. EXIT_DATA otherwise; `place` is for messages: the file, and the key in it. */
void tokenizer_json_add(WordPiece *tokenizer, const char *place, const json_t *entry, int id);
#endif
