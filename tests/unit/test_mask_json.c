/* weights/mask_json: the tokens and the picture of a mask, from the numbers that a config.json may hold. */
#include "expect.h"
#include "base/json.h"
#include "weights/mask_json.h"

enum { TOKENS = 3 };

static void read_mask(void *text) {
    json_t *object = json_parse("c.json", text, strlen(text));
    NamedMask mask = mask_json_read("c.json", object, TOKENS);
    named_mask_free(&mask);
    json_decref(object);
}

static void named_tokens(void **state) {
    (void)state;
    const char *text = "{\"causal\": false, \"window\": 1, \"global_at\": [2]}";
    json_t *object = json_parse("c.json", text, strlen(text));
    NamedMask mask = mask_json_read("c.json", object, TOKENS); /* the last token is one */
    for (int i = 0; i < TOKENS; i++)
        for (int j = 0; j < TOKENS; j++) assert_int_equal(mask_allows(mask.rule, i, j), i == j || i == 2 || j == 2);
    named_mask_free(&mask);
    json_decref(object);
    static const char *const bad[] = {"[3]", "[-1]", "[0, 1.5]", "[\"0\"]", "[true]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *with = text_format("{\"global_at\": %s}", bad[i]);
        expect_failure(EXIT_DATA, "c.json: global_at[|is no token|from 0 to 2", read_mask, with);
        memory_free(with);
    }
}

static void lines_of_a_picture(void **state) {
    (void)state;
    static const char *const bad[] = {"###x", "##", "####", "## "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *with = text_format("{\"picture\": [\"#..\", \"%s\", \"###\"]}", bad[i]);
        expect_failure(EXIT_DATA, "c.json: picture[1] is no line of it|3 times", read_mask, with);
        memory_free(with);
    }
    expect_failure(EXIT_DATA, "picture has 2 lines|expected 3", read_mask, "{\"picture\": [\"#..\", \"##.\"]}");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(named_tokens), cmocka_unit_test(lines_of_a_picture)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
