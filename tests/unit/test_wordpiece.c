/* text/wordpiece: the ids, types and offsets of the fast Hugging Face tokenizer (tests/fixtures/wordpiece), the fast
 * path against the plain one, truncation, and texts that are not text. What it takes every character for:
 * test_bert_characters.c. */
#include "expect.h"
#include "text/ids.h"
#include "text/utf8.h"
#include "text/wordpiece.h"
#include <jansson.h>

#define FIXTURES "tests/fixtures/wordpiece/"

/* ---- against the fixtures ---- */

/* array[i] when `inner` is -1, else array[i][inner]. */
static void expect_numbers(const char *what, const json_t *array, int inner, const int *ours, int n, const char *line) {
    bool same = json_array_size(array) == (size_t)n;
    for (int i = 0; same && i < n; i++) {
        const json_t *value = json_array_get(array, (size_t)i);
        if (inner >= 0) value = json_array_get(value, (size_t)inner);
        same = json_integer_value(value) == ours[i];
    }
    if (same) return;
    String list = {0};
    for (int i = 0; i < n; i++) string_add(&list, " %d", ours[i]);
    wrong("%s are%s, expected those of\n%.1500s", what, list.text, line);
}

static void expect_case(const WordPiece *tokenizer, const char *line, size_t size) {
    json_t *expected = json_loadb(line, size, JSON_ALLOW_NUL, NULL);
    assert_non_null(expected);
    const json_t *text = json_object_get(expected, "text"), *pair = json_object_get(expected, "pair");
    Encoding e = wordpiece_encode(tokenizer, json_string_value(text), json_string_length(text), json_string_value(pair),
                                  json_string_length(pair));
    expect_numbers("ids", json_object_get(expected, "ids"), -1, e.ids, e.n, line);
    expect_numbers("types", json_object_get(expected, "type_ids"), -1, e.types, e.n, line);
    const json_t *offsets = json_object_get(expected, "byte_offsets");
    if (offsets) {
        expect_numbers("first bytes", offsets, 0, e.first, e.n, line);
        expect_numbers("ends", offsets, 1, e.end, e.n, line);
    }
    encoding_free(&e);
    json_decref(expected);
}

/* Every line of cases.jsonl, on the fast path and on the plain one; returns how many. */
static int expect_cases(const char *folder, const char *cases) {
    WordPiece tokenizer = wordpiece_load(folder);
    Bytes file = file_read(cases);
    int count = 0;
    for (int plain = 0; plain < 2; plain++) {
        for (const char *line = file.data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, count++) {
            char *copy = text_copy(line, (size_t)(end - line));
            expect_case(&tokenizer, copy, (size_t)(end - line));
            memory_free(copy);
        }
        memory_free(tokenizer.ascii);
        tokenizer.ascii = NULL;
    }
    bytes_free(&file);
    wordpiece_free(&tokenizer);
    return count / 2;
}

static void expect_setting(const char *name, int least) {
    char folder[256], cases[300];
    snprintf(folder, sizeof folder, FIXTURES "%s", name);
    snprintf(cases, sizeof cases, "%s/cases.jsonl", folder);
    int count = expect_cases(folder, cases);
    if (count < least) wrong("%s has only %d cases", cases, count);
}

static void test_uncased(void **state) {
    (void)state;
    expect_setting("uncased", 700);
}
static void test_cased(void **state) {
    (void)state;
    expect_setting("cased", 700);
}
static void test_uncased_json(void **state) {
    (void)state;
    expect_setting("uncased_json", 200);
}
static void test_cased_json(void **state) {
    (void)state;
    expect_setting("cased_json", 200);
}
static void test_keep_accents(void **state) {
    (void)state;
    expect_setting("keep_accents", 200);
}
static void test_keep_accents_config(void **state) {
    (void)state;
    expect_setting("keep_accents_config", 200);
}
static void test_cased_strip_accents(void **state) {
    (void)state;
    expect_setting("cased_strip_accents", 200);
}
static void test_no_chinese(void **state) {
    (void)state;
    expect_setting("no_chinese", 200);
}
static void test_no_chinese_config(void **state) {
    (void)state;
    expect_setting("no_chinese_config", 200);
}
static void test_no_clean_text(void **state) {
    (void)state;
    expect_setting("no_clean_text", 200);
}
static void test_max_10_chars(void **state) {
    (void)state;
    expect_setting("max_10_chars", 200);
}
static void test_prefix_at(void **state) {
    (void)state;
    expect_setting("prefix_at", 200);
}
static void test_added_tokens(void **state) {
    (void)state;
    expect_setting("added_tokens", 200);
}
static void test_added_token_flags(void **state) {
    (void)state;
    expect_setting("added_token_flags", 200);
}
static void test_sequence_course(void **state) {
    (void)state;
    expect_setting("sequence_course", 300);
}
static void test_sequence_lower_first(void **state) {
    (void)state;
    expect_setting("sequence_lower_first", 300);
}
static void test_sequence_apart(void **state) {
    (void)state;
    expect_setting("sequence_apart", 300);
}
static void test_crlf(void **state) {
    (void)state;
    expect_setting("crlf", 200);
}
static void test_blank_and_duplicate_lines(void **state) {
    (void)state;
    expect_setting("blank_and_duplicate_lines", 200);
}

