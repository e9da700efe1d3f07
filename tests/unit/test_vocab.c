/* text/vocab: token to id and back, the longest token, the most frequent ones, and vocab.txt as people have it; and the
 * vocabulary of a text's characters (text/vocab_tokens). */
#include "expect.h"
#include "base/memory.h"
#include "text/vocab_tokens.h"

static int add(Vocab *vocab, const char *token) {
    return vocab_add(vocab, token, strlen(token));
}

static int id(const Vocab *vocab, const char *token) {
    return vocab_id(vocab, token, strlen(token));
}

static void test_there_and_back(void **state) {
    (void)state;
    Vocab vocab = {0};
    assert_int_equal(id(&vocab, "cat"), -1);
    assert_int_equal(add(&vocab, "cat"), 0);
    assert_int_equal(add(&vocab, ""), 1);
    assert_int_equal(vocab_add(&vocab, "a\0b", 3), 2);
    assert_int_equal(id(&vocab, "cat"), 0);
    assert_int_equal(id(&vocab, ""), 1);
    assert_int_equal(vocab_id(&vocab, "a\0b", 3), 2);
    assert_int_equal(id(&vocab, "a"), -1);
    assert_int_equal(id(&vocab, "ca"), -1);
    assert_string_equal(vocab_token(&vocab, 0), "cat");
    assert_int_equal(vocab.length[2], 3);
    assert_memory_equal(vocab_token(&vocab, 2), "a\0b", 4);
    vocab_free(&vocab);
    vocab_free(&vocab); /* a zeroed one is fine */
}

static void test_last_duplicate_answers(void **state) {
    (void)state;
    Vocab vocab = {0};
    add(&vocab, "cat"), add(&vocab, "dog"), add(&vocab, "cat");
    assert_int_equal(id(&vocab, "cat"), 2);
    assert_string_equal(vocab_token(&vocab, 0), "cat");
    assert_int_equal(vocab.count, 3);
    assert_int_equal(vocab.distinct, 2);
    vocab_reserve(&vocab, 1000, 0); /* spreading anew keeps it so */
    assert_int_equal(id(&vocab, "cat"), 2);
    vocab_free(&vocab);
}

static void test_characters(void **state) {
    (void)state;
    const char text[] = "b\0\xC3\xA9"
                        "a\xE6\x97\xA5"
                        "b\xC3"
                        "a\xA9"; /* two of its bytes are no characters */
    const struct {
        const char *token;
        size_t length;
    } rows[] = {{"\0", 1}, {"a", 1}, {"b", 1}, {"\xA9", 1}, {"\xC3", 1}, {"\xC3\xA9", 2}, {"\xE6\x97\xA5", 3}};
    Vocab vocab = vocab_of_characters(text, sizeof text - 1);
    assert_int_equal(vocab.count, 7);
    for (int i = 0; i < 7; i++) assert_int_equal(vocab_id(&vocab, rows[i].token, rows[i].length), i);
    vocab_free(&vocab);
    vocab = vocab_of_characters("", 0);
    assert_int_equal(vocab.count, 0);
    vocab_free(&vocab);
}

static void test_most_frequent(void **state) {
    (void)state;
    const size_t count[] = {3, 9, 0, 9, 4};
    int found, *ids = vocab_most_frequent(count, 5, 3, &found);
    assert_int_equal(found, 3);
    assert_int_equal(ids[0], 1); /* of equals the smaller id */
    assert_int_equal(ids[1], 3);
    assert_int_equal(ids[2], 4);
    memory_free(ids);
    ids = vocab_most_frequent(count, 5, 100, &found);
    assert_int_equal(found, 5);
    assert_int_equal(ids[4], 2);
    memory_free(ids);
}

static void test_many(void **state) {
    (void)state;
    Vocab vocab = {0};
    char token[32];
    for (int i = 0; i < 100000; i++) {
        snprintf(token, sizeof token, "t%d", i * 7);
        assert_int_equal(add(&vocab, token), i);
    }
    for (int i = 0; i < 100000; i++) {
        snprintf(token, sizeof token, "t%d", i * 7);
        assert_int_equal(id(&vocab, token), i);
        assert_string_equal(vocab_token(&vocab, i), token);
        snprintf(token, sizeof token, "t%d", i * 7 + 1);
        assert_int_equal(id(&vocab, token), -1);
    }
    vocab_free(&vocab);
}

