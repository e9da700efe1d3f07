/* text/tokenizer: each kind against the functions that it stands before: ids, places, roles, labels, there and back;
 * the texts that are refused, and where. */
#include "small_tokenizer.h"
#include "text/bpe_files.h"
#include "text/gpt2_split.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"
#include <jansson.h>

#define UNCASED "tests/fixtures/wordpiece/uncased"
#define SMALL "tests/fixtures/bpe/small"

/* ---- words and characters ---- */

/* Every token's place in the text is its own bytes, and places rise. */
static void expect_places(const Tokenizer *t, const Encoding *e, const char *text, size_t size) {
    int before = 0;
    for (int i = 0; i < e->n; i++) {
        assert_true(e->first[i] >= before && e->end[i] > e->first[i] && (size_t)e->end[i] <= size);
        assert_int_equal(tokenizer_find(t, text + e->first[i], (size_t)(e->end[i] - e->first[i])), e->ids[i]);
        assert_int_equal(e->types[i], 0);
        before = e->end[i];
    }
}

static void expect_text(const Tokenizer *t, const int *ids, int n, const char *text, size_t size) {
    String back = {0};
    tokenizer_decode(t, ids, (size_t)n, &back);
    char *alone = tokenizer_text(t, ids, (size_t)n);
    if (!string_is(&back, text, size)) wrong("came back as: %s", back.text);
    assert_string_equal(alone, back.text);
    string_free(&back), memory_free(alone);
}

static String random_text(Rng *rng, const char *const *parts, size_t kinds) {
    String text = {0};
    string_add(&text, "%s", "");
    for (size_t n = random_below(rng, 40); n > 0; n--) string_add(&text, "%s", parts[random_below(rng, kinds)]);
    return text;
}

static void test_characters(void **state) {
    (void)state;
    static const char *const parts[] = {"a", "b", " ", "\n", "\u00e9", "\u6728", "\U0001F600"};
    Tokenizer *t = tokenizer_of(TOKENIZER_CHARACTERS, "| _ a b \u00e9 \u6728 \U0001F600");
    Rng rng = test_rng(41);
    for (int round = 0; round < 500; round++) {
        String text = random_text(&rng, parts, 7);
        Encoding e = tokenizer_encode(t, text.text, text.length, NULL, 0);
        assert_int_equal(e.n, utf8_count(text.text, text.length));
        expect_places(t, &e, text.text, text.length);
        expect_text(t, e.ids, e.n, text.text, text.length);
        TokenRole *roles = tokenizer_roles(t, e.ids, (size_t)e.n);
        for (int i = 0; i < e.n; i++) assert_int_equal(roles[i], ROLE_WORD);
        memory_free(roles), encoding_free(&e), string_free(&text);
    }
    assert_int_equal(tokenizer_mask_id(t), -1);
    assert_int_equal(tokenizer_find(t, "\n", 1), 0);
    tokenizer_free(t);
}

/* Known words only; regex_encode and regex_decode say the same. */
static void test_words(void **state) {
    (void)state;
    static const char *const parts[] = {"the ",   "lamp ", "lamp,", ".", "--", "\n", " ", "\u00e9t\u00e9\u3000",
                                        "[MASK]."};
    const char *known = ", -- . [MASK] lamp the \u00e9t\u00e9";
    Tokenizer *t = tokenizer_of(TOKENIZER_WORDS, known);
    Vocab vocab = {0};
    for (int id = 0; id < 7; id++) {
        String token = {0};
        tokenizer_token(t, id, &token);
        assert_int_equal(vocab_add(&vocab, token.text, token.length), id);
        string_free(&token);
    }
    Rng rng = test_rng(42);
    for (int round = 0; round < 500; round++) {
        String text = random_text(&rng, parts, 9), glued = {0};
        Ids ids = {0};
        Encoding e = tokenizer_encode(t, text.text, text.length, NULL, 0);
        regex_encode(&vocab, REGEX_V1, text.text, text.length, &ids);
        assert_int_equal(e.n, ids.n);
        if (e.n) assert_memory_equal(e.ids, ids.at, ids.n * sizeof(int));
        expect_places(t, &e, text.text, text.length);
        string_add(&glued, "%s", "");
        regex_decode(&vocab, REGEX_V1, ids.at, ids.n, &glued);
        expect_text(t, e.ids, e.n, glued.text, glued.length);
        TokenRole *roles = tokenizer_roles(t, e.ids, (size_t)e.n);
        for (int i = 0; i < e.n; i++) assert_int_equal(roles[i], e.ids[i] == 3 ? ROLE_SPECIAL : ROLE_WORD);
        memory_free(roles), string_free(&glued), ids_free(&ids), encoding_free(&e), string_free(&text);
    }
    assert_int_equal(tokenizer_mask_id(t), 3);
    vocab_free(&vocab);
    tokenizer_free(t);
}

