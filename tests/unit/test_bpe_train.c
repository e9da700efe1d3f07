/* text/bpe_train against the definition (bpe_brute.h) on thousands of small texts, and against the numbers that are
 * known of The Verdict: merges by minbpe's author's rule where no tie is involved, lengths under our tie rule. */
#include "expect.h"
#include "fixture.h"
#include "base/workers.h"
#include "bpe_brute.h"
#include "text/bpe_train_words.h"

static const char VERDICT[] = "data/the-verdict.txt", OUR_OWN[] = "data/lamplighter.txt";

/* ---- by hand ---- */

static void expect_merge(const BpeTraining *t, int i, int left, int right, uint64_t count, uint64_t merged) {
    assert_true(i < t->count);
    const TrainedMerge *m = &t->merges[i];
    if (m->left != left || m->right != right || m->count != count || m->merged != merged)
        wrong("merge %d is (%d, %d) x %llu, merged %llu", i, m->left, m->right, (unsigned long long)m->count,
              (unsigned long long)m->merged);
}

static BpeTraining trained(const char *text, int vocab_size) {
    return bpe_train(NULL, text, strlen(text), (BpeTrainRules){.vocab_size = vocab_size});
}

static void test_small_examples(void **state) {
    (void)state;
    /* minbpe's example, 11, 9, 7, 5 tokens; there the tie after `aa` falls to (256, a), here to (a, b). */
    BpeTraining t = trained("aaabdaaabac", 259);
    assert_int_equal(t.count, 3);
    expect_merge(&t, 0, 'a', 'a', 4, 2);
    expect_merge(&t, 1, 'a', 'b', 2, 2);
    expect_merge(&t, 2, 256, 257, 2, 2);
    assert_int_equal(t.tokens, 5);
    bpe_training_free(&t);

    t = bpe_train(NULL, "the cat in the hat", 18, (BpeTrainRules){.vocab_size = 259, .no_split = true});
    assert_int_equal(t.merges[0].merged + t.merges[1].merged + t.merges[2].merged, 18 - t.tokens);
    assert_int_equal(t.pieces, 1);
    bpe_training_free(&t);

    t = trained("the cat in the hat", 256);
    assert_int_equal(t.count, 0);
    assert_int_equal(t.tokens, 18);
    assert_int_equal(t.pieces, 5);
    assert_int_equal(t.distinct, 5); /* `the` and ` the` differ */
    bpe_training_free(&t);
}

static void test_ties_take_the_smallest_pair(void **state) {
    (void)state;
    BpeTraining t = trained("zy xw ab", 400); /* every pair occurs once */
    expect_merge(&t, 0, ' ', 'a', 1, 1);
    expect_merge(&t, 1, ' ', 'x', 1, 1);
    expect_merge(&t, 2, 'z', 'y', 1, 1);
    expect_merge(&t, 3, 256, 'b', 1, 1);
    expect_merge(&t, 4, 257, 'w', 1, 1);
    assert_int_equal(t.count, 5); /* no pair is left */
    assert_int_equal(t.tokens, 3);
    bpe_training_free(&t);
}

static void test_nothing_to_merge(void **state) {
    (void)state;
    static const char *const texts[] = {"", "a", "a b", " ", "\n", "1 a"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int no_split = 0; no_split < 2; no_split++) {
            size_t size = strlen(texts[i]);
            BpeTraining t = bpe_train(NULL, texts[i], size, (BpeTrainRules){1000, 0, no_split}),
                        b = brute_train(texts[i], size, (BpeTrainRules){1000, 0, no_split});
            assert_int_equal(brute_compare(&t, &b), -1);
            bpe_training_free(&t), bpe_training_free(&b);
        }
}

/* ---- against the definition ---- */

static void compare(const char *text, size_t size, BpeTrainRules rules, Workers *workers) {
    BpeTraining fast = bpe_train(workers, text, size, rules), slow = brute_train(text, size, rules);
    int at = brute_compare(&fast, &slow);
    if (at >= 0) {
        char shown[400];
        wrong("merge %d of %d (expected %d) differs: %s", at, fast.count, slow.count,
              error_quote(shown, sizeof shown, text_copy(text, size)));
    }
    bpe_training_free(&fast);
    bpe_training_free(&slow);
}