static void test_minilm(void **state) {
    (void)state;
    if (!file_exists("data/minilm/tokenizer.json")) skip();
    assert_true(expect_cases("data/minilm", FIXTURES "minilm.jsonl") > 200);
}

static void add_id(void *context, AddedMatch match) {
    ids_add(context, match.id);
}

static void expect_letter(void *context, size_t from, size_t to) {
    (void)context;
    assert_int_equal(from, 11);
    assert_int_equal(to, 12);
}

/* Of the added tokens that begin at one place, the longest one, in whatever order they were added. */
static void test_longest_added_token(void **state) {
    (void)state;
    static const char *const texts[] = {"<x>y", "<x>", "<x>yzz", "<x>yz"};
    const char *text = "<x>yz<x>yzzz<x>y<x>";
    for (int turn = 0; turn < 4; turn++) {
        AddedTokens tokens = {0};
        for (int i = 0; i < 4; i++)
            added_tokens_add(&tokens, texts[(i + turn) % 4], strlen(texts[(i + turn) % 4]),
                             (AddedToken){.id = (i + turn) % 4});
        Ids ids = {0};
        added_tokens_cut(&tokens, text, strlen(text), (AddedCut){add_id, expect_letter, &ids});
        assert_int_equal(ids.n, 4);
        assert_memory_equal(ids.at, ((int[]){3, 2, 0, 1}), sizeof(int[4]));
        ids_free(&ids), added_tokens_free(&tokens);
    }
}

/* ---- the fast path is the plain one ---- */

static void expect_same_encoding(const Encoding *a, const Encoding *b, const char *text, size_t size) {
    bool same = a->n == b->n;
    for (int i = 0; same && i < a->n; i++)
        same = a->ids[i] == b->ids[i] && a->types[i] == b->types[i] && a->first[i] == b->first[i] &&
               a->end[i] == b->end[i];
    if (same) return;
    String label = {0};
    utf8_label(&label, text, size, 2000);
    wrong("the fast and the plain path differ on %s", label.text);
}

static void test_fast_is_plain(void **state) {
    (void)state;
    static const char *const settings[] = {"uncased",      "cased",     "keep_accents", "no_clean_text",
                                           "max_10_chars", "prefix_at", "added_tokens"};
    static const char *const pieces[] = {
        "the",  "THE", "cats",   "un",      "ing",    " ",      "  ", "\n", ".", ",",      "[MASK]", "[", "\x01",
        "\x7f", "\v",  "\u00e9", "e\u0301", "\u6728", "\u0301", "x",  "Z",  "7", "\ufffd", "<x>",    "#", "##s"};
    Rng rng = test_rng(23);
    for (size_t s = 0; s < sizeof settings / sizeof *settings; s++) {
        char folder[256];
        snprintf(folder, sizeof folder, FIXTURES "%s", settings[s]);
        WordPiece fast = wordpiece_load(folder), plain = fast;
        plain.ascii = NULL;
        for (int round = 0; round < 2000; round++) {
            String text = {0};
            string_add_bytes(&text, "", 0);
            size_t kinds = round % 2 ? sizeof pieces / sizeof *pieces : 13; /* ASCII alone, or with the rest */
            for (size_t i = random_below(&rng, 30); i > 0; i--)
                if (random_below(&rng, 3)) string_add(&text, "%s", pieces[random_below(&rng, kinds)]);
                else string_add_bytes(&text, (char[]){(char)random_below(&rng, 128)}, 1);
            Encoding a = wordpiece_encode(&fast, text.text, text.length, NULL, 0);
            Encoding b = wordpiece_encode(&plain, text.text, text.length, NULL, 0);
            expect_same_encoding(&a, &b, text.text, text.length);
            encoding_free(&a), encoding_free(&b);
            string_free(&text);
        }
        wordpiece_free(&fast);
    }
}

/* ---- a tokenizer of our own ---- */