/* A model that has learnt to fill gaps knows one token of more than a character. */
static void test_characters_and_a_mask(void **state) {
    (void)state;
    Tokenizer *t = tokenizer_of(TOKENIZER_CHARACTERS, "a b [ ] M [MASK]");
    const char *text = "a[MASK]b[M";
    Encoding e = tokenizer_encode(t, text, strlen(text), NULL, 0);
    assert_int_equal(e.n, 5);
    assert_memory_equal(e.ids, ((int[]){0, 5, 1, 2, 4}), sizeof(int[5]));
    expect_places(t, &e, text, strlen(text));
    TokenRole *roles = tokenizer_roles(t, e.ids, 5);
    assert_memory_equal(roles, ((TokenRole[]){ROLE_WORD, ROLE_SPECIAL, ROLE_WORD, ROLE_WORD, ROLE_WORD}),
                        sizeof(TokenRole[5]));
    assert_int_equal(tokenizer_mask_id(t), 5);
    memory_free(roles), encoding_free(&e), tokenizer_free(t);
}

/* ---- GPT-2 ---- */

static void expect_bpe_case(const Tokenizer *t, const char *line, size_t size) {
    json_t *expected = json_loadb(line, size, JSON_ALLOW_NUL, NULL);
    assert_non_null(expected);
    const json_t *ids = json_object_get(expected, "special");
    if (!ids) ids = json_object_get(expected, "ids");
    const char *text = json_string_value(json_object_get(expected, "text"));
    size_t length = json_string_length(json_object_get(expected, "text"));
    Encoding e = tokenizer_encode(t, text, length, NULL, 0);
    if ((size_t)e.n != json_array_size(ids)) wrong("%d ids: %.500s", e.n, line);
    for (int i = 0, at = 0; i < e.n; at = e.end[i++]) {
        assert_int_equal(e.ids[i], json_integer_value(json_array_get(ids, (size_t)i)));
        assert_int_equal(e.first[i], at);
    }
    expect_places(t, &e, text, length);
    expect_text(t, e.ids, e.n, text, length);
    encoding_free(&e);
    json_decref(expected);
}

static void test_bpe_cases(void **state) {
    (void)state;
    Tokenizer *t = tokenizer_open(SMALL);
    Bytes file = file_read(SMALL "/cases.jsonl");
    int count = 0;
    for (const char *line = file.data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, count++)
        expect_bpe_case(t, line, (size_t)(end - line));
    assert_true(count > 200);
    bytes_free(&file);
    tokenizer_free(t);
}