static void test_random_texts(void **state) {
    (void)state;
    static const char *const alphabets[] = {"ab", "a", "ab ", "abc \n", "the cat's 12", "a\xc3\xa9 \xff"};
    Rng rng = rng_seed(3);
    char text[120];
    for (int round = 0; round < 6000; round++) {
        const char *letters = alphabets[round % 6];
        size_t size = rng_bits(&rng) % (sizeof text - 1);
        for (size_t i = 0; i < size; i++) text[i] = letters[rng_bits(&rng) % strlen(letters)];
        text[size] = '\0';
        BpeTrainRules rules = {BPE_BYTES + (int)(rng_bits(&rng) % 60), rng_bits(&rng) % 4, rng_bits(&rng) % 2};
        compare(text, size, rules, NULL);
    }
}

/* Few words, many times: pairs lose neighbours again and again while they wait in the queue. */
static void test_random_words(void **state) {
    (void)state;
    Rng rng = rng_seed(33);
    for (int round = 0; round < 60; round++) {
        String text = {0};
        string_add(&text, "%s", "");
        while (text.length < 600) {
            unsigned word = rng_bits(&rng) % 12;
            for (unsigned i = 0; i <= word % 5 + 1; i++) string_add(&text, "%c", 'a' + (int)((word * 7 + i * i) % 6));
            string_add(&text, " ");
        }
        compare(text.text, text.length, (BpeTrainRules){BPE_BYTES + 100, 1, round % 2}, NULL);
        string_free(&text);
    }
}

/* ---- pieces ---- */

static uint64_t count_of(const WordCounts *words, const char *piece, size_t length) {
    char room[16];
    for (size_t i = 0; i < words->slots; i++) {
        const char *found = words_at(words, i, room);
        if (found && words->slot[i].length == length && memcmp(found, piece, length) == 0) return words->slot[i].count;
    }
    return 0;
}

/* Pieces of every length around what fits a slot, at the very end of the text too; counted one by one. */
static void test_words_of_all_lengths(void **state) {
    (void)state;
    String text = {0};
    for (int length = 1; length <= 40; length++)
        for (int times = 0; times < length; times++) {
            string_add(&text, " ");
            for (int i = 0; i < length - 1; i++) string_add(&text, "%c", 'a' + (i + length) % 26);
        }
    WordCounts words = words_count(NULL, text.text, text.length);
    size_t at = 0, pieces = 0;
    for (; at < text.length; pieces++) at = gpt2_split_next(text.text, text.length, at);
    assert_int_equal(words.pieces, pieces);
    for (size_t first = 0, end; first < text.length; first = end) {
        end = gpt2_split_next(text.text, text.length, first);
        uint64_t expected = 0;
        for (size_t i = 0, next; i < text.length; i = next) {
            next = gpt2_split_next(text.text, text.length, i);
            expected += next - i == end - first && memcmp(text.text + i, text.text + first, end - first) == 0;
        }
        assert_int_equal(count_of(&words, text.text + first, end - first), expected);
    }
    word_counts_free(&words);
    string_free(&text);
}

/* Pieces that differ in nothing but how many zero bytes they have. */
static void test_words_of_zeros(void **state) {
    (void)state;
    const char text[] = "a\0a\0\0a\0\0a\0\0\0\0\0\0\0\0\0a";
    WordCounts words = words_count(NULL, text, sizeof text - 1);
    assert_int_equal(words.used, 4);
    assert_int_equal(count_of(&words, "a", 1), 5);
    assert_int_equal(count_of(&words, "\0", 1), 1);
    assert_int_equal(count_of(&words, "\0\0", 2), 2);
    assert_int_equal(count_of(&words, "\0\0\0\0\0\0\0\0\0", 9), 1);
    word_counts_free(&words);
}

