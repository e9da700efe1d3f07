/* tokenizer_beside - the files that stand beside a vocabulary: tokenizer_config.json, special_tokens_map.json and
 * added_tokens.json, each there or not. Which one counts, and in what order new tokens get their ids, is as for
 * AutoTokenizer of transformers 5. All failures are EXIT_DATA and name file and key. */
#ifndef TEXT_TOKENIZER_BESIDE_H
#define TEXT_TOKENIZER_BESIDE_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *config_path, *map_path, *added_path; /* owned, as are the others */
    json_t *config, *map, *added;              /* NULL: the file is not there, or does not count */
    char *class;                               /* "BertTokenizer"; "" when nothing says which */
} Beside;

/* A config with an added_tokens_decoder says it all: then the other two, of older days, do not count. Warns where two
 * files name the same special token in two ways. Refuses split_special_tokens. You free it. */
Beside beside_read(const char *folder);
void beside_free(Beside *beside);

/* The class makes its own tokenizer of a vocabulary, whatever else tokenizer.json says: BERT's and those that are the
 * same by another name. Others take that file as it stands. */
bool beside_rebuilds(const Beside *beside);

/* The class is GPT-2's own, which makes its tokenizer of the vocabulary and the merges. */
bool beside_is_gpt2(const Beside *beside);

/* Takes out of the added_tokens of a tokenizer.json (at `path`) what does not count: beside an added_tokens_decoder, a
 * class that makes its own tokenizer (BERT's or GPT-2's) has those that this names, and no others. Warns of the first
 * that goes. */
void beside_leave_out(const Beside *beside, const char *path, json_t *added);

/* What key is, in the map or else in the config: "[MASK]" of {"content": "[MASK]"}, too. NULL: nothing is said, or
 * null. Borrowed. */
const char *beside_name(const Beside *beside, const char *key);

typedef struct {
    char *place;   /* "FILE: key", for messages */
    json_t *entry; /* {"content": ..., "special": ..., "lstrip": ...} */
    int id;        /* that the file says; -1: none */
    bool framing;  /* unk_token, cls_token, sep_token: what a model must have learnt */
    bool plain;    /* of added_tokens.json: an entry of tokenizer.json for the same text stays */
} NewToken;

typedef struct {
    NewToken *at; /* owned, with what they hold */
    size_t n;
} NewTokens;

/* The names that special tokens have where nothing else is said: BERT's five, [UNK], [CLS], ...; GPT-2's one,
 * <|endoftext|>, which is three of them. */
typedef enum { USUAL_NONE, USUAL_BERT, USUAL_GPT2 } Usual;

/* What is named, in the order in which new ones get their ids. First those with an id (added_tokens_decoder,
 * added_tokens.json), lowest first. Then bos_token, eos_token, unk_token, sep_token, pad_token, cls_token,
 * mask_token; other keys that end in _token; the lists. Many are in the vocabulary already. You free it. */
NewTokens beside_tokens(const Beside *beside, Usual usual);
void new_tokens_free(NewTokens *tokens);
#endif