/* A token begins a word where a piece of the text begins, whatever its own bytes are. Any bytes are a text. */
static void test_bpe_roles(void **state) {
    (void)state;
    static const char *const parts[] = {" the",    "lamplighter",  "\n",   "  ",       "'re", "--", "1987",
                                        "\u00e9t", "\u6728\u6728", "\xff", "\xe2\x80", "\"",  "x",  "<|endoftext|>"};
    Tokenizer *t = tokenizer_open(SMALL);
    Rng rng = test_rng(43);
    int roles_seen[3] = {0};
    for (int round = 0; round < 1000; round++) {
        String text = random_text(&rng, parts, 14);
        Encoding e = tokenizer_encode(t, text.text, text.length, NULL, 0);
        TokenRole *roles = tokenizer_roles(t, e.ids, (size_t)e.n);
        size_t end = text.length, word = 0;
        for (int i = e.n - 1; i >= 0; i--) /* a text ends where the next special token stands */
            if (e.ids[i] == 656 && memcmp(text.text + e.first[i], "<|endoftext|>", 13) == 0) end = (size_t)e.first[i];
        for (int i = 0; i < e.n; i++) {
            size_t first = (size_t)e.first[i];
            TokenRole role = first == word ? ROLE_WORD : ROLE_PIECE;
            if (first == end && end < text.length) {
                role = ROLE_SPECIAL;
                word = (size_t)e.end[i];
                const char *next = memmem(text.text + word, text.length - word, "<|endoftext|>", 13);
                end = next ? (size_t)(next - text.text) : text.length;
            }
            if (roles[i] != role) wrong("token %d at byte %zu has role %d: %s", i, first, (int)roles[i], text.text);
            roles_seen[role]++;
            while (role != ROLE_SPECIAL && word < (size_t)e.end[i]) word = gpt2_split_next(text.text, end, word);
        }
        memory_free(roles), encoding_free(&e), string_free(&text);
    }
    assert_true(roles_seen[0] > 1000 && roles_seen[1] > 1000 && roles_seen[2] > 100);
    tokenizer_free(t);
}

/* A special token that takes the white space around it along has a longer place than its name. */
static void test_bpe_special_with_spaces(void **state) {
    (void)state;
    Bpe bpe = bpe_bytes();
    int id = vocab_add(&bpe.vocab, "<x>", 3);
    added_tokens_add(&bpe.special, "<x>", 3, (AddedToken){.id = id, .lstrip = true, .rstrip = true});
    Tokenizer *t = tokenizer_new_bpe(bpe);
    Encoding e = tokenizer_encode(t, "a  <x> <x>b", 11, NULL, 0);
    assert_int_equal(e.n, 4);
    assert_memory_equal(e.ids, ((int[]){'a', id, id, 'b'}), sizeof(int[4]));
    assert_memory_equal(e.first, ((int[]){0, 1, 7, 10}), sizeof(int[4]));
    assert_memory_equal(e.end, ((int[]){1, 7, 10, 11}), sizeof(int[4]));
    encoding_free(&e);
    tokenizer_free(t);
    /* a token that begins with the space which the one before took along is found all the same, as by AutoTokenizer */
    bpe = bpe_bytes();
    id = vocab_add(&bpe.vocab, " x", 2);
    added_tokens_add(&bpe.special, " x", 2, (AddedToken){.id = id, .rstrip = true});
    t = tokenizer_new_bpe(bpe);
    e = tokenizer_encode(t, "a x xb", 6, NULL, 0);
    assert_int_equal(e.n, 4);
    assert_memory_equal(e.ids, ((int[]){'a', id, id, 'b'}), sizeof(int[4]));
    encoding_free(&e);
    tokenizer_free(t);
    /* and when it takes space along on its left, its place begins behind that space, as in the tokenizers library */
    bpe = bpe_bytes();
    int left = vocab_add(&bpe.vocab, "<x>", 3);
    id = vocab_add(&bpe.vocab, " y", 2);
    added_tokens_add(&bpe.special, "<x>", 3, (AddedToken){.id = left, .rstrip = true});
    added_tokens_add(&bpe.special, " y", 2, (AddedToken){.id = id, .lstrip = true});
    t = tokenizer_new_bpe(bpe);
    e = tokenizer_encode(t, "<x>   y", 7, NULL, 0);
    assert_int_equal(e.n, 2);
    assert_memory_equal(e.ids, ((int[]){left, id}), sizeof(int[2]));
    assert_memory_equal(e.first, ((int[]){0, 6}), sizeof(int[2]));
    assert_memory_equal(e.end, ((int[]){6, 7}), sizeof(int[2]));
    encoding_free(&e);
    tokenizer_free(t);
}

