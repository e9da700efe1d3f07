/* text/common_substring against trying everything: all runs of random texts over few letters, which repeat a lot. */
#include "fixture.h"
#include "text/common_substring.h"

enum { MOST = 60 };

/* How many bytes the two have in common from here on. */
static size_t shared_from(const char *a, size_t a_size, const char *b, size_t b_size) {
    size_t n = 0;
    while (n < a_size && n < b_size && a[n] == b[n]) n++;
    return n;
}

/* The longest run of text that starts at other[at], and its first place. */
static size_t longest_at(const char *text, size_t size, const char *other, size_t other_size, size_t at,
                         size_t *place) {
    size_t best = 0;
    for (size_t i = 0; i < size; i++) {
        size_t n = shared_from(text + i, size - i, other + at, other_size - at);
        if (n > best) best = n, *place = i;
    }
    return best;
}

static void compare_with_brute_force(const char *text, size_t size, const char *other, size_t other_size,
                                     size_t least) {
    Substrings all = substrings_new(text, size);
    assert_true(all.states <= 2 * size + 1 && all.edges <= 3 * size + 1);
    SharedRun best = {0}, longest = substrings_longest(&all, other, other_size);
    size_t count, next = 0, covered = 0;
    SharedRun *runs = substrings_shared(&all, other, other_size, least, &count);
    for (size_t at = 0; at < other_size; at++) {
        SharedRun run = {.at = at};
        run.length = longest_at(text, size, other, other_size, at, &run.place);
        if (run.length > best.length) best = run;
        bool inside = at + run.length <= covered; /* of one that began earlier */
        if (at + run.length > covered) covered = at + run.length;
        if (run.length < least || inside) continue;
        if (next == count || memcmp(&runs[next], &run, sizeof run) != 0)
            wrong("\"%.*s\" in \"%.*s\": run %zu should be %zu+%zu at %zu", (int)other_size, other, (int)size, text,
                  next, run.at, run.length, run.place);
        next++;
    }
    assert_int_equal(next, count);
    assert_memory_equal(&best, &longest, sizeof best);
    memory_free(runs);
    substrings_free(&all);
}

static void random_texts(void **state) {
    (void)state;
    Rng rng = test_rng(5);
    for (int i = 0; i < 3000; i++) {
        char text[MOST], other[MOST];
        size_t size = random_below(&rng, MOST), other_size = random_below(&rng, MOST), letters = 1 + (size_t)i % 4;
        for (size_t c = 0; c < size; c++) text[c] = (char)('a' + random_below(&rng, letters));
        for (size_t c = 0; c < other_size; c++) other[c] = (char)('a' + random_below(&rng, letters + 1));
        compare_with_brute_force(text, size, other, other_size, 1 + random_below(&rng, 5));
    }
}

/* Any byte may follow any other, as in a file of noise: many edges at a state, and a hash table that fills. */
static void random_bytes(void **state) {
    (void)state;
    enum { SIZE = 3000, OTHER = 600 };
    static char text[SIZE], other[OTHER];
    Rng rng = test_rng(6);
    for (size_t letters = 16; letters <= 256; letters *= 4) {
        for (size_t c = 0; c < SIZE; c++) text[c] = (char)random_below(&rng, letters);
        for (size_t c = 0; c < OTHER; c++) other[c] = (char)random_below(&rng, letters);
        compare_with_brute_force(text, SIZE, other, OTHER, 2);
    }
}

static void texts_by_hand(void **state) {
    (void)state;
    Substrings all = substrings_new("the lamp was lit", 16);
    SharedRun run = substrings_longest(&all, "a lamp was\0lit", 14);
    assert_int_equal(run.at, 1);
    assert_int_equal(run.place, 3);
    assert_int_equal(run.length, 9); /* " lamp was" */
    assert_int_equal(substrings_longest(&all, "XYZ", 3).length, 0);
    assert_int_equal(substrings_longest(&all, "", 0).length, 0);
    size_t count = 7;
    assert_null(substrings_shared(&all, "XYZ", 3, 1, &count));
    assert_int_equal(count, 0);
    substrings_free(&all);
    compare_with_brute_force("", 0, "abc", 3, 1);
    compare_with_brute_force("\xff\x00\xff", 3, "\x00\xff\xff", 3, 1);
    substrings_free(&(Substrings){0});
}

static void build_from_nowhere(void *context) {
    (void)context;
    substrings_new(NULL, ((size_t)1 << 30) + 1);
}

static void a_text_too_long(void **state) {
    (void)state;
    expect_failure(EXIT_DATA, "1073741825 bytes|at most 1 GB", build_from_nowhere, NULL);
}

/* 200,000 equal bytes against as many: a second by the product of the lengths, nothing by their sum. */
static void cost_is_the_sum_of_lengths(void **state) {
    (void)state;
    enum { SIZE = 200000 };
    char *text = memory_new(SIZE, 1, "a text");
    memset(text, 'a', SIZE);
    Substrings all = substrings_new(text, SIZE);
    assert_true(all.states <= 2 * SIZE && all.edges <= 3 * SIZE);
    text[SIZE / 2] = 'b';
    SharedRun run = substrings_longest(&all, text, SIZE);
    assert_int_equal(run.length, SIZE / 2);
    substrings_free(&all);
    memory_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_texts),
        cmocka_unit_test(random_bytes),
        cmocka_unit_test(texts_by_hand),
        cmocka_unit_test(a_text_too_long),
        cmocka_unit_test(cost_is_the_sum_of_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
