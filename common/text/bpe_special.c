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

/* The cut of a text goes to `out`. */
typedef struct {
    const Bpe *bpe;
    const char *text;
    Ids *out;
} Cut;

static void refuse(void *context, AddedMatch match) {
    const char *text = ((const Cut *)context)->text;
    char *found = text_copy(text + match.first, match.end - match.first);
    fail(EXIT_DATA,
         "the text holds the special token '%s' at byte %zu (expected plain text). Try: allowing it, or taking "
         "it as plain text",
         found, match.first);
}

static void pass(void *context, size_t from, size_t to) {
    (void)context, (void)from, (void)to;
}

static void add_token(void *context, AddedMatch match) {
    ids_add(((const Cut *)context)->out, match.id);
}

static void add_pieces(void *context, size_t from, size_t to) {
    const Cut *cut = context;
    bpe_encode(cut->bpe, cut->text + from, to - from, cut->out);
}

void bpe_encode_special(const Bpe *bpe, const char *text, size_t size, BpeSpecials specials, Ids *out) {
    Cut cut = {bpe, text, out};
    if (specials.refuse_rest) {
        AddedTokens refused = choose(bpe, specials, false);
        added_tokens_cut(&refused, text, size, (AddedCut){refuse, pass, &cut});
        added_tokens_free(&refused);
    }
    AddedTokens allowed = choose(bpe, specials, true);
    added_tokens_cut(&allowed, text, size, (AddedCut){add_token, add_pieces, &cut});
    added_tokens_free(&allowed);
}