/* Enough different pieces for the tables to grow, and for the text to be cut: the same for any number of workers. */
static void test_workers_make_no_difference(void **state) {
    (void)state;
    Rng rng = rng_seed(5);
    String text = {0};
    while (text.length < 400000) {
        unsigned kind = rng_bits(&rng);
        char first = (char)('a' + kind / 30 % 26), second = (char)('a' + kind / 999 % 26);
        if (kind % 30 == 1) string_add(&text, "%s", "the old lamp's light, again and again;\n\n  and then... ");
        else if (kind % 30 < 6) string_add(&text, " word%c%cextraordinarily", first, second);
        else string_add(&text, " %u", rng_bits(&rng) % 500000);
    }
    BpeTrainRules rules = {.vocab_size = 600};
    BpeTraining alone = bpe_train(NULL, text.text, text.length, rules);
    for (int threads = 1; threads <= 3; threads++) {
        Workers *workers = workers_new(threads);
        BpeTraining shared = bpe_train(workers, text.text, text.length, rules);
        assert_int_equal(brute_compare(&shared, &alone), -1);
        assert_int_equal(shared.distinct, alone.distinct);
        bpe_training_free(&shared);
        workers_free(workers);
    }
    assert_true(alone.distinct > 10000);
    bpe_training_free(&alone);
    string_free(&text);
}

/* A text without a place to cut, and one that is a single piece. */
static void test_texts_that_cannot_be_shared(void **state) {
    (void)state;
    Workers *workers = workers_new(2);
    static const char fill[] = {'a', ' ', '\n', '^', '\xff'};
    for (size_t i = 0; i < sizeof fill; i++) {
        size_t size = 200000;
        char *text = memory_new(size, 1, "a test");
        memset(text, fill[i], size);
        BpeTraining t = bpe_train(workers, text, size, (BpeTrainRules){.vocab_size = 300});
        size_t left = size; /* a run of n becomes n/2 and so on, as long as there are two */
        expect_merge(&t, 0, (unsigned char)fill[i], (unsigned char)fill[i], left - 1, left / 2);
        assert_true(t.tokens < 20 && t.count >= 17);
        bpe_training_free(&t);
        memory_free(text);
    }
    workers_free(workers);
}

/* ---- the texts of the course ---- */

typedef struct {
    int vocab_size;
    uint64_t whole, split; /* tokens without and with the pre-split */
} Length;

static void expect_lengths(const char *path, const Length *rows, size_t count) {
    Bytes text = file_read(path);
    for (size_t i = 0; i < count; i++) {
        BpeTraining whole = bpe_train(NULL, text.data, text.size, (BpeTrainRules){rows[i].vocab_size, 1, true});
        BpeTraining split = bpe_train(NULL, text.data, text.size, (BpeTrainRules){rows[i].vocab_size, 1, false});
        assert_int_equal(whole.tokens, rows[i].whole);
        assert_int_equal(split.tokens, rows[i].split);
        bpe_training_free(&whole), bpe_training_free(&split);
    }
    bytes_free(&text);
}

static void test_lengths_of_the_verdict(void **state) {
    (void)state;
    if (!file_exists(VERDICT)) skip();
    static const Length rows[] = {{257, 19865, 20017}, {266, 17395, 17719}, {276, 15881, 16259}, {288, 14689, 14956},
                                  {300, 13906, 14029}, {320, 12927, 12904}, {384, 11141, 11018}, {512, 9350, 9299},
                                  {768, 7710, 7758},   {1000, 6878, 6996},  {1024, 6806, 6924}};
    expect_lengths(VERDICT, rows, sizeof rows / sizeof *rows);
}

static void expect_tokens(const char *path, bool no_split, const char *const *tokens, const uint64_t *counts, int n) {
    Bytes text = file_read(path);
    BpeTraining t = bpe_train(NULL, text.data, text.size, (BpeTrainRules){BPE_BYTES + n, 1, no_split});
    String *strings = memory_new((size_t)(BPE_BYTES + n), sizeof *strings, "a test");
    for (int i = 0; i < BPE_BYTES; i++) string_add_bytes(&strings[i], &(char){(char)i}, 1);
    for (int i = 0; i < n; i++) {
        String *left = &strings[t.merges[i].left], *right = &strings[t.merges[i].right], *both = &strings[256 + i];
        string_add_bytes(both, left->text, left->length);
        string_add_bytes(both, right->text, right->length);
        assert_string_equal(both->text, tokens[i]);
        assert_int_equal(t.merges[i].count, counts[i]);
    }
    for (int i = 0; i < BPE_BYTES + n; i++) string_free(&strings[i]);
    memory_free(strings);
    bpe_training_free(&t);
    bytes_free(&text);
}

