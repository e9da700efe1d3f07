/* tokenizer_extras - tokens and names that stand beside a vocabulary, in the three files that transformers has written
 * over the years: added_tokens.json, special_tokens_map.json, and the keys of tokenizer_config.json. */
#ifndef TEXT_TOKENIZER_EXTRAS_H
#define TEXT_TOKENIZER_EXTRAS_H
#include "text/special_names.h"
#include "text/words.h"
#include <jansson.h>

/* Names of [UNK], [CLS], ... that the folder says: special_tokens_map.json before
 * tokenizer_config.json (config; NULL: there is none), but a config with added_tokens_decoder alone. */
void tokenizer_extras_names(const char *folder, const char *config_path, const json_t *config, SpecialNames *names);

/* Adds what is named with its id (added_tokens_decoder of the config, added_tokens.json), lowest id first, and then
 * what is named without one and in no vocabulary (bos_token, eos_token, pad_token, mask_token, whose usual names are
 * [PAD] and [MASK]; additional_special_tokens, extra_special_tokens), which gets the next free ids. A token
 * that is there already is cut from the text as it stands, and keeps its id. Fails with EXIT_DATA, naming file and
 * token. */
void tokenizer_extras_add(WordPiece *tokenizer, const char *folder, const char *config_path, const json_t *config);
#endif
