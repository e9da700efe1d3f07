/* base/error: one line, the right code, nothing of it broken by what a message quotes. */
#include "expect.h"
#include "base/error.h"
#include "base/message.h"
#include <fcntl.h>

static void expect_quoted(const char *text, size_t size, const char *expected) {
    char out[64];
    memset(out, '#', sizeof out);
    assert_ptr_equal(error_quote(out, size, text), out);
    assert_string_equal(out, expected);
    for (size_t i = size; i < sizeof out; i++) assert_int_equal(out[i], '#');
}

static void test_quote(void **state) {
    (void)state;
    expect_quoted("plain", 64, "plain");
    expect_quoted("a\nb\tc\rd\x1b[31m\x7f", 64, "a\\nb\\tc\\x0dd\\x1b[31m\\x7f");
    expect_quoted("caf\xC3\xA9 \xE6\x9C\xA8", 64, "caf\xC3\xA9 \xE6\x9C\xA8");
    expect_quoted("\xC2\x9B"
                  "31m \xC2\xA9",
                  64, "\\x9b31m \xC2\xA9");                                  /* CSI as one character; (c) stays */
    expect_quoted("\xC2\x80 \xC2\x9F \xC2\xA0", 64, "\\x80 \\x9f \xC2\xA0"); /* the first and the last of them */
    expect_quoted("a\xE2\x80\xAE\xE2\x81\xA7\xE2\x80\xA8z", 64, "a\\u202e\\u2067\\u2028z");
    expect_quoted("a\xFF\xE6\x9Cz", 64, "a\\xff\\xe6\\x9cz");
    expect_quoted("abcdefgh", 8, "abcdefg");
    expect_quoted("abcd\x1b", 8, "abcd");                             /* not inside an escape */
    expect_quoted("ab\xE6\x9C\xA8\xE6\x9C\xA8", 8, "ab\xE6\x9C\xA8"); /* not inside a character */
    expect_quoted("ab\xE6\x9C\xA8\xE6\x9C\xA8", 9, "ab\xE6\x9C\xA8\xE6\x9C\xA8");
    expect_quoted("x", 1, "");
}

static void test_quote_nothing(void **state) {
    (void)state;
    char out = '#';
    error_quote(&out, 0, "x");
    assert_int_equal(out, '#');
}

static void leave_pieces(void *context) {
    (void)context;
    memory_new(3, 5, "a test");
    char *kept = text_format("%d", 7);
    memory_free(kept);
    fail(EXIT_DATA, "%s: line %d", "fi\nle", 3);
}

static void test_catch(void **state) {
    (void)state;
    Error error;
    assert_true(error_catch(&error, leave_pieces, NULL));
    assert_int_equal(error.code, EXIT_DATA);
    assert_string_equal(error.message, "fi\\nle: line 3");
    assert_true(error_catch(&error, leave_pieces, NULL)); /* it can be used again */
}

static void keep_a_block(void *context) {
    *(char **)context = text_copy("kept", 4);
    warn("not printed while caught");
}

static void test_catch_success(void **state) {
    (void)state;
    Error error;
    char *block = NULL;
    assert_false(error_catch(&error, keep_a_block, &block));
    assert_int_equal(error.code, EXIT_OK);
    assert_string_equal(block, "kept"); /* what succeeded is not released */
    memory_free(block);
}

static void fail_with_newline(void *context) {
    error_program("/usr/bin/some/prog");
    printf("an answer");
    fail(*(ExitCode *)context, "a\nb\x1b: wrong. Try: less");
}

static void test_fail(void **state) {
    (void)state;
    for (ExitCode code = EXIT_DATA; code <= EXIT_ENVIRONMENT; code++) {
        Child child = run_child(fail_with_newline, &code, NULL);
        assert_int_equal(child.code, code);
        assert_string_equal(child.err, "prog: error: a\\nb\\x1b: wrong. Try: less\n");
        assert_string_equal(child.out, "an answer");
    }
}

static void speak(void *context) {
    (void)context;
    warn("%s", "two\nlines");
    note("odd: %d", 3);
}

/* Both into one file: what was printed first stands first. */
static void speak_in_between(void *context) {
    (void)context;
    dup2(STDOUT_FILENO, STDERR_FILENO);
    printf("a table\n");
    note("wrote it");
    printf("the rest\n");
}

static void test_note_stands_behind_what_was_printed(void **state) {
    (void)state;
    Child child = run_child(speak_in_between, NULL, NULL);
    assert_string_equal(child.out, "a table\nprog: note: wrote it\nthe rest\n");
}

static void test_warn_and_note(void **state) {
    (void)state;
    Child child = run_child(speak, NULL, NULL);
    assert_int_equal(child.code, 0);
    assert_string_equal(child.err, "prog: warning: two\\nlines\nprog: note: odd: 3\n");
}

static void fail_at_length(void *context) {
    (void)context;
    char *text = memory_new(100001, 1, "a test");
    memset(text, 'x', 100000);
    fail(EXIT_DATA, "%s", text);
}

static void test_long_message(void **state) {
    (void)state;
    Child child = run_child(fail_at_length, NULL, NULL);
    assert_int_equal(child.code, EXIT_DATA);
    expect_one_error_line(&child);
}

