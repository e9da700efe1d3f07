#include "text/wordpiece.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/fast/wordpiece_ascii.h"

#include <limits.h>
#include <string.h>

void wordpiece_free(WordPiece *tokenizer) {
    vocab_free(&tokenizer->vocab);
    added_tokens_free(&tokenizer->raw);
    added_tokens_free(&tokenizer->normalized);
    memory_free(tokenizer->prefix);
    memory_free(tokenizer->source);
    memory_free(tokenizer->ascii);
    *tokenizer = (WordPiece){0};
}

/* One text, and where its ids go. */
typedef struct {
    Words words;
    KnownWords *known;
    const char *text;
} Cut;

static void add_token(void *context, AddedMatch match) {
    const Words *words = &((const Cut *)context)->words;
    encoding_push(words->out, match.id, words->type, (int)match.first, (int)match.end);
}

static void add_stretch(void *context, size_t from, size_t to) {
    Cut *cut = context;
    const WordPiece *tokenizer = cut->words.tokenizer;
    bool fast = tokenizer->ascii && !tokenizer->normalized.texts.count;
    if (fast) ascii_text(&cut->words, cut->known, cut->text, from, to);
    else words_text(&cut->words, cut->text, from, to);
}

/* One text: what lies between two added tokens is read alone. Returns where its first wrong byte is, or SIZE_MAX. */
static size_t add_text(Encoding *out, const WordPiece *tokenizer, KnownWords *known, int type, const char *text,
                       size_t size) {
    Cut cut = {.known = known, .text = text};
    words_begin(&cut.words, tokenizer, out, type);
    added_tokens_cut(&tokenizer->raw, text, size, (AddedCut){add_token, add_stretch, &cut});
    size_t wrong = cut.words.first_wrong;
    words_free(&cut.words);
    return wrong;
}

static void check_size(size_t size) {
    if (size > INT_MAX - 8)
        fail(EXIT_DATA, "the text has %zu bytes (at most %d). Try: split it into several files", size, INT_MAX - 8);
}

static void warn_wrong(size_t offset, const char *which) {
    if (offset != SIZE_MAX)
        warn("%s is not all UTF-8: wrong bytes, the first at offset %zu, count as U+FFFD, which BERT drops", which,
             offset);
}

Encoding wordpiece_encode(const WordPiece *tokenizer, const char *first, size_t first_size, const char *second,
                          size_t second_size) {
    check_size(first_size);
    if (second) check_size(second_size);
    if (!second) second_size = 0;
    size_t size = first_size + second_size;
    KnownWords known = known_words_new(size);
    Encoding out = {0};
    encoding_reserve(&out, size / 4 + size / 32 + 16); /* English has an id for every 4 to 5 bytes */

    encoding_push(&out, tokenizer->cls, 0, 0, 0);
    warn_wrong(add_text(&out, tokenizer, &known, 0, first, first_size), second ? "the first text" : "the text");
    encoding_push(&out, tokenizer->sep, 0, 0, 0);
    if (second) {
        warn_wrong(add_text(&out, tokenizer, &known, 1, second, second_size), "the second text");
        encoding_push(&out, tokenizer->sep, 1, 0, 0);
    }
    known_words_free(&known);
    return out;
}
