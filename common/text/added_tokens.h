/* added_tokens - tokens that are cut out of a text as they stand, before it is split into words: [MASK], [SEP], and
 * what people added to a vocabulary. Leftmost first, the longest of those that begin at the same place, case-
 * sensitive. */
#ifndef TEXT_ADDED_TOKENS_H
#define TEXT_ADDED_TOKENS_H
#include "text/vocab.h"
#include <stdbool.h>

typedef struct {
    int id;
    bool single_word;    /* only where no word character (letter, digit, _) stands on either side */
    bool lstrip, rstrip; /* takes the white space on its left, on its right along */
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

/* The next one in text[0..size) that begins at *at or later, true when there is one. `taken` is where the previous
 * match ended (0 at the start): lstrip never takes more than that. *at moves on to where the next search begins. */
bool added_tokens_next(const AddedTokens *tokens, const char *text, size_t size, size_t taken, size_t *at,
                       AddedMatch *match);

/* Whether this id is one of them. */
bool added_tokens_have(const AddedTokens *tokens, int id);

void added_tokens_free(AddedTokens *tokens);
#endif
