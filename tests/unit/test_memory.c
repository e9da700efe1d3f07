/* base/memory: overflow is found, new memory is zero and aligned, out of memory is one clean failure. */
#include "expect.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/room.h"

static void test_sizes(void **state) {
    (void)state;
    size_t result;
    assert_true(size_multiply(3, 5, &result));
    assert_int_equal(result, 15);
    assert_true(size_multiply(0, SIZE_MAX, &result));
    assert_int_equal(result, 0);
    assert_true(size_multiply(1, SIZE_MAX, &result));
    assert_false(size_multiply(2, SIZE_MAX / 2 + 1, &result));
    assert_false(size_multiply((size_t)1 << 32, (size_t)1 << 32, &result));
    assert_true(size_add(SIZE_MAX - 1, 1, &result));
    assert_true(result == SIZE_MAX);
    assert_false(size_add(SIZE_MAX, 1, &result));
}

static void test_new(void **state) {
    (void)state;
    for (size_t n = 0; n < 200; n++) {
        for (int again = 0; again < 2; again++) { /* the second block is likely the first one, used */
            unsigned char *block = memory_new(n, 3, "a test");
            assert_int_equal((uintptr_t)block % 64, 0);
            for (size_t i = 0; i < 3 * n; i++) assert_int_equal(block[i], 0);
            memset(block, 0xA5, 3 * n);
            memory_free(block);
        }
    }
    memory_free(NULL);
}

static void test_grow(void **state) {
    (void)state;
    int *numbers = memory_grow(NULL, 3, sizeof *numbers, "a test");
    for (int i = 0; i < 3; i++) numbers[i] = i + 1;
    numbers = memory_grow(numbers, 1000, sizeof *numbers, "a test");
    for (int i = 0; i < 1000; i++) assert_int_equal(numbers[i], i < 3 ? i + 1 : 0);
    numbers = memory_grow(numbers, 2, sizeof *numbers, "a test");
    assert_int_equal(numbers[1], 2);
    memory_free(numbers);
}

/* Elements come one by one: the block moves seldom, and what is in it stays. */
static void test_for_more(void **state) {
    (void)state;
    int *numbers = NULL, moved = 0;
    for (int i = 0; i < 1000; i++) {
        int *before = numbers;
        numbers = memory_for_more(numbers, (size_t)i, sizeof *numbers, "a test");
        moved += numbers != before;
        numbers[i] = i;
    }
    assert_true(moved >= 2 && moved <= 8);
    for (int i = 0; i < 1000; i++) assert_int_equal(numbers[i], i);
    memory_free(numbers);
}

static void ask_too_much(void *context) {
    const size_t *sizes = context;
    memory_free(memory_new(sizes[0], sizes[1], "the moon"));
}

static void test_out_of_memory(void **state) {
    (void)state;
    size_t overflow[] = {SIZE_MAX / 2, 3}, header[] = {SIZE_MAX, 1}, large[] = {SIZE_MAX / 4, 2};
    expect_failure(EXIT_ENVIRONMENT, "out of memory|for the moon", ask_too_much, overflow);
    expect_failure(EXIT_ENVIRONMENT, "out of memory|for the moon", ask_too_much, header);
    if (!UNDER_ADDRESS_SANITIZER) /* which would end the process itself */
        expect_failure(EXIT_ENVIRONMENT, "out of memory (needed |MB for the moon)", ask_too_much, large);
}

static void copy_too_much(void *context) {
    text_copy(context, SIZE_MAX);
}

static void add_too_much(void *context) {
    String string = {0};
    string_add(&string, "abc");
    string_add_bytes(&string, context, SIZE_MAX - 3);
}

static void test_text_too_long(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "out of memory", copy_too_much, "x");
    expect_failure(EXIT_ENVIRONMENT, "out of memory", add_too_much, "x");
}

static void test_string(void **state) {
    (void)state;
    String string = {0};
    string_add(&string, "%s", "");
    assert_string_equal(string.text, "");
    for (int i = 0; i < 500; i++) string_add(&string, "%d,", i);
    string_add_bytes(&string, "a\0b", 3);
    assert_int_equal(string.length, 10 * 2 + 90 * 3 + 400 * 4 + 3);
    assert_memory_equal(string.text, "0,1,2,", 6);
    assert_memory_equal(string.text + string.length - 7, "499,a\0b\0", 8);
    string_free(&string);
    assert_null(string.text);
    string_free(&string);
    assert_true(string_is(&string, "x", 0) && string_is(&string, NULL, 0)); /* nothing is nothing */
    string_add_bytes(&string, "a\0b", 3);
    assert_true(string_is(&string, "a\0b", 3));
    assert_false(string_is(&string, "a\0c", 3) || string_is(&string, "a\0b", 2) || string_is(&string, "a\0b\0", 4));
    string_free(&string);
}

static void test_texts(void **state) {
    (void)state;
    char *copy = text_copy("abcdef", 3), *made = text_format("%05.1f|%s", 2.25, "x");
    assert_string_equal(copy, "abc");
    assert_string_equal(made, "002.2|x");
    assert_string_equal(PLURAL(1), "");
    for (int count = 0; count < 4; count += 2) assert_string_equal(PLURAL(count), "s"); /* 0 tokens, 2 tokens */
    memory_free(copy);
    memory_free(made);
}

/* A comma before every third figure from the right, and none before the first. */
static void test_grouped(void **state) {
    (void)state;
    static const struct {
        size_t number;
        const char *text;
    } cases[] = {{0, "0"},          {12, "12"},          {123, "123"},          {1234, "1,234"},
                 {12345, "12,345"}, {123456, "123,456"}, {1000000, "1,000,000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        assert_string_equal(text_grouped(cases[i].number, text), cases[i].text);
    }
}

static void allocate_four(void *context) {
    int *done = context;
    for (*done = 0; *done < 4; ++*done) memory_new(1, 1, "a test");
}

static void test_fail_at(void **state) {
    (void)state;
    int done;
    for (size_t k = 1; k <= 4; k++) {
        memory_fail_at(k);
        expect_failure(EXIT_ENVIRONMENT, "out of memory|a test", allocate_four, &done);
        assert_int_equal(done, k - 1);
    }
    memory_fail_at(5);
    char *last = NULL;
    for (int i = 0; i < 4; i++) memory_free(last), last = memory_new(1, 1, "a test");
    memory_free(last);
    memory_fail_at(0);
    memory_free(memory_new(1, 1, "a test"));
}

static void ask_for(void *bytes) {
    room_check(*(double *)bytes, "a test needs", "less");
}

static void test_room(void **state) {
    (void)state;
    double there = room_there(), less = there * .99, more = there * 1.01;
    assert_true(there > 1e6);
    ask_for(&less);
    expect_failure(EXIT_ENVIRONMENT, "out of memory (a test needs |GB, this machine has |). Try: less", ask_for, &more);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),    cmocka_unit_test(test_new),           cmocka_unit_test(test_grow),
        cmocka_unit_test(test_for_more), cmocka_unit_test(test_out_of_memory), cmocka_unit_test(test_text_too_long),
        cmocka_unit_test(test_string),   cmocka_unit_test(test_texts),         cmocka_unit_test(test_fail_at),
        cmocka_unit_test(test_room),     cmocka_unit_test(test_grouped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
