/* text/bpe: ids equal to tiktoken's and Hugging Face's (tests/fixtures/bpe), the fast way against the plain one, any
 * bytes there and back, long pieces, special tokens, merge trees, and the digits of The Verdict. */
#include "expect.h"
#include "text/bpe_files.h"
#include "text/bpe_tree.h"
#include "text/bpe_word.h"
#include <jansson.h>

#define SMALL "tests/fixtures/bpe/small"
#define GPT2 "data/gpt2-vocabulary"

static bool have_gpt2(void) {
    return file_exists(GPT2 "/vocab.bpe") && file_exists(GPT2 "/encoder.json");
}

/* ---- against the fixtures ---- */

static void expect_ids(const Ids *ids, const json_t *expected, const char *what, const char *line) {
    bool same = json_array_size(expected) == ids->n;
    for (size_t i = 0; same && i < ids->n; i++) same = json_integer_value(json_array_get(expected, i)) == ids->at[i];
    if (same) return;
    String list = {0};
    for (size_t i = 0; i < ids->n && i < 200; i++) string_add(&list, " %d", ids->at[i]);
    wrong("%s: ids are%s, expected those of\n%.1500s", what, list.text, line);
}

static void expect_case(const Bpe *bpe, const char *line, size_t size) {
    json_t *expected = json_loadb(line, size, JSON_ALLOW_NUL, NULL);
    assert_non_null(expected);
    const json_t *text = json_object_get(expected, "text"), *ids = json_object_get(expected, "ids");
    const json_t *special = json_object_get(expected, "special");
    const char *bytes = json_string_value(text);
    size_t length = json_string_length(text);
    Ids list = {0};
    bpe_encode(bpe, bytes, length, &list);
    expect_ids(&list, ids, "the fast way", line);
    list.n = 0;
    bpe_encode_plainly(bpe, bytes, length, &list);
    expect_ids(&list, ids, "the plain way", line);
    list.n = 0;
    bpe_encode_special(bpe, bytes, length, (BpeSpecials){.all = true}, &list);
    expect_ids(&list, special ? special : ids, "special tokens allowed", line);
    String back = {0};
    bpe_decode(bpe, list.at, list.n, &back);
    assert_int_equal(back.length, length);
    if (length) assert_memory_equal(back.text, bytes, length);
    string_free(&back);
    ids_free(&list);
    json_decref(expected);
}

static void expect_cases(const Bpe *bpe, const char *path, int least) {
    Bytes file = file_read(path);
    int count = 0;
    for (const char *line = file.data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, count++)
        expect_case(bpe, line, (size_t)(end - line));
    bytes_free(&file);
    if (count < least) wrong("%s has only %d cases", path, count);
}

static void test_small_vocabulary(void **state) {
    (void)state;
    Bpe bpe = bpe_load(SMALL);
    assert_int_equal(bpe.vocab.count, 657);
    expect_cases(&bpe, SMALL "/cases.jsonl", 250);
    bpe_free(&bpe);
}

static void test_gpt2_vocabulary(void **state) {
    (void)state;
    if (!have_gpt2()) skip();
    Bpe bpe = bpe_load(GPT2);
    assert_int_equal(bpe.vocab.count, 50257);
    assert_int_equal(bpe.merges, 50000);
    expect_cases(&bpe, "tests/fixtures/bpe/gpt2.jsonl", 400);
    bpe_free(&bpe);
}

