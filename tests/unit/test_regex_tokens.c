/* text/regex_tokens: pieces and vocabularies equal to Python's (tests/fixtures/regex_tokens.jsonl), by hand and by
 * POSIX regex; the two tokenizers; the digits of The Verdict. */
#include "expect.h"
#include "text/regex_tokens.h"
#include <jansson.h>

#define VERDICT "data/the-verdict.txt"

static void expect_tokens(const char *text, const TextSpans *spans, const json_t *expected, const char *line) {
    bool same = json_array_size(expected) == spans->n;
    for (size_t i = 0; same && i < spans->n; i++) {
        const json_t *token = json_array_get(expected, i);
        size_t length = spans->at[i].end - spans->at[i].first;
        same = json_string_length(token) == length &&
               memcmp(json_string_value(token), text + spans->at[i].first, length) == 0;
    }
    if (!same) wrong("%zu tokens, other than those of\n%.1000s", spans->n, line);
}

static void expect_line(const char *line, size_t size, int *ascii) {
    json_t *expected = json_loadb(line, size, JSON_ALLOW_NUL, NULL);
    assert_non_null(expected);
    const json_t *string = json_object_get(expected, "text"), *words = json_object_get(expected, "vocabulary");
    const char *text = json_string_value(string);
    size_t length = json_string_length(string);
    TextSpans hand = {0}, posix = {0};
    regex_split(text, length, &hand);
    expect_tokens(text, &hand, json_object_get(expected, "tokens"), line);
    bool plain = true;
    for (size_t i = 0; i < length; i++) plain = plain && (text[i] >= ' ' || (text[i] >= '\t' && text[i] <= '\r'));
    if (plain) { /* where bytes are characters and all white space is ASCII */
        regex_split_posix(text, length, &posix);
        expect_tokens(text, &posix, json_object_get(expected, "tokens"), line);
        ++*ascii;
    }
    Vocab vocab = regex_vocab(text, &hand, false);
    assert_int_equal(vocab.count, json_array_size(words));
    for (int id = 0; id < vocab.count; id++)
        assert_string_equal(vocab_token(&vocab, id), json_string_value(json_array_get(words, (size_t)id)));
    vocab_free(&vocab);
    text_spans_free(&hand);
    text_spans_free(&posix);
    json_decref(expected);
}

static void test_as_python(void **state) {
    (void)state;
    Bytes file = file_read("tests/fixtures/regex_tokens.jsonl");
    int count = 0, ascii = 0;
    for (const char *line = file.data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, count++)
        expect_line(line, (size_t)(end - line), &ascii);
    bytes_free(&file);
    assert_true(count > 250 && ascii > 80);
}

static Vocab verdict_vocab(Bytes *text, bool special) {
    *text = file_read(VERDICT);
    TextSpans spans = {0};
    regex_split(text->data, text->size, &spans);
    assert_int_equal(spans.n, 4690);
    Vocab vocab = regex_vocab(text->data, &spans, special);
    text_spans_free(&spans);
    return vocab;
}

static void expect_ids(const Vocab *vocab, RegexVersion version, const char *text, const int *expected, size_t n,
                       const char *decoded) {
    Ids ids = {0};
    String back = {0};
    regex_encode(vocab, version, text, strlen(text), &ids);
    if (ids.n != n || memcmp(ids.at, expected, n * sizeof *expected) != 0) wrong("other ids for %s", text);
    regex_decode(vocab, version, ids.at, ids.n, &back);
    assert_string_equal(back.text, decoded);
    string_free(&back);
    ids_free(&ids);
}

typedef struct {
    const Vocab *vocab;
    const char *text;
} Unknown;

static void encode_unknown(void *context) {
    const Unknown *unknown = context;
    Ids ids = {0};
    regex_encode(unknown->vocab, REGEX_V1, unknown->text, strlen(unknown->text), &ids);
}

