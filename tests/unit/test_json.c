/* base/json: strict where jansson can be, and errors that say file, place, key, value and what is allowed. */
#include "expect.h"
#include "base/json.h"

typedef struct {
    const char *text;
    size_t size; /* 0: up to the final 0 */
} Source;

static void parse(void *context) {
    const Source *source = context;
    json_decref(json_parse("f.json", source->text, source->size ? source->size : strlen(source->text)));
}

static void expect_refused(const char *text, size_t size, const char *says) {
    Source source = {text, size};
    expect_failure(EXIT_DATA, says, parse, &source);
}

static void test_parse(void **state) {
    (void)state;
    const char *text = "\xEF\xBB\xBF{\"a\": 1}"; /* with a byte-order mark */
    json_t *object = json_parse("f.json", text, strlen(text));
    assert_int_equal(json_int("f.json", object, "a", 0, 5, 0), 1);
    json_decref(object);
    json_error_t error;
    object = json_try("f.json", text, strlen(text), &error);
    assert_int_equal(json_int("f.json", object, "a", 0, 5, 0), 1);
    json_decref(object);
}

static void test_refused(void **state) {
    (void)state;
    expect_refused("", 0, "f.json:1:0: not valid JSON");
    expect_refused("{\"a\": 1,\n \"b\" 2}", 0, "f.json:2:6: not valid JSON");
    expect_refused("{\"a\": 1, \"a\": 2}", 0, "f.json:1:|duplicate object key");
    expect_refused("{\"a\": {\"b\": 1, \"b\": 2}}", 0, "duplicate object key");
    expect_refused("[1]", 0, "f.json: expected a JSON object");
    expect_refused("3", 0, "f.json:1:1: not valid JSON");
    expect_refused("{\"a\": NaN}", 0, "f.json:1:|not valid JSON");
    expect_refused("{\"a\": 1} x", 0, "f.json:1:|end of file expected");
    expect_refused("{\"a\": \"\\u0000\"}", 0, "\\u0000 is not allowed");
    expect_refused("{\"a\": \"\\ud800\"}", 0, "invalid Unicode");
    expect_refused("{\"a\": \"\xff\"}", 0, "unable to decode byte 0xff");
    expect_refused("{\"a\": 18446744073709551616}", 0, "too big integer");
    expect_refused("{\"a\": 1e999}", 0, "real number overflow");
    expect_refused("{\"a\": \"x\0y\"}", 13, "not valid JSON");
    expect_refused("{\"a\": 5\0}", 9, "f.json: not valid JSON: it holds a byte that is 0");
    expect_refused("\xEF\xBB\xBF", 0, "not valid JSON");
    size_t deep = 1000000;
    char *brackets = memory_new(deep, 1, "a test");
    memset(brackets, '[', deep);
    expect_refused(brackets, deep, "f.json:1:|maximum parsing depth");
    memory_free(brackets);
}

static json_t *object;

static void get_int(void *key) {
    json_int("f.json", object, key, 1, 10, 5);
}
static void get_needed(void *key) {
    json_int_needed("f.json", object, key, 1, 10);
}
static void get_real(void *key) {
    json_real_at("f.json", object, key, 0, 1, 0.5);
}
static void get_text(void *key) {
    json_text("f.json", object, key, "x");
}
static void get_flag(void *key) {
    json_flag("f.json", object, key, true);
}

static int make_object(void **state) {
    (void)state;
    const char *text =
        "{\"one\": 1, \"ten\": 10, \"zero\": 0, \"eleven\": 11, \"huge\": 4294967297, \"half\": 0.5, \"big\": 1e3,"
        "\"word\": \"a\\nb\", \"no\": false, \"null\": null, \"list\": [1, 2], \"whole\": 1.0}";
    object = json_parse("f.json", text, strlen(text));
    return 0;
}

static int free_object(void **state) {
    (void)state;
    json_decref(object);
    return 0;
}

static void test_getters(void **state) {
    (void)state;
    assert_int_equal(json_int("f", object, "one", 1, 10, 5), 1);
    assert_int_equal(json_int("f", object, "ten", 1, 10, 5), 10);
    assert_int_equal(json_int("f", object, "missing", 1, 10, 5), 5);
    assert_int_equal(json_int("f", object, "null", 1, 10, 5), 5);
    assert_int_equal(json_int_needed("f", object, "ten", 1, 10), 10);
    assert_true(json_real_at("f", object, "half", 0, 1, 0.25) == 0.5);
    assert_true(json_real_at("f", object, "one", 0, 1, 0.25) == 1);
    assert_true(json_real_at("f", object, "null", 0, 1, 0.25) == 0.25);
    assert_string_equal(json_text("f", object, "word", "x"), "a\nb");
    assert_null(json_text("f", object, "missing", NULL));
    assert_false(json_flag("f", object, "no", true));
    assert_true(json_flag("f", object, "missing", true));
}