/* Against the definition, on random words over two letters; tokens of up to 90 bytes, so that both ways are taken. */
static void test_longest(void **state) {
    (void)state;
    Rng rng = test_rng(17);
    int hits = 0;
    for (int round = 0; round < 300; round++) {
        Vocab vocab = {0};
        char text[120];
        for (size_t i = 0; i < sizeof text; i++) text[i] = "ab"[random_below(&rng, 2)];
        for (int i = 0; i < 40; i++) /* true prefixes and others */
            vocab_add(&vocab, text + random_below(&rng, 2), 1 + random_below(&rng, i % 4 ? 10 : 90));
        for (int i = 0; i < 40; i++) {
            size_t least = 1 + random_below(&rng, 5), most = random_below(&rng, sizeof text), length = 0;
            int below = (int)random_below(&rng, 42), best = -1;
            size_t best_length = 0;
            for (size_t n = least; n <= most; n++) {
                int found = vocab_id(&vocab, text, n);
                if (found >= 0 && found < below) best = found, best_length = n;
            }
            assert_int_equal(vocab_longest(&vocab, text, least, most, below, &length), best);
            if (best >= 0) assert_int_equal(length, best_length);
            hits += best >= 0;
        }
        vocab_free(&vocab);
    }
    assert_true(hits > 3000);
    Vocab empty = {0};
    size_t length;
    assert_int_equal(vocab_longest(&empty, "a", 1, 1, 5, &length), -1);
}

/* ---- vocab.txt ---- */

static Vocab read_bytes(const void *bytes, size_t size) {
    const char *path = test_path("vocab.txt");
    write_test_file(path, bytes, size);
    return vocab_read(path);
}

static void expect_tokens(const char *bytes, size_t size, int count, const char *const *tokens) {
    Vocab vocab = read_bytes(bytes, size);
    assert_int_equal(vocab.count, count);
    for (int i = 0; i < count; i++) assert_string_equal(vocab_token(&vocab, i), tokens[i]);
    vocab_free(&vocab);
}

static void test_lines(void **state) {
    (void)state;
    const char *plain[] = {"[PAD]", "the", "##s"};
    expect_tokens("[PAD]\nthe\n##s\n", 14, 3, plain);
    expect_tokens("[PAD]\nthe\n##s", 13, 3, plain);         /* no newline at the end */
    expect_tokens("[PAD]\r\nthe\r\n##s\r\n", 17, 3, plain); /* Windows */
    expect_tokens("\xEF\xBB\xBF[PAD]\nthe\n##s\n", 17, 3, plain);
    const char *blank[] = {"a", "", "b", "", ""};
    expect_tokens("a\n\nb\n\n\n", 7, 5, blank);  /* a blank line takes an id */
    const char *spaces[] = {" a", "b\r\rc", ""}; /* white space behind a token is none of its letters */
    expect_tokens(" a \nb\r\rc\n\u00a0\n", 12, 3, spaces);
    const char *one[] = {""};
    expect_tokens("\n", 1, 1, one);
    Vocab vocab = read_bytes("a\0b\nc\n", 6);
    assert_int_equal(vocab_id(&vocab, "a\0b", 3), 0);
    vocab_free(&vocab);
}

static void read_path(void *path) {
    Vocab vocab = vocab_read(path);
    vocab_free(&vocab);
}

static void expect_refused(const void *bytes, size_t size, const char *parts) {
    const char *path = test_path("vocab.txt");
    write_test_file(path, bytes, size);
    char copy[512];
    snprintf(copy, sizeof copy, "%s", path);
    expect_failure(EXIT_DATA, parts, read_path, copy);
}

static void test_refused(void **state) {
    (void)state;
    expect_refused("", 0, "vocab.txt: |empty|one token a line");
    expect_refused("\xEF\xBB\xBF", 3, "vocab.txt: |empty");
    expect_refused("a\nb\nna\xFFve\n", 9, "vocab.txt:3: byte 3|not UTF-8|Try: ");
    expect_refused("\xED\xA0\x80\n", 4, "vocab.txt:1: byte 1|not UTF-8");
    expect_refused("a\r\n\xC3", 4, "vocab.txt:2: byte 1|not UTF-8");
    const char *pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:12\n",
               *page = "<!DOCTYPE html>\n<html>";
    expect_refused(pointer, strlen(pointer), "git-LFS pointer|Try: run git lfs pull");
    expect_refused(page, strlen(page), "web page|Try: ");
}

/* What a hostile file can cost is bounded: lines, and bytes before any is read. */
static void test_too_large(void **state) {
    (void)state;
    size_t most = 16 << 20;
    char *bytes = memory_new(most + 1, 1, "a file");
    memset(bytes, '\n', 2000001);
    expect_refused(bytes, 2000001, "vocab.txt: 2000002 lines (expected at most 2000000 tokens)");
    memset(bytes, 'a', most + 1);
    expect_refused(bytes, most + 1, "vocab.txt: 16777217 bytes (expected at most 16777216 for a vocabulary). Try: ");
    Vocab vocab = read_bytes(bytes, most); /* one token of 16 MB is a vocabulary still */
    assert_int_equal(vocab.count, 1);
    vocab_free(&vocab);
    memory_free(bytes);
}

static void test_no_file(void **state) {
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s", test_path("nothing.txt"));
    expect_failure(EXIT_ENVIRONMENT, "nothing.txt: |No such file", read_path, path);
    expect_failure(EXIT_ENVIRONMENT, "directory", read_path, test_folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_last_duplicate_answers),
        cmocka_unit_test(test_many),           cmocka_unit_test(test_longest),
        cmocka_unit_test(test_lines),          cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_large),      cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_characters),     cmocka_unit_test(test_most_frequent),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
