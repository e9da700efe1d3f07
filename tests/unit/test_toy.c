/* model/toy: words between white space, equal words with equal vectors, labels that a screen can show. */
#include "expect.h"
#include "math/init.h"
#include "model/toy.h"

#include <string.h>

static void the_books_words(void **state) {
    (void)state;
    Toy toy = toy_book();
    assert_int_equal(toy.n, 6);
    assert_string_equal(toy.words[1], "journey");
    assert_float_equal(mat_at(toy.x, 1, 1), 0.87f, 0);
    assert_float_equal(mat_at(toy.x, 5, 2), 0.55f, 0);
    toy_free(&toy);
}

/* Word k in order of appearance has row k of the seeded table. */
static void equal_words_have_equal_vectors(void **state) {
    (void)state;
    const char *text = "  a rose\tis\r\na  rose ";
    Toy toy = toy_text(text, strlen(text), 20, 7);
    Mat table = mat_new(3, 20);
    Rng rng = rng_seed(7);
    init_normal(&rng, table);
    static const int kinds[] = {0, 1, 2, 0, 1};
    assert_int_equal(toy.n, 5);
    for (int i = 0; i < 5; i++)
        assert_float_equal(mat_max_diff(mat_rows(toy.x, i, 1), mat_rows(table, kinds[i], 1)), 0, 0);
    assert_string_equal(toy.words[0], "a");
    assert_string_equal(toy.words[4], "rose");
    mat_free(&table);
    toy_free(&toy);
}

static void words_become_labels(void **state) {
    (void)state;
    const char text[] = "x\x01y \xff antidisestablishmentarianisms";
    Toy toy = toy_text(text, sizeof text - 1, 2, 1);
    assert_int_equal(toy.n, 3);
    assert_string_equal(toy.words[0], "x\\x01y");
    assert_string_equal(toy.words[1], "\xEF\xBF\xBD");
    assert_true(strlen(toy.words[2]) < sizeof "antidisestablishmentarianisms");
    toy_free(&toy);
}

static void no_words(void *context) {
    Toy toy = toy_text(context, strlen(context), 3, 1);
    toy_free(&toy);
}

static void too_many_words(void *context) {
    (void)context;
    static char text[2 * (TOY_MOST_WORDS + 1)];
    for (size_t i = 0; i < sizeof text; i += 2) text[i] = 'a', text[i + 1] = ' ';
    Toy toy = toy_text(text, sizeof text, 1, 1);
    toy_free(&toy);
}

static void texts_that_are_none(void **state) {
    (void)state;
    char empty[] = "", blank[] = " \n\t ";
    expect_failure(EXIT_DATA, "no words", no_words, empty);
    expect_failure(EXIT_DATA, "no words", no_words, blank);
    expect_failure(EXIT_DATA, "more than 4096 words", too_many_words, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_books_words),
        cmocka_unit_test(equal_words_have_equal_vectors),
        cmocka_unit_test(words_become_labels),
        cmocka_unit_test(texts_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