static void test_wrong_values(void **state) {
    (void)state;
    expect_failure(EXIT_DATA, "f.json: zero is 0 (expected a whole number from 1 to 10)", get_int, "zero");
    expect_failure(EXIT_DATA, "eleven is 11 (expected", get_int, "eleven");
    expect_failure(EXIT_DATA, "huge is 4294967297 (expected", get_int, "huge"); /* 1 in 32 bits */
    expect_failure(EXIT_DATA, "half is 0.5 (expected", get_int, "half");
    expect_failure(EXIT_DATA, "whole is 1.0 (expected", get_int, "whole");
    expect_failure(EXIT_DATA, "word is \"a\\nb\" (expected", get_int, "word");
    expect_failure(EXIT_DATA, "list is [1,2] (expected", get_int, "list");
    expect_failure(EXIT_DATA, "no is false (expected", get_int, "no");
    expect_failure(EXIT_DATA, "f.json: the key missing is missing", get_needed, "missing");
    expect_failure(EXIT_DATA, "the key null is missing", get_needed, "null");
    expect_failure(EXIT_DATA, "zero is 0", get_needed, "zero");
    expect_failure(EXIT_DATA, "big is 1000.0 (expected a number from 0 to 1)", get_real, "big");
    expect_failure(EXIT_DATA, "word is \"a\\nb\" (expected a number", get_real, "word");
    expect_failure(EXIT_DATA, "one is 1 (expected a text)", get_text, "one");
    expect_failure(EXIT_DATA, "one is 1 (expected true or false)", get_flag, "one");
}

static void read_path(void *path) {
    json_decref(json_read(path));
}

static void test_read(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "/nothing-here: No such file", read_path, "/nothing-here");
    write_test_text(test_path("a.json"), "{\"a\": 1");
    expect_failure(EXIT_DATA, "a.json:1:|not valid JSON", read_path, (void *)(size_t)test_path("a.json"));
    write_test_text(test_path("a.json"), "{\"a\": 1}");
    expect_success(read_path, (void *)(size_t)test_path("a.json"));
}

static void parse_string(void *context) {
    const String *json = context;
    json_decref(json_parse("f.json", json->text, json->length));
}

/* {"a": [1,1,...,1]}, and the like: what is short in a file can be large in memory. */
static String many(const char *one, int count) {
    String json = {0};
    string_add(&json, "{\"a\": [");
    for (int i = 1; i < count; i++) string_add(&json, "%s,", one);
    string_add(&json, "%s]}", one);
    return json;
}

static void test_too_much(void **state) {
    (void)state;
    const struct {
        const char *one;
        int fits, too_many;
    } cases[] = {{"1", 599990, 600010}, {"[]", 199990, 200010}, {"{}", 199990, 200010}, {"{\"a\":1}", 149990, 150010}};
    for (int i = 0; i < 4; i++) {
        String most = many(cases[i].one, cases[i].fits), more = many(cases[i].one, cases[i].too_many);
        expect_success(parse_string, &most);
        expect_failure(EXIT_DATA, "f.json: it holds far more values", parse_string, &more);
        string_free(&most), string_free(&more);
    }
    String text = many("\"a,b:c[[[[{{{{\\\",,,,\"", 50000); /* a text's punctuation is no value */
    expect_success(parse_string, &text);
    string_free(&text);
    char *large = memory_new((16 << 20) + 1, 1, "a file");
    memset(large, ' ', (16 << 20) + 1);
    memcpy(large, "{\"a\":1}", 7);
    write_test_file(test_path("large.json"), large, 16 << 20);
    expect_success(read_path, (void *)(size_t)test_path("large.json"));
    write_test_file(test_path("large.json"), large, (16 << 20) + 1);
    expect_failure(EXIT_DATA, "large.json: 16777217 bytes (expected a JSON file of at most 16777216)", read_path,
                   (void *)(size_t)test_path("large.json"));
    memory_free(large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_refused),
        cmocka_unit_test_setup_teardown(test_getters, make_object, free_object),
        cmocka_unit_test_setup_teardown(test_wrong_values, make_object, free_object),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_too_much),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