static Vocab vocab_of(const char *words) {
    Vocab vocab = {0};
    for (const char *at = words; *at; at += strcspn(at, " "), at += *at == ' ') vocab_add(&vocab, at, strcspn(at, " "));
    return vocab;
}

/* " id:first-end" for each id. */
static void expect_text(const WordPiece *tokenizer, const char *text, size_t size, const char *expected) {
    Encoding e = wordpiece_encode(tokenizer, text, size, NULL, 0);
    String out = {0};
    for (int i = 0; i < e.n; i++) {
        if (e.end[i]) string_add(&out, " %s:%d-%d", vocab_token(&tokenizer->vocab, e.ids[i]), e.first[i], e.end[i]);
        else string_add(&out, " %s", vocab_token(&tokenizer->vocab, e.ids[i]));
    }
    assert_string_equal(out.text, expected);
    string_free(&out);
    encoding_free(&e);
}

static void test_by_hand(void **state) {
    (void)state;
    WordPiece t = wordpiece_new(vocab_of("play ##ing ##s [UNK] cat [SEP] [CLS] na ##ive ! [MASK]"), true);
    assert_int_equal(t.cls, 6); /* from the vocabulary, not 101 */
    assert_int_equal(t.pad, -1);
    assert_int_equal(t.mask, 10);
    expect_text(&t, "Playing cats!", 13, " [CLS] play:0-4 ##ing:4-7 cat:8-11 ##s:11-12 !:12-13 [SEP]");
    expect_text(&t, "na\u00efve[MASK] [mask]", 19,
                " [CLS] na:0-2 ##ive:2-6 [MASK]:6-12 [UNK]:13-14 [UNK]:14-18 [UNK]:18-19 [SEP]");
    expect_text(&t, "cats\0cat", 8, " [CLS] [UNK]:0-8 [SEP]"); /* U+0000 is dropped, so this is one word */
    expect_text(&t, "cat\0s", 5, " [CLS] cat:0-3 ##s:4-5 [SEP]");
    expect_text(&t,
                "\xEF\xBB\xBF"
                "cat\r\ncat",
                11, " [CLS] cat:3-6 cat:8-11 [SEP]");
    expect_text(&t, "", 0, " [CLS] [SEP]");
    Encoding e = wordpiece_encode(&t, "cat", 3, "", 0); /* an empty second text is a second text */
    assert_int_equal(e.n, 4);
    assert_int_equal(e.types[3], 1);
    encoding_free(&e);
    wordpiece_free(&t);
}

typedef struct {
    const char *words;
    const char *text, *pair;
    size_t size;
} Given;

static void make_and_encode(void *context) {
    const Given *given = context;
    WordPiece t = wordpiece_new(vocab_of(given->words), true);
    Encoding e = wordpiece_encode(&t, given->text, given->size, given->pair, given->pair ? strlen(given->pair) : 0);
    for (int i = 0; i < e.n; i++) printf(" %d", e.ids[i]);
    encoding_free(&e);
    wordpiece_free(&t);
}

static void test_specials_are_needed(void **state) {
    (void)state;
    static const char *const words[] = {"a [CLS] [SEP]", "a [UNK] [SEP]", "a [UNK] [CLS]"};
    static const char *const missing[] = {"no [UNK]", "no [CLS]", "no [SEP]"};
    for (int i = 0; i < 3; i++) {
        Given given = {words[i], "a", NULL, 1};
        expect_failure(EXIT_DATA, missing[i], make_and_encode, &given);
    }
}

/* Dropped, as BERT drops U+FFFD; one warning, with the first offset; the rest of the word lives on. */
static void test_not_utf8(void **state) {
    (void)state;
    Given given = {"[UNK] [CLS] [SEP] cat ##s", "cat\xFFs ca\xE6\x9Ct \xED\xA0\x80", NULL, 14};
    Child child = run_child(make_and_encode, &given, NULL);
    assert_string_equal(child.out, " 1 3 4 3 2");
    assert_non_null(strstr(child.err, "prog: warning: the text is not all UTF-8"));
    assert_non_null(strstr(child.err, "offset 3"));
    assert_ptr_equal(strchr(child.err, '\n'), child.err + strlen(child.err) - 1); /* one line */
    given = (Given){"[UNK] [CLS] [SEP] cat ##s", "cat",
                    "c\x80"
                    "at",
                    3};
    child = run_child(make_and_encode, &given, NULL);
    assert_string_equal(child.out, " 1 3 2 3 2");
    assert_non_null(strstr(child.err, "the second text is not all UTF-8"));
    given = (Given){"[UNK] [CLS] [SEP] cat", "\xF0\x9F\x98\x80 cat", NULL, 8};
    child = run_child(make_and_encode, &given, NULL);
    assert_string_equal(child.err, "");
}