/* The space that is put in front stands for no byte of the text. */
static void test_bpe_spaced(void **state) {
    (void)state;
    Bpe bpe = bpe_bytes();
    bpe_merge(&bpe, ' ', 'a', -1);
    int special = vocab_add(&bpe.vocab, "<x>", 3);
    added_tokens_add(&bpe.special, "<x>", 3, (AddedToken){.id = special});
    bpe.spaced = true;
    Tokenizer *t = tokenizer_new_bpe(bpe);
    Encoding e = tokenizer_encode(t, "a a<x>b<x> b", 12, NULL, 0);
    assert_int_equal(e.n, 8);
    assert_memory_equal(e.ids, ((int[]){256, 256, special, ' ', 'b', special, ' ', 'b'}), sizeof(int[8]));
    assert_memory_equal(e.first, ((int[]){0, 1, 3, 6, 6, 7, 10, 11}), sizeof(int[8]));
    assert_memory_equal(e.end, ((int[]){1, 3, 6, 6, 7, 10, 11, 12}), sizeof(int[8]));
    encoding_free(&e);
    tokenizer_free(t);
}

static void test_bpe_any_bytes(void **state) {
    (void)state;
    Tokenizer *t = tokenizer_open(SMALL);
    char text[256];
    for (int i = 0; i < 256; i++) text[i] = (char)i;
    Encoding e = tokenizer_encode(t, text, 256, NULL, 0);
    expect_places(t, &e, text, 256);
    expect_text(t, e.ids, e.n, text, 256);
    encoding_free(&e);
    tokenizer_free(t);
}

/* ---- WordPiece ---- */

static void expect_as_wordpiece(const Tokenizer *t, const char *first, const char *second) {
    size_t second_size = second ? strlen(second) : 0;
    Encoding face = tokenizer_encode(t, first, strlen(first), second, second_size);
    Encoding own = wordpiece_encode(tokenizer_wordpiece(t), first, strlen(first), second, second_size);
    assert_int_equal(face.n, own.n);
    size_t size = (size_t)own.n * sizeof(int);
    assert_memory_equal(face.ids, own.ids, size);
    assert_memory_equal(face.types, own.types, size);
    assert_memory_equal(face.first, own.first, size);
    assert_memory_equal(face.end, own.end, size);
    encoding_free(&face), encoding_free(&own);
}

static void test_wordpiece(void **state) {
    (void)state;
    Tokenizer *t = tokenizer_open(UNCASED);
    expect_as_wordpiece(t, "", NULL);
    expect_as_wordpiece(t, "UNwant\u00e9d,running", NULL);
    expect_as_wordpiece(t, "UNwant\u00e9d [MASK]", "running, \u6728");
    const char *text = "unwanted,running [MASK] \u2603";
    Encoding e = tokenizer_encode(t, text, strlen(text), NULL, 0);
    TokenRole *roles = tokenizer_roles(t, e.ids, (size_t)e.n);
    String seen = {0};
    for (int i = 0; i < e.n; i++) {
        tokenizer_token(t, e.ids[i], &seen);
        string_add(&seen, "%c ", "WPS"[roles[i]]);
    }
    assert_string_equal(seen.text, "[CLS]S unW ##wantP ##edP ,W runningW [MASK]S [UNK]W [SEP]S ");
    expect_text(t, e.ids, e.n, "[CLS] unwanted , running [MASK] [UNK] [SEP]", 43);
    assert_int_equal(tokenizer_mask_id(t), e.ids[6]);
    for (int i = 0; i < e.n; i++) assert_true(tokenizer_frames(t, e.ids[i]) == (i == 0 || i == 8));
    memory_free(roles), encoding_free(&e), string_free(&seen);
    tokenizer_free(t);
}

/* ---- as people and files see a token ---- */

static void expect_shown(const Tokenizer *t, const char *token, size_t size, const char *spelled, const char *label) {
    int id = tokenizer_find(t, token, size);
    assert_true(id >= 0);
    String out = {0};
    tokenizer_token(t, id, &out);
    assert_string_equal(out.text, spelled);
    char *shown = tokenizer_label(t, id, 4);
    assert_string_equal(shown, label);
    string_free(&out), memory_free(shown);
}