/* Up to the first tie (17 merges without, 25 with the pre-split), any tie rule gives the same. */
static void test_merges_of_the_verdict(void **state) {
    (void)state;
    if (!file_exists(VERDICT)) skip();
    static const char *const whole[] = {"e ", " t", "d ", "t ", "in", "s ",    "he ", "ha", ", ",
                                        "ou", "er", "an", "on", "en", " the ", "y ",  ". "};
    static const uint64_t whole_counts[] = {614, 393, 333, 314, 291, 273, 269, 200, 199,
                                            198, 190, 175, 172, 156, 150, 146, 141};
    static const char *const split[] = {" t",  "he", " a", "in", " h",  " s", " w", " o", " the",
                                        "ou",  "re", "it", " m", "is",  "ed", "at", "nd", " b",
                                        "ing", " p", "as", "en", " to", " d", " f"};
    static const uint64_t split_counts[] = {462, 410, 322, 291, 234, 229, 228, 210, 191, 183, 182, 163, 152,
                                            146, 145, 143, 139, 134, 130, 126, 122, 121, 115, 110, 109};
    expect_tokens(VERDICT, true, whole, whole_counts, 17);
    expect_tokens(VERDICT, false, split, split_counts, 25);
}

/* All of our own text: the pairs that Hugging Face's trainer takes, ties included, and the lengths that follow. */
static void test_merges_of_hugging_face(void **state) {
    (void)state;
    Bytes text = file_read(OUR_OWN);
    for (int no_split = 0; no_split < 2; no_split++) {
        Table rows = table_read(no_split ? "tests/fixtures/bpe_train/whole.tsv" : "tests/fixtures/bpe_train/split.tsv");
        assert_true(rows.rows > 400);
        BpeTraining t = bpe_train(NULL, text.data, text.size, (BpeTrainRules){BPE_BYTES + rows.rows, 1, no_split});
        assert_int_equal(t.count, rows.rows);
        uint64_t tokens = text.size;
        for (int i = 0; i < t.count; i++) {
            tokens -= t.merges[i].merged;
            if (t.merges[i].left != table_int(&rows, i, "left") || t.merges[i].right != table_int(&rows, i, "right") ||
                tokens != (uint64_t)table_int(&rows, i, "tokens"))
                wrong("merge %d differs: (%d, %d)", i, t.merges[i].left, t.merges[i].right);
        }
        bpe_training_free(&t);
        table_free(&rows);
    }
    bytes_free(&text);
}

/* ---- the file ---- */

static void test_file_of_merges(void **state) {
    (void)state;
    char path[] = "/tmp/headlight-merges-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    close(handle);
    BpeTraining t = trained("aaabdaaabac", 259);
    bpe_training_write(&t, path);
    Bytes written = file_read(path);
    assert_string_equal(written.data, "97 97 4\n97 98 2\n256 257 2\n");
    bytes_free(&written);
    bpe_training_free(&t);
    unlink(path);
}

/* ---- no memory ---- */

static void train_a_little(void *context) {
    (void)context;
    const char text[] = "as the lamps go out, the lamps go out one by one, and then extraordinarily many more of them";
    BpeTraining t = bpe_train(NULL, text, sizeof text - 1, (BpeTrainRules){.vocab_size = 290});
    bpe_training_free(&t);
}

static void test_memory_runs_out(void **state) {
    (void)state;
    Error error;
    int failures = 0;
    for (size_t nth = 1;; nth++, failures++) {
        memory_fail_at(nth);
        bool failed = error_catch(&error, train_a_little, NULL);
        memory_fail_at(0);
        if (!failed) break;
        assert_int_equal(error.code, EXIT_ENVIRONMENT);
    }
    assert_true(failures > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_examples),
        cmocka_unit_test(test_ties_take_the_smallest_pair),
        cmocka_unit_test(test_nothing_to_merge),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_random_words),
        cmocka_unit_test(test_words_of_all_lengths),
        cmocka_unit_test(test_words_of_zeros),
        cmocka_unit_test(test_workers_make_no_difference),
        cmocka_unit_test(test_texts_that_cannot_be_shared),
        cmocka_unit_test(test_lengths_of_the_verdict),
        cmocka_unit_test(test_merges_of_the_verdict),
        cmocka_unit_test(test_merges_of_hugging_face),
        cmocka_unit_test(test_file_of_merges),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