/* The digits of the book, each id found independently with tiktoken. */
static void expect_numbers(const Bpe *bpe, const char *text, const int *expected, size_t n) {
    Ids list = {0};
    bpe_encode_special(bpe, text, strlen(text), (BpeSpecials){.all = true}, &list);
    if (list.n != n || memcmp(list.at, expected, n * sizeof *expected) != 0) wrong("other ids for: %s", text);
    ids_free(&list);
}
#define EXPECT_NUMBERS(bpe, text, ...)                                                                                 \
    expect_numbers(bpe, text, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static void test_known_ids(void **state) {
    (void)state;
    if (!have_gpt2()) skip();
    Bpe bpe = bpe_load(GPT2);
    EXPECT_NUMBERS(&bpe, "Hello, do you like tea? <|endoftext|> In the sunlit terracesof someunknownPlace.", 15496, 11,
                   466, 345, 588, 8887, 30, 220, 50256, 554, 262, 4252, 18250, 8812, 2114, 1659, 617, 34680, 27271, 13);
    EXPECT_NUMBERS(&bpe, "Akwirw ier", 33901, 86, 343, 86, 220, 959);
    EXPECT_NUMBERS(&bpe, "unfamiliarword", 403, 69, 19968, 4775);
    EXPECT_NUMBERS(&bpe, "   Hello", 220, 220, 18435);
    EXPECT_NUMBERS(&bpe, "hello <|endoftext|>", 31373, 220, 50256);
    Ids list = {0};
    bpe_encode(&bpe, "<|endoftext|>", 13, &list);
    assert_int_equal(list.n, 7);
    assert_memory_equal(list.at, ((int[]){27, 91, 437, 1659, 5239, 91, 29}), 7 * sizeof(int));
    ids_free(&list);
    bpe_free(&bpe);
}

static void test_the_verdict(void **state) {
    (void)state;
    if (!have_gpt2() || !file_exists("data/the-verdict.txt")) skip();
    static const int first[] = {40,   367,  2885, 1464, 1807, 3619, 402,  271, 10899, 2138,  257,  7026, 15632, 438,
                                2016, 257,  922,  5891, 1576, 438,  568,  340, 373,   645,   1049, 5975, 284,   502,
                                284,  3285, 326,  11,   287,  262,  6001, 286, 465,   13476, 11,   339};
    static const int last[] = {438, 4360, 612, 338, 645, 42393, 803, 674, 1611, 286, 1242, 526};
    Bpe bpe = bpe_load(GPT2);
    Bytes text = file_read("data/the-verdict.txt");
    Ids list = {0};
    bpe_encode(&bpe, text.data, text.size, &list);
    assert_int_equal(list.n, 5145);
    assert_memory_equal(list.at, first, sizeof first);
    assert_memory_equal(list.at + 5145 - 12, last, sizeof last);
    long sum = 0;
    int largest = 0, distinct = 0;
    bool *seen = memory_new(50257, sizeof *seen, "ids");
    for (size_t i = 0; i < list.n; i++) {
        sum += list.at[i];
        largest = list.at[i] > largest ? list.at[i] : largest;
        distinct += !seen[list.at[i]];
        seen[list.at[i]] = true;
    }
    assert_int_equal(sum, 18294793);
    assert_int_equal(largest, 50085);
    assert_int_equal(distinct, 1416);
    memory_free(seen);
    ids_free(&list);
    bytes_free(&text);
    bpe_free(&bpe);
}

/* No merge; one, which makes a new token; a second one into a token that is there, the id 0; and pairs without any. */
static void test_merges_by_hand(void **state) {
    (void)state;
    Bpe bpe = bpe_bytes();
    Ids list = {0};
    bpe_encode_plainly(&bpe, "ab", 2, &list);
    assert_int_equal(bpe_merge(&bpe, 'a', 'b', -1), 256);
    bpe_encode_plainly(&bpe, "ab", 2, &list);
    assert_int_equal(bpe.vocab.length[256], 2);
    assert_memory_equal(vocab_token(&bpe.vocab, 256), "ab", 2);
    assert_int_equal(bpe_merge(&bpe, 'c', 'd', 0), 0);
    assert_int_equal(bpe.vocab.count, 257);
    static const char *const pieces[] = {"ab", "ba", "cd", "\0\0"};
    for (int i = 0; i < 4; i++) bpe_encode_plainly(&bpe, pieces[i], 2, &list);
    assert_int_equal(list.n, 9);
    assert_memory_equal(list.at, ((int[]){'a', 'b', 256, 256, 'b', 'a', 0, 0, 0}), 9 * sizeof(int));
    ids_free(&list);
    bpe_free(&bpe);
}

/* ---- any bytes ---- */

/* There and back, and the fast way equals the plain one. */
static void expect_round_trip(const Bpe *bpe, const char *text, size_t size) {
    char *exact = memory_new(size, 1, "a text");
    if (size) memcpy(exact, text, size);
    Ids fast = {0}, plain = {0};
    String back = {0};
    bpe_encode(bpe, exact, size, &fast);
    bpe_encode_plainly(bpe, exact, size, &plain);
    assert_int_equal(fast.n, plain.n);
    if (fast.n) assert_memory_equal(fast.at, plain.at, fast.n * sizeof *fast.at);
    bpe_decode(bpe, fast.at, fast.n, &back);
    assert_int_equal(back.length, size);
    if (size) assert_memory_equal(back.text, exact, size);
    ids_free(&fast);
    ids_free(&plain);
    string_free(&back);
    memory_free(exact);
}

static void test_any_bytes_round_trip(void **state) {
    (void)state;
    static const char *const words[] = {
        " the", " lamp", "lighter", "\n",       "    ",     " \u00e9t\u00e9",   "\u6728\u6728",
        "123",  "'re",   "--",      "\xff\xfe", "\xe2\x80", " Extraordinarily", " internationalisation"};
    Bpe bpe = bpe_load(SMALL);
    Rng rng = test_rng(21);
    String text = {0};
    for (int round = 0; round < 3000; round++) {
        text.length = 0;
        bool bytes_only = random_below(&rng, 4) == 0;
        for (size_t n = random_below(&rng, round % 50 ? 60 : 5000); n > 0; n--) {
            if (bytes_only) string_add_bytes(&text, &(char){(char)random_below(&rng, 256)}, 1);
            else string_add(&text, "%s", words[random_below(&rng, 14)]);
        }
        expect_round_trip(&bpe, text.text ? text.text : "", text.length);
    }
    string_free(&text);
    bpe_free(&bpe);
}

/* So many different words that the table grows to its full size and pushes some out again. */
static void test_many_words(void **state) {
    (void)state;
    Bpe bpe = bpe_load(SMALL);
    String text = {0};
    for (int i = 0; i < 60000; i++)
        string_add(&text, " %c%c%c%dx", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26, i % 7);
    for (int i = 0; i < 60000; i += 7)
        string_add(&text, " %c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26);
    expect_round_trip(&bpe, text.text, text.length);
    string_free(&text);
    bpe_free(&bpe);
}

/* ---- long pieces ---- */

/* What the rule says, one merge at a time, all pairs looked through: slow, and hard to get wrong. */
static void expect_long(const Bpe *bpe, const char *word, size_t length) {
    BpeTree tree = bpe_tree(bpe, word, length);
    int *ids = memory_new(length, sizeof *ids, "ids");
    BpeLists lists = {0};
    for (int again = 0; again < 2; again++) { /* the lists must be left empty */
        size_t n = bpe_long_word(bpe, word, length, ids, &lists);
        assert_int_equal(n, tree.roots);
        for (size_t i = 0; i < n; i++) assert_int_equal(ids[i], tree.node[tree.root[i]].id);
    }
    size_t n = bpe_word(bpe, word, length, ids, &lists);
    assert_int_equal(n, tree.roots);
    for (size_t i = 0; i < n; i++) assert_int_equal(ids[i], tree.node[tree.root[i]].id);
    bpe_lists_free(&lists);
    memory_free(ids);
    bpe_tree_free(&tree);
}

static void test_long_pieces(void **state) {
    (void)state;
    Bpe bpe = bpe_load(SMALL);
    Rng rng = test_rng(22);
    char word[1500];
    for (int round = 0; round < 150; round++) {
        size_t length = 1 + random_below(&rng, round % 10 ? 300 : sizeof word - 1), kinds = 1 + random_below(&rng, 20);
        for (size_t i = 0; i < length; i++) word[i] = (char)"etaoinshrdlucmfwypvb"[random_below(&rng, kinds)];
        expect_long(&bpe, word, length);
    }
    bpe_free(&bpe);
}

/* aaaa can merge in more than one order, and tokens of the same bytes are made by two merges: the rank decides. */
static void test_ties_and_twins(void **state) {
    (void)state;
    Bpe bpe = bpe_bytes();
    int aa = bpe_merge(&bpe, 'a', 'a', -1), aaa = bpe_merge(&bpe, 'a', aa, -1),
        twin = bpe_merge(&bpe, aa, 'a', -1);
    bpe_merge(&bpe, aaa, aaa, -1);
    bpe_merge(&bpe, twin, twin, aaa); /* an old token again */
    bpe_merge(&bpe, 'b', aaa, -1);
    char word[400];
    Rng rng = test_rng(23);
    for (int round = 0; round < 200; round++) {
        size_t length = 1 + random_below(&rng, sizeof word);
        for (size_t i = 0; i < length; i++) word[i] = random_below(&rng, 12) ? 'a' : 'b';
        expect_long(&bpe, word, length);
    }
    bpe_free(&bpe);
}

/* A megabyte of one character: 60 times the length would be minutes if the cost grew with its square. */
static void test_a_megabyte_of_one_character(void **state) {
    (void)state;
    enum { SIZE = 1000000 };
    Bpe bpe = have_gpt2() ? bpe_load(GPT2) : bpe_load(SMALL);
    char *text = memory_new(SIZE, 1, "a text");
    for (size_t i = 0; i < 4; i++) {
        memset(text, "^a \n"[i], SIZE);
        Ids list = {0};
        String back = {0};
        bpe_encode(&bpe, text, SIZE, &list);
        bpe_decode(&bpe, list.at, list.n, &back);
        assert_int_equal(back.length, SIZE);
        assert_memory_equal(back.text, text, SIZE);
        ids_free(&list);
        string_free(&back);
    }
    memory_free(text);
    bpe_free(&bpe);
}

/* ---- special tokens, decoding, trees ---- */

static void encode_refusing(void *context) {
    Ids list = {0};
    bpe_encode_special(context, "one <|endoftext|>", 17, (BpeSpecials){.refuse_rest = true}, &list);
}

static void decode_too_large(void *context) {
    String out = {0};
    bpe_decode(context, (const int[]){5, 657}, 2, &out);
}

static void decode_negative(void *context) {
    String out = {0};
    bpe_decode(context, (const int[]){-1}, 1, &out);
}

static void test_special_tokens(void **state) {
    (void)state;
    Bpe bpe = bpe_load(SMALL);
    Ids plain = {0}, list = {0};
    const char *text = "one <|endoftext|>";
    bpe_encode(&bpe, text, 17, &plain);
    bpe_encode_special(&bpe, text, 17, (BpeSpecials){0}, &list);
    assert_int_equal(list.n, plain.n);
    assert_memory_equal(list.at, plain.at, plain.n * sizeof *plain.at);
    list.n = 0;
    const char *allowed[] = {"<|endoftext|>"};
    bpe_encode_special(&bpe, text, 17, (BpeSpecials){.allowed = allowed, .n = 1, .refuse_rest = true}, &list);
    assert_int_equal(list.at[list.n - 1], 656);
    expect_failure(EXIT_DATA, "'<|endoftext|>'", encode_refusing, &bpe);
    expect_failure(EXIT_DATA, "byte 4", encode_refusing, &bpe);
    expect_failure(EXIT_DATA, "id number 2 is 657|0 to 656", decode_too_large, &bpe);
    expect_failure(EXIT_DATA, "is -1", decode_negative, &bpe);
    ids_free(&plain);
    ids_free(&list);
    bpe_free(&bpe);
}

static void test_every_id_decodes(void **state) {
    (void)state;
    Bpe bpe = bpe_load(have_gpt2() ? GPT2 : SMALL);
    BpeLists lists = {0};
    int ids[256];
    for (int id = 0; id + 1 < bpe.vocab.count; id++) { /* all but <|endoftext|> are what their bytes merge to */
        size_t n = bpe_word(&bpe, vocab_token(&bpe.vocab, id), bpe.vocab.length[id], ids, &lists);
        if (n != 1 || ids[0] != id) wrong("the bytes of id %d become %zu ids, the first %d", id, n, ids[0]);
    }
    bpe_lists_free(&lists);
    bpe_free(&bpe);
}

static void test_tree(void **state) {
    (void)state;
    Bpe bpe = bpe_bytes(); /* aaabdaaabac of minbpe's README */
    bpe_merge(&bpe, 'a', 'a', -1);
    bpe_merge(&bpe, 256, 'a', -1);
    bpe_merge(&bpe, 257, 'b', -1);
    BpeTree tree = bpe_tree(&bpe, "aaabdaaabac", 11);
    static const int expected[] = {258, 100, 258, 97, 99};
    assert_int_equal(tree.roots, 5);
    for (int i = 0; i < 5; i++) assert_int_equal(tree.node[tree.root[i]].id, expected[i]);
    assert_int_equal(tree.nodes, 17);
    assert_int_equal(tree.node[11].first, 0);
    assert_int_equal(tree.node[11].end, 2);
    assert_int_equal(tree.node[12].first, 5);
    assert_int_equal(tree.node[16].rank, 2);
    assert_int_equal(tree.node[16].step, 5);
    assert_int_equal(tree.node[tree.node[16].left].id, 257);
    bpe_tree_free(&tree);
    bpe_free(&bpe);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merges_by_hand),
        cmocka_unit_test(test_small_vocabulary),
        cmocka_unit_test(test_gpt2_vocabulary),
        cmocka_unit_test(test_known_ids),
        cmocka_unit_test(test_the_verdict),
        cmocka_unit_test(test_any_bytes_round_trip),
        cmocka_unit_test(test_many_words),
        cmocka_unit_test(test_long_pieces),
        cmocka_unit_test(test_ties_and_twins),
        cmocka_unit_test(test_a_megabyte_of_one_character),
        cmocka_unit_test(test_special_tokens),
        cmocka_unit_test(test_every_id_decodes),
        cmocka_unit_test(test_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