static void test_verdict_v1(void **state) {
    (void)state;
    if (!file_exists(VERDICT)) skip();
    Bytes text;
    Vocab vocab = verdict_vocab(&text, false);
    assert_int_equal(vocab.count, 1130);
    static const struct {
        int id;
        const char *token;
    } some[] = {{0, "!"},   {6, "--"},     {11, "A"},         {38, "Gisburn"}, {53, "I"},         {57, "Jack"},
                {115, "a"}, {500, "good"}, {1000, "thither"}, {1126, "you"},   {1129, "yourself"}};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_string_equal(vocab_token(&vocab, some[i].id), some[i].token);
    expect_ids(&vocab, REGEX_V1, "\"It's the last he painted, you know,\" Mrs. Gisburn said with pardonable pride.",
               (const int[]){1, 56, 2, 850, 988, 602, 533, 746, 5, 1126, 596, 5, 1, 67, 7, 38, 851, 1108, 754, 793, 7},
               21, "\" It' s the last he painted, you know,\" Mrs. Gisburn said with pardonable pride.");
    Unknown hello = {&vocab, "Hello, do you like tea. Is this-- a test?"};
    expect_failure(EXIT_DATA, "'Hello' at byte 0|1130 tokens", encode_unknown, &hello);
    Ids ids = {0};
    String back = {0};
    regex_encode(&vocab, REGEX_V1, text.data, text.size, &ids);
    regex_decode(&vocab, REGEX_V1, ids.at, ids.n, &back);
    long sum = 0;
    for (size_t i = 0; i < ids.n; i++) sum += ids.at[i];
    assert_int_equal(sum, 2235411);
    assert_int_equal(back.length, 20727);
    back.length = 0;
    regex_decode(&vocab, REGEX_V2, ids.at, ids.n, &back);
    assert_int_equal(back.length, 20684);
    string_free(&back);
    ids_free(&ids);
    vocab_free(&vocab);
    bytes_free(&text);
}

static void test_verdict_v2(void **state) {
    (void)state;
    if (!file_exists(VERDICT)) skip();
    Bytes text;
    Vocab vocab = verdict_vocab(&text, true);
    assert_int_equal(vocab.count, 1132);
    expect_ids(&vocab, REGEX_V2, "Hello, do you like tea? <|endoftext|> In the sunlit terraces of the palace.",
               (const int[]){1131, 5, 355, 1126, 628, 975, 10, 1130, 55, 988, 956, 984, 722, 988, 1131, 7}, 16,
               "<|unk|>, do you like tea? <|endoftext|> In the sunlit terraces of the <|unk|>.");
    vocab_free(&vocab);
    bytes_free(&text);
}

/* The same rules on a text of our own, so that they are tested where The Verdict is not. */
static void test_small_text(void **state) {
    (void)state;
    const char *text = "The lamp; the lamp: out -- (dark)!";
    TextSpans spans = {0};
    regex_split(text, strlen(text), &spans);
    assert_int_equal(spans.n, 12);
    Vocab vocab = regex_vocab(text, &spans, true);
    assert_int_equal(vocab.count, 13);
    expect_ids(&vocab, REGEX_V2, "the dark; The sun --", (const int[]){10, 7, 5, 6, 12, 3}, 6,
               "the dark; The <|unk|> --");
    expect_ids(&vocab, REGEX_V1, "lamp: (out)!", (const int[]){8, 4, 1, 9, 2, 0}, 6, "lamp :( out)!");
    text_spans_free(&spans);
    vocab_free(&vocab);
}

/* A text need not end with a 0: not a byte behind it is read. */
static void test_no_byte_behind(void **state) {
    (void)state;
    const char *const texts[] = {"a--", "b c-"};
    for (int i = 0; i < 2; i++) {
        size_t size = strlen(texts[i]);
        char *text = memory_new(size, 1, "a text");
        memcpy(text, texts[i], size);
        TextSpans spans = {0};
        regex_split(text, size, &spans);
        assert_int_equal(spans.n, 2);
        assert_int_equal(spans.at[1].first, 1 + i);
        assert_int_equal(spans.at[1].end, size);
        text_spans_free(&spans);
        memory_free(text);
    }
}

/* A special token that the text has itself keeps its id, the first one, too; an unknown word is told with 80 of its
 * letters. */
static void test_special_and_long(void **state) {
    (void)state;
    char text[] = "a <|endoftext|>", word[105] = "a ", told[128];
    TextSpans spans = {0};
    regex_split(text, strlen(text), &spans);
    Vocab vocab = regex_vocab(text, &spans, true);
    assert_int_equal(vocab.count, 3);
    assert_string_equal(vocab_token(&vocab, 0), "<|endoftext|>");
    memset(word + 2, 'x', 100);
    snprintf(told, sizeof told, "'%.80s' at byte 2|3 tokens", word + 2);
    expect_failure(EXIT_DATA, told, encode_unknown, &(Unknown){&vocab, word});
    vocab_free(&vocab);
    text_spans_free(&spans);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_python),      cmocka_unit_test(test_verdict_v1),
        cmocka_unit_test(test_verdict_v2),     cmocka_unit_test(test_small_text),
        cmocka_unit_test(test_no_byte_behind), cmocka_unit_test(test_special_and_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
