/* Any bytes as a text, under any rules: the first byte chooses the rules, the first byte 0xFE in the rest divides two
 * texts. Ids, types and offsets must make sense, and the fast path must say what the plain one says. */
#include "../catch.h"
#include "base/memory.h"
#include "text/fast/wordpiece_ascii.h"
#include "text/wordpiece.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned rules;
    const char *first, *second; /* second may be NULL */
    size_t first_size, second_size;
} Input;

static void expect(bool fine) {
    if (!fine) abort();
}

static WordPiece small_tokenizer(unsigned rules) {
    static const char *const tokens[] = {"[UNK]",  "[CLS]",    "[SEP]", "[MASK]", "the",    "cat",      "##s",
                                         "##ing",  "a",        "##a",   "b",      "##b",    "i",        "##\u0307",
                                         "\u6728", "##\u6728", "!",     ".",      "\u1112", "##\u1161", "##\u11ab",
                                         "\u00e9", "##\u00e9", "T",     "##A",    "\u0301", "##\u0301", "\u3002"};
    Vocab vocab = {0};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) vocab_add(&vocab, tokens[i], strlen(tokens[i]));
    WordPiece tokenizer = wordpiece_new(vocab, true);
    int unknown = tokenizer.unk;
    /* One bit says two things where nothing depends on both. */
    tokenizer.rules = (BertRules){.clean_text = rules & 1, .space_cjk = rules & 2, .strip_accents = rules & 4,
                                  .lower_case = rules & 8, .take_apart = rules & 64, .strip_marks = rules & 32};
    tokenizer.rules.lower_first = (rules & 8) && (rules & 16);
    if (rules & 16) tokenizer.longest_word = 7;
    if (rules & 32)
        added_tokens_add(&tokenizer.normalized, "as", 2,
                         (AddedToken){unknown, rules & 64, rules & 128, rules & 64, true});
    return tokenizer;
}

static void check(const WordPiece *tokenizer, const Encoding *e, const Input *input) {
    expect(e->n >= 2 && e->n <= e->room && e->ids[0] == tokenizer->cls && e->ids[e->n - 1] == tokenizer->sep);
    expect(e->types[e->n - 1] == (input->second != NULL));
    for (int i = 0; i < e->n; i++) {
        size_t size = e->types[i] ? input->second_size : input->first_size;
        expect(e->ids[i] >= 0 && e->ids[i] < tokenizer->vocab.count);
        expect(e->first[i] >= 0 && e->first[i] <= e->end[i] && (size_t)e->end[i] <= size);
        if (i == 0) continue;
        expect(e->types[i] >= e->types[i - 1] && e->types[i] <= 1);
        if (e->types[i] == e->types[i - 1] && e->end[i] && e->end[i - 1])
            expect(e->first[i] >= e->first[i - 1] && e->end[i] >= e->end[i - 1]);
    }
}

static void expect_same(const Encoding *a, const Encoding *b) {
    size_t bytes = (size_t)a->n * sizeof *a->ids;
    expect(a->n == b->n && memcmp(a->ids, b->ids, bytes) == 0 && memcmp(a->types, b->types, bytes) == 0 &&
           memcmp(a->first, b->first, bytes) == 0 && memcmp(a->end, b->end, bytes) == 0);
}

static void encode(void *context) {
    const Input *input = context;
    WordPiece tokenizer = small_tokenizer(input->rules), plain = tokenizer;
    plain.ascii = NULL;
    memory_free(tokenizer.ascii); /* made for the rules that wordpiece_new set */
    tokenizer.ascii = ascii_tables_new(&tokenizer);
    Encoding e = wordpiece_encode(&tokenizer, input->first, input->first_size, input->second, input->second_size);
    Encoding f = wordpiece_encode(&plain, input->first, input->first_size, input->second, input->second_size);
    check(&tokenizer, &e, input);
    expect_same(&e, &f);
    int limit = (int)(input->rules % 7) + 3, whole = e.n;
    encoding_truncate(&e, limit);
    expect(e.n == (whole < limit ? whole : limit));
    check(&tokenizer, &e, input);
    encoding_free(&e);
    encoding_free(&f);
    wordpiece_free(&tokenizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const char *text = (const char *)data + 1, *divider = memchr(text, 0xFE, size - 1);
    Input input = {data[0], text, NULL, size - 1, 0};
    if (divider) {
        input.first_size = (size_t)(divider - text);
        input.second = divider + 1;
        input.second_size = size - 2 - input.first_size;
    }
    Error error;
    expect(!error_catch(&error, encode, &input));
    return 0;
}