static void test_tokens_as_shown(void **state) {
    (void)state;
    Tokenizer *t = tokenizer_open(SMALL);
    expect_shown(t, " the", 4, "\u0120the", " the");
    expect_shown(t, " ", 1, "\u0120", "\u2423");
    expect_shown(t, "\n", 1, "\u010a", "\u23ce");
    expect_shown(t, "\xe2", 1, "\u00e2", "\ufffd");
    expect_shown(t, "\0", 1, "\u0100", "\\x00");
    expect_shown(t, "<|endoftext|>", 13, "<|endoftext|>", "<|e\u2026");
    tokenizer_free(t);
    t = tokenizer_of(TOKENIZER_CHARACTERS, "| _ a");
    expect_shown(t, " ", 1, " ", "\u2423");
    expect_shown(t, "\n", 1, "\n", "\u23ce");
    tokenizer_free(t);
    t = tokenizer_of(TOKENIZER_WORDS, "lamplighter");
    expect_shown(t, "lamplighter", 11, "lamplighter", "lam\u2026");
    tokenizer_free(t);
    t = tokenizer_open(UNCASED);
    expect_shown(t, "##ed", 4, "##ed", "##ed");
    tokenizer_free(t);
}

/* ---- what is refused ---- */

typedef struct {
    const Tokenizer *t;
    const char *text, *second;
    size_t size;
} Encode;

static void encode(void *context) {
    const Encode *ask = context;
    Encoding e = tokenizer_encode(ask->t, ask->text, ask->size, ask->second, ask->second ? strlen(ask->second) : 0);
    encoding_free(&e);
}

static void expect_no_text(const Tokenizer *t, const char *parts, const char *text, size_t size) {
    expect_failure(EXIT_DATA, parts, encode, &(Encode){.t = t, .text = text, .size = size});
}

static void decode(void *context) {
    const Encode *ask = context;
    String out = {0};
    tokenizer_decode(ask->t, (const int[]){0, tokenizer_count(ask->t), -1}, ask->size, &out);
    string_free(&out);
}

static void test_texts_that_are_refused(void **state) {
    (void)state;
    Tokenizer *characters = tokenizer_of(TOKENIZER_CHARACTERS, "a b |");
    Tokenizer *words = tokenizer_of(TOKENIZER_WORDS, "a the");
    Tokenizer *bpe = tokenizer_open(SMALL), *bert = tokenizer_open(UNCASED);
    expect_no_text(characters,
                   "TEXT: byte 2: |never seen `\u00e9` (expected one of its 3 characters). Try: another word",
                   "ab\u00e9a", 5);
    expect_no_text(characters, "byte 1: |never seen ``", "a\0b", 3);
    expect_no_text(characters, "byte 1 is no UTF-8|iconv", "a\xff", 2);
    expect_no_text(words, "TEXT: byte 6: |never seen `lamp` (expected one of its 2 words)", "a the lamp", 10);
    expect_no_text(words, "byte 0: |never seen `a\\x01`", "a\x01 the", 6);
    expect_no_text(words, "byte 2 is no UTF-8|iconv", "a \xc3", 3);
    Tokenizer *all[] = {characters, words, bpe, bert};
    for (int i = 0; i < 3; i++) {
        expect_no_text(all[i], "2147483647 bytes|at most 1 GB", "", INT32_MAX);
        expect_failure(EXIT_DATA, "one text, not a pair", encode, &(Encode){all[i], "a", "the", 1});
        Encoding e = tokenizer_encode(all[i], "", 0, NULL, 0);
        assert_int_equal(e.n, 0);
        expect_text(all[i], e.ids, 0, "", 0);
        memory_free(tokenizer_roles(all[i], e.ids, 0));
        encoding_free(&e);
    }
    for (int i = 0; i < 4; i++) {
        expect_failure(EXIT_DATA, "id number 2 is", decode, &(Encode){.t = all[i], .size = 2});
        expect_failure(EXIT_DATA, "id number 2 is", decode, &(Encode){.t = all[i], .size = 3});
        tokenizer_free(all[i]);
    }
    tokenizer_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_characters_and_a_mask),
        cmocka_unit_test(test_bpe_cases),
        cmocka_unit_test(test_bpe_roles),
        cmocka_unit_test(test_bpe_special_with_spaces),
        cmocka_unit_test(test_bpe_spaced),
        cmocka_unit_test(test_bpe_any_bytes),
        cmocka_unit_test(test_wordpiece),
        cmocka_unit_test(test_tokens_as_shown),
        cmocka_unit_test(test_texts_that_are_refused),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
