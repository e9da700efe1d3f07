#include "base/error.h"
#include "text/bpe.h"

#include <string.h>

static bool is_allowed(const char *text, BpeSpecials specials) {
    for (int i = 0; i < specials.n; i++)
        if (strcmp(text, specials.allowed[i]) == 0) return true;
    return specials.all;
}

/* The special tokens that are allowed, or those that are not. */
static AddedTokens choose(const Bpe *bpe, BpeSpecials specials, bool allowed) {
    AddedTokens chosen = {0};
    const Vocab *texts = &bpe->special.texts;
    for (int i = 0; i < texts->count; i++)
        if (is_allowed(vocab_token(texts, i), specials) == allowed)
            added_tokens_add(&chosen, vocab_token(texts, i), texts->length[i], bpe->special.token[i]);
    return chosen;
}

static void refuse(const AddedTokens *refused, const char *text, size_t size) {
    size_t at = 0;
    AddedMatch match;
    if (!added_tokens_next(refused, text, size, 0, &at, &match)) return;
    char *found = text_copy(text + match.first, match.end - match.first);
    fail(EXIT_DATA,
         "the text holds the special token '%s' at byte %zu (expected plain text). Try: allowing it, or taking "
         "it as plain text",
         found, match.first);
}

void bpe_encode_special(const Bpe *bpe, const char *text, size_t size, BpeSpecials specials, Ids *out) {
    if (specials.refuse_rest) {
        AddedTokens refused = choose(bpe, specials, false);
        refuse(&refused, text, size);
        added_tokens_free(&refused);
    }
    AddedTokens allowed = choose(bpe, specials, true);
    size_t done = 0, at = 0;
    AddedMatch match;
    while (added_tokens_next(&allowed, text, size, done, &at, &match)) {
        if (match.first > done) bpe_encode(bpe, text + done, match.first - done, out);
        ids_reserve(out, 1);
        out->at[out->n++] = match.id;
        done = match.end;
    }
    bpe_encode(bpe, text + done, size - done, out);
    added_tokens_free(&allowed);
}
