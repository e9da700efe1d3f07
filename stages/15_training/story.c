/* A text becomes ids: characters, words, or byte pairs that are learnt from it. */
#include "tool.h"
#include "base/error.h"
#include "base/plural.h"
#include "text/bpe_train.h"
#include "text/course_text.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"
#include "text/vocab_tokens.h"
#include "text/windows.h"

#include <string.h>

static const char *const MASK_TOKEN = "[MASK]";

/* ---- a tokenizer that knows all of the text ---- [MASK], when it is wanted, has the last id: what stands in the text
 * itself under this name is a gap, too. */

static Tokenizer *of_characters(const Story *w, bool masked) {
    Vocab vocab = vocab_of_characters(w->bytes.data, w->bytes.size);
    if (masked) vocab_add(&vocab, MASK_TOKEN, strlen(MASK_TOKEN));
    return tokenizer_new(TOKENIZER_CHARACTERS, vocab);
}

static Tokenizer *of_words(const Story *w, bool masked) {
    TextSpans spans = {0};
    regex_split(w->bytes.data, w->bytes.size, &spans);
    Vocab all = regex_vocab(w->bytes.data, &spans, false), vocab = {0};
    for (int id = 0; id < all.count; id++)
        if (!masked || strcmp(vocab_token(&all, id), MASK_TOKEN) != 0)
            vocab_add(&vocab, vocab_token(&all, id), all.length[id]);
    if (masked) vocab_add(&vocab, MASK_TOKEN, strlen(MASK_TOKEN));
    vocab_free(&all), text_spans_free(&spans);
    return tokenizer_new(TOKENIZER_WORDS, vocab);
}

static Tokenizer *of_byte_pairs(const Story *w, int tokens, bool masked) {
    BpeTraining training = bpe_train(NULL, w->bytes.data, w->split, (BpeTrainRules){.vocab_size = tokens});
    Bpe bpe = bpe_bytes();
    for (int i = 0; i < training.count; i++) bpe_merge(&bpe, training.merges[i].left, training.merges[i].right, -1);
    bpe_training_free(&training);
    if (masked) {
        int id = vocab_add(&bpe.vocab, MASK_TOKEN, strlen(MASK_TOKEN));
        added_tokens_add(&bpe.special, MASK_TOKEN, strlen(MASK_TOKEN), (AddedToken){.id = id});
    }
    return tokenizer_new_bpe(bpe);
}

/* ---- the text ---- */

static void read_text(Story *w, const char *file, bool byte_pairs) {
    w->bytes = course_text_story(file, &w->name);
    const char *zero = memchr(w->bytes.data, 0, w->bytes.size);
    if (zero && !byte_pairs)
        fail(EXIT_DATA, "%s: byte %zu is 0, which vocab.json has no name for (expected a text). Try: --tokens bpe",
             w->name, (size_t)(zero - w->bytes.data));
    w->split = split_offset(w->bytes.data, w->bytes.size, split_at(utf8_count(w->bytes.data, w->bytes.size), 0.9));
}

/* What begins before the split trains. Characters and words come line by line, for neither goes on behind its end: with
 * their places they take four times the memory of the ids alone. */
static void encode(Story *w) {
    const char *text = w->bytes.data;
    size_t size = w->bytes.size;
    if (tokenizer_bpe(w->tokenizer)) {
        const BpeSpecials all = {.all = true};
        bpe_encode_special(tokenizer_bpe(w->tokenizer), text, w->split, all, &w->train);
        bpe_encode_special(tokenizer_bpe(w->tokenizer), text + w->split, size - w->split, all, &w->held);
        return;
    }
    for (size_t first = 0, end; first < size; first = end) {
        const char *line = memchr(text + first, '\n', size - first);
        end = line ? (size_t)(line - text) + 1 : size;
        Encoding encoding = tokenizer_encode(w->tokenizer, text + first, end - first, NULL, 0);
        for (int i = 0; i < encoding.n; i++)
            ids_add(first + (size_t)encoding.first[i] < w->split ? &w->train : &w->held, encoding.ids[i]);
        encoding_free(&encoding);
    }
}

static void check_length(const Story *w, const char *what, size_t n, int context) {
    if (n <= (size_t)context)
        fail(EXIT_DATA,
             "%s: the part %s has %zu token%s (expected more than the context of %d). Try: a smaller --context",
             w->name, what, n, PLURAL(n), context);
}

Story story_read(const Choices *ask) {
    Story w = {0};
    bool masked = ask->plan.masked;
    read_text(&w, ask->data, ask->tokens == TOKENS_BPE);
    w.tokenizer = ask->tokens == TOKENS_WORD  ? of_words(&w, masked)
                  : ask->tokens == TOKENS_BPE ? of_byte_pairs(&w, ask->vocabulary, masked)
                                              : of_characters(&w, masked);
    encode(&w);
    check_length(&w, "to learn from", w.train.n, ask->plan.length);
    check_length(&w, "held back", w.held.n, ask->plan.length);
    return w;
}

void story_free(Story *w) {
    ids_free(&w->train), ids_free(&w->held);
    bytes_free(&w->bytes);
    tokenizer_free(w->tokenizer);
}