/* As PATH_MAX allows it: both ends of the name are there, cut between characters, and all that is said of it. */
static void fail_with_names(void *context) {
    (void)context;
    char name[4097] = "/a";
    for (size_t at = 2; at + 2 < sizeof name; at += 2) memcpy(name + at, "\xC3\xA9", 2);
    memcpy(name + 4094, ".b", 3);
    fail(EXIT_DATA, "%s: \"%s\" is no text of %d to %zu bytes (got %.3f%%). Try: %.*s", name, name, 1, (size_t)9, 1.5,
         1, "less");
}

static void test_long_names(void **state) {
    (void)state;
    Child child = run_child(fail_with_names, NULL, NULL);
    expect_one_error_line(&child);
    assert_non_null(strstr(child.err, "error: /a\xC3\xA9"));
    assert_non_null(strstr(child.err, "\xC3\xA9...\xC3\xA9"));
    assert_non_null(strstr(child.err, "\xC3\xA9.b: \"/a\xC3\xA9"));
    assert_non_null(strstr(child.err, "\xC3\xA9.b\" is no text of 1 to 9 bytes (got 1.500%). Try: l\n"));
    assert_null(strstr(child.err, "\\x"));
    assert_true(strlen(child.err) < 2 * MESSAGE_TEXT + 80);
}

static void format_into(char *out, size_t size, const char *format, ...) {
    va_list values;
    va_start(values, format);
    message_format(out, size, format, values);
    va_end(values);
}

/* Every conversion that a message may use comes out as printf has it. */
static void test_formats(void **state) {
    (void)state;
    char ours[ERROR_MOST], theirs[ERROR_MOST];
#define SAME(...)                                                                                                      \
    (format_into(ours, sizeof ours, __VA_ARGS__), snprintf(theirs, sizeof theirs, __VA_ARGS__),                        \
     assert_string_equal(ours, theirs))
    SAME("%d %5d|%-5d|%05d %i %u", -3, 4, 5, 6, 7, 8U);
    SAME("%ld %lld %zu %lu %llu", -3L, -4LL, (size_t)5, 6UL, 7ULL);
    SAME("%x %X %#x %c%% %s", 255U, 255U, 255U, 'c', "text");
    SAME("%f %.3f %8.2f %g %.9g %a %+.*f", 1.5, 2.25, 3.0, 1e-9, 0.1, 0.5, 2, 3.0);
    SAME("%.3s|%.*s|%8s|%-8s|%.0s|%8.2s", "abcdef", 2, "xyz", "right", "left", "none", "cut");
    SAME("%.0f", 1e300);
    SAME("%s", "");
#undef SAME
    format_into(ours, 8, "%s %d", "abc", 12345);
    assert_string_equal(ours, "abc 123"); /* never more than there is room for */
    format_into(ours, sizeof ours, "%.4s|%.5s|%.*s", "-\xE6\x9C\xA8\xC3\xA9", "-\xE6\x9C\xA8\xC3\xA9", 2, "\xE6\x9C");
    assert_string_equal(ours, "-\xE6\x9C\xA8|-\xE6\x9C\xA8|\xE6\x9C"); /* not inside a character, unless counted */
    char text[MESSAGE_TEXT + 2];
    memset(text, 'a', sizeof text);
    text[MESSAGE_TEXT] = '\0';
    format_into(ours, sizeof ours, "%s", text);
    assert_string_equal(ours, text); /* just short enough */
    text[MESSAGE_TEXT] = 'b', text[MESSAGE_TEXT + 1] = '\0';
    format_into(ours, sizeof ours, "%s.", text);
    assert_int_equal(strlen(ours), 158 + 3 + 158 + 1);
    assert_memory_equal(ours + 157, "a...a", 5);
    assert_string_equal(ours + 318, "b.");
}

static void print_to_full(void *context) {
    if (!freopen("/dev/full", "w", stdout)) _exit(99);
    if (*(int *)context > 1) setvbuf(stdout, NULL, _IONBF, 0); /* fails at once, and leaves nothing to flush */
    for (int i = 0; i < *(int *)context; i++) printf("an answer that nobody gets\n");
    errno = ENOTTY; /* something unrelated went wrong meanwhile */
}

static void test_finish_full_disk(void **state) {
    (void)state;
    if (access("/dev/full", W_OK) != 0) skip();
    int lines = 1; /* fits stdio's buffer: found by the flush, which knows the reason */
    Child child = run_child(print_to_full, &lines, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    assert_string_equal(child.err, "prog: error: standard output: No space left on device\n");
    lines = 2; /* failed on the way: the reason is gone, and no other is invented */
    child = run_child(print_to_full, &lines, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    assert_null(strstr(child.err, "ioctl"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote),        cmocka_unit_test(test_quote_nothing),
        cmocka_unit_test(test_catch),        cmocka_unit_test(test_catch_success),
        cmocka_unit_test(test_fail),         cmocka_unit_test(test_warn_and_note),
        cmocka_unit_test(test_note_stands_behind_what_was_printed),
        cmocka_unit_test(test_long_message), cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_formats),      cmocka_unit_test(test_finish_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
