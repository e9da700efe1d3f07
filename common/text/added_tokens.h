/* added_tokens - tokens that are cut out of a text as they stand, before it is split into words: [MASK], [SEP], and
 * what people added to a vocabulary. Leftmost first, the longest of those that begin at the same place, case-
 * sensitive. */
#ifndef TEXT_ADDED_TOKENS_H
#define TEXT_ADDED_TOKENS_H
#include "text/vocab.h"
#include <jansson.h>
#include <stdbool.h>

typedef struct {
    int id;
    bool single_word;    /* only where no word character (letter, digit, _) stands on either side */
    bool lstrip, rstrip; /* takes the white space on its left, on its right along */
    bool normalized;     /* looked for in what the others have left, each stretch a text of its own */
} AddedToken;

typedef struct {
    Vocab texts;       /* what is looked for; text i belongs to token[i] */
    AddedToken *token; /* owned, as are the others */
    size_t *lengths;  /* the lengths that occur, longest first */
    int different;    /* how many */
    bool begins[256]; /* whether any text begins with this byte */
    int only;         /* the one byte that all of them begin with ('[' as a rule), or -1 */
} AddedTokens;

typedef struct {
    int id;
    size_t first, end; /* bytes of the text */
} AddedMatch;

/* An empty text is ignored; a text that is there already is looked for with the newer token's settings. */
void added_tokens_add(AddedTokens *tokens, const char *text, size_t length, AddedToken token);

/* What is done with the parts of a text, from the first to the last. */
typedef struct {
    void (*token)(void *context, AddedMatch match);
    void (*between)(void *context, size_t from, size_t to); /* what is no added token; never empty */
    void *context;
} AddedCut;

/* Cuts text[0..size) at its added tokens. */
void added_tokens_cut(const AddedTokens *tokens, const char *text, size_t size, AddedCut cut);

/* The habits that an entry of tokenizer.json or tokenizer_config.json says its token has; `place` is for messages. */
AddedToken added_token_read(const char *place, const json_t *entry, int id);

/* Whether this id is one of them. */
bool added_tokens_have(const AddedTokens *tokens, int id);

void added_tokens_free(AddedTokens *tokens);
#endif