/* A megabyte without a space, in letters, in accents, in marks alone, in white space, in punctuation. */
static void test_long_words(void **state) {
    (void)state;
    static const struct {
        const char *unit;
        int n;
    } cases[] = {{"a", 3},       {"\u00e9", 3},  {"\u0301\u0327", 2}, {" ", 2},
                 {"!", 1000002}, {"[", 1000002}, {"[MASK]", 166669}};
    WordPiece t = wordpiece_new(vocab_of("[UNK] [CLS] [SEP] a ##a ! [MASK]"), true);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        String text = {0};
        while (text.length < 1000000) string_add(&text, "%s", cases[c].unit);
        Encoding e = wordpiece_encode(&t, text.text, text.length, NULL, 0);
        assert_int_equal(e.n, cases[c].n);
        if (e.n == 3) {
            assert_int_equal(e.ids[1], t.unk);
            assert_int_equal(e.first[1], 0);
            assert_int_equal(e.end[1], text.length);
        }
        encoding_free(&e);
        string_free(&text);
    }
    wordpiece_free(&t);
}

/* ---- truncation ---- */

/* An encoding of a and b ids of text (b < 0: no second text), whose ids tell their place. */
static Encoding encoding_of(int a, int b) {
    Encoding e = {0};
    encoding_push(&e, 1, 0, 0, 0);
    for (int i = 0; i < a; i++) encoding_push(&e, 100 + i, 0, i, i + 1);
    encoding_push(&e, 2, 0, 0, 0);
    for (int i = 0; i < b; i++) encoding_push(&e, 200 + i, 1, i, i + 1);
    if (b >= 0) encoding_push(&e, 2, 1, 0, 0);
    return e;
}

/* What the tokenizers library leaves of (a, b) when `space` ids of text may stay ("longest_first"). */
static void test_truncate(void **state) {
    (void)state;
    static const int cases[][5] = {
        /* a, b, space, a left, b left */
        {0, 0, 7, 0, 0}, {0, 2, 7, 0, 2}, {0, 8, 7, 0, 7}, {2, 2, 7, 2, 2},   {2, 8, 7, 2, 5},   {4, 4, 7, 3, 4},
        {4, 8, 7, 3, 4}, {8, 0, 7, 7, 0}, {8, 2, 7, 5, 2}, {8, 4, 7, 4, 3},   {8, 8, 7, 3, 4},   {8, 8, 8, 4, 4},
        {9, 3, 8, 5, 3}, {3, 9, 8, 3, 5}, {5, 4, 8, 4, 4}, {5, 4, 7, 4, 3},   {4, 5, 7, 3, 4},   {1, 9, 1, 0, 1},
        {9, 1, 1, 1, 0}, {5, 5, 1, 0, 1}, {5, 5, 0, 0, 0}, {5, -1, 3, 3, -1}, {5, -1, 5, 5, -1}, {5, -1, 0, 0, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int *c = cases[i];
        Encoding ours = encoding_of(c[0], c[1]), expected = encoding_of(c[3], c[4]);
        encoding_truncate(&ours, c[2] + (c[1] < 0 ? 2 : 3));
        if (ours.n != expected.n)
            wrong("(%d, %d) cut to %d leaves %d ids, expected %d", c[0], c[1], c[2], ours.n, expected.n);
        expect_same_encoding(&ours, &expected, "a truncated text", 16);
        encoding_free(&ours), encoding_free(&expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uncased),
        cmocka_unit_test(test_cased),
        cmocka_unit_test(test_uncased_json),
        cmocka_unit_test(test_cased_json),
        cmocka_unit_test(test_keep_accents),
        cmocka_unit_test(test_keep_accents_config),
        cmocka_unit_test(test_cased_strip_accents),
        cmocka_unit_test(test_no_chinese),
        cmocka_unit_test(test_no_chinese_config),
        cmocka_unit_test(test_no_clean_text),
        cmocka_unit_test(test_max_10_chars),
        cmocka_unit_test(test_prefix_at),
        cmocka_unit_test(test_added_tokens),
        cmocka_unit_test(test_added_token_flags),

        cmocka_unit_test(test_longest_added_token),
        cmocka_unit_test(test_sequence_course),
        cmocka_unit_test(test_sequence_lower_first),
        cmocka_unit_test(test_sequence_apart),
        cmocka_unit_test(test_crlf),
        cmocka_unit_test(test_blank_and_duplicate_lines),
        cmocka_unit_test(test_minilm),
        cmocka_unit_test(test_fast_is_plain),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_specials_are_needed),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_truncate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
