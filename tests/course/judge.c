/* The process in which an exercise is judged: runs the judge's half of its checker, and tells the driver
 * (tests/course/judge.py) what came of it. Limits on time and memory are set by the driver.
 *
 * Command line: RESULT-FD NONCE SEED MODE ANSWER [RUNNER ...]; MODE holds h: hidden cases too, m: leave signals to the
 * sanitizer, c: go on behind a case that is wrong, and count. RUNNER is the program that serves the cases; without one
 * the runner is linked into this program.
 * The verdict goes to RESULT-FD: a line `STATE NONCE`, then words for the learner; also `hidden NONCE`, when those
 * cases begin, `cases RIGHT ALL NONCE`, when they are counted, and `signal N NONCE`, what ended a runner. Standard
 * output belongs to the learner's code, which may print what it likes; a process that ends without a verdict has not
 * passed. */
#include "judge.h"
#include "base/error.h"
#include "serve.h"
#include "verdict.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    int fd;
    const char *nonce, *mode, *answer;
    uint64_t seed;
    char input[4096];
    long long checks;
    int cases, wrong;
    bool views;      /* a Mat of more than a row goes in */
    bool this_wrong; /* the case at hand: what it still checks is not looked at */
} course = {.fd = -1};

/* An exercise without hidden cases has none. */
__attribute__((weak)) void check_hidden(void);

/* ---- The verdict ---- */

__attribute__((format(printf, 2, 0))) static void say_list(const char *head, const char *format, va_list values) {
    char text[8192];
    int start = snprintf(text, sizeof text, "%s", head);
    int more = vsnprintf(text + start, sizeof text - (size_t)start, format, values);
    size_t length = (size_t)start + (more > 0 ? (size_t)more : 0);
    write_whole(course.fd, text, length < sizeof text ? length : sizeof text - 1);
    write_whole(course.fd, "\n", 1);
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
    va_list values;
    va_start(values, format);
    say_list("", format, values);
    va_end(values);
}

static _Noreturn void end(void) {
    ask_end(); /* its last words are told with the verdict, in each run */
    fflush(NULL);
    _exit(EXIT_NOT_PASSED);
}

static const char ABOUT_VIEWS[] = "a Mat here is a view: row i begins at data + i * stride, which is mat_row(m, i)";

static void begin(const char *state) {
    say("%s %s", state, course.nonce);
    if (*course.input) say("input     %s", course.input);
    if (course.views) say("          %s", ABOUT_VIEWS);
}

void case_has_views(void) {
    course.views = true;
}

/* ---- Cases, one by one ---- */

bool counting(void) {
    return strchr(course.mode, 'c') != NULL;
}

void case_begin(void) {
    course.cases++, course.this_wrong = false;
}

bool case_fails(void) {
    const bool first = course.wrong == 0;
    course.wrong += !course.this_wrong;
    course.this_wrong = true;
    return first;
}

void end_or_go_on(void) {
    if (!counting()) end();
}

void case_wrong(const char *format, ...) {
    if (case_fails()) {
        begin("wrong");
        va_list values;
        va_start(values, format);
        say_list("", format, values);
        va_end(values);
    }
    end_or_go_on();
}

void end_with(const char *state, const char *format, ...) {
    begin(state);
    va_list values;
    va_start(values, format);
    say_list("", format, values);
    va_end(values);
    end();
}

/* In a signal handler: only what may be called there. */
static void write_text(const char *text) {
    write_whole(course.fd, text, strlen(text));
}

void tell_crash(bool memory_is_full) {
    write_text(memory_is_full ? "memory " : "crashed ");
    write_text(course.nonce);
    write_text("\n");
    if (*course.input) {
        write_text("input     ");
        write_text(course.input);
        write_text("\n");
    }
    if (course.views) write_text("          "), write_text(ABOUT_VIEWS), write_text("\n");
}

void tell_exit(int code) {
    begin("ended");
    say("%d", code);
}

void tell_signal(int number) {
    say("signal %d %s", number, course.nonce);
}

/* ---- What goes in ---- */

void input(const char *format, ...) {
    char text[sizeof course.input];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    memcpy(course.input, text, sizeof text);
    course.views = false;
}

/* Appends to the words of the case, as far as there is room. */
__attribute__((format(printf, 1, 2))) static void input_more(const char *format, ...) {
    const size_t length = strlen(course.input);
    va_list values;
    va_start(values, format);
    vsnprintf(course.input + length, sizeof course.input - length, format, values);
    va_end(values);
}

enum { SHOWN = 12 };

/* What stands around n values: before them, and behind them. */
static void input_begin(const char *name, size_t n) {
    input_more("%s%s%s", *course.input ? "; " : "", name, n == 0 ? " (none)" : "");
}

static void input_end(size_t n) {
    if (n > SHOWN) input_more(" ... (%zu in all)", n);
}

void input_ints(const char *name, const int *values, size_t n) {
    input_begin(name, n);
    for (size_t i = 0; i < n && i < SHOWN; i++) input_more(" %d", values[i]);
    input_end(n);
}

void input_floats(const char *name, const float *values, size_t n) {
    input_begin(name, n);
    for (size_t i = 0; i < n && i < SHOWN; i++) input_more(" %.6g", (double)values[i]);
    input_end(n);
}

void input_texts(const char *name, const char *const *texts, int n) {
    enum { WHOLE = 60, ENDS = 9 };
    input_begin(name, (size_t)n);
    for (int i = 0; i < n && i < SHOWN; i++) {
        const size_t size = strlen(texts[i]);
        if (size <= WHOLE) input_more(" [%s]", texts[i]);
        else input_more(" [%.*s...%s (%zu bytes)]", ENDS, texts[i], texts[i] + size - ENDS, size);
    }
    input_end((size_t)n);
}

/* ---- What came out ---- */

__attribute__((format(printf, 2, 3))) static void differ(const char *name, const char *format, ...) {
    if (case_fails()) {
        begin("wrong");
        say("%s", name);
        va_list values;
        va_start(values, format);
        say_list("", format, values);
        va_end(values);
        if (course.seed > 1) say("(SEED=%" PRIu64 ")", course.seed);
    }
    end_or_go_on();
}

void check_int(const char *name, long long got, long long expected) {
    course.checks++;
    if (got != expected) differ(name, "got       %lld\nexpected  %lld", got, expected);
}

void check_size(const char *name, size_t got, size_t expected) {
    course.checks++;
    if (got != expected) differ(name, "got       %zu\nexpected  %zu", got, expected);
}

void check_bool(const char *name, bool got, bool expected) {
    course.checks++;
    if (got != expected)
        differ(name, "got       %s\nexpected  %s", got ? "true" : "false", expected ? "true" : "false");
}

/* A NaN has a sign, which printf shows and nobody wants to see. */
static double plain(double x) {
    return isnan(x) ? (double)NAN : x;
}

bool close_to(double got, double expected, double tolerance) {
    if (isnan(expected)) return isnan(got);
    if (isinf(expected)) return got == expected;
    return fabs(got - expected) <= tolerance;
}

void check_float(const char *name, double got, double expected, double tolerance) {
    course.checks++;
    if (!close_to(got, expected, tolerance))
        differ(name, "got       %.7g\nexpected  %.7g (tolerance %.1g)", plain(got), expected, tolerance);
}

void check_ints(const char *name, const int *got, const int *expected, size_t n) {
    course.checks++;
    for (size_t i = 0; i < n; i++)
        if (got[i] != expected[i])
            differ(name, "got       [%zu] = %d\nexpected  [%zu] = %d", i, got[i], i, expected[i]);
}

void check_floats(const char *name, const float *got, const float *expected, size_t n, double tolerance) {
    course.checks++;
    for (size_t i = 0; i < n; i++)
        if (!close_to((double)got[i], (double)expected[i], tolerance))
            differ(name, "got       [%zu] = %.7g\nexpected  [%zu] = %.7g (tolerance %.1g)", i, plain((double)got[i]), i,
                   (double)expected[i], tolerance);
}

void check_mat(const char *name, Mat got, Mat expected, double tolerance) {
    course.checks++;
    if (got.rows != expected.rows || got.cols != expected.cols) {
        differ(name, "got       %d x %d\nexpected  %d x %d", got.rows, got.cols, expected.rows, expected.cols);
        return;
    }
    if (!got.data && got.rows > 0) {
        differ(name, "got       a matrix without data\nexpected  %d x %d", got.rows, got.cols);
        return;
    }
    for (int i = 0; i < got.rows; i++)
        for (int j = 0; j < got.cols; j++)
            if (!close_to((double)mat_at(got, i, j), (double)mat_at(expected, i, j), tolerance))
                differ(name, "got       (%d, %d) = %.7g\nexpected  (%d, %d) = %.7g (tolerance %.1g)", i, j,
                       plain((double)mat_at(got, i, j)), i, j, (double)mat_at(expected, i, j), tolerance);
}

enum { AROUND = 30, LONGEST_WHOLE = 120, ROOM = 8 * LONGEST_WHOLE };

/* Bytes first to end of a text, quoted, with ... where something is left out. */
static const char *part_of(char quoted[ROOM], const char *text, size_t size, size_t first, size_t end) {
    char part[LONGEST_WHOLE + 1], plain_part[ROOM - 16];
    if (end > size) end = size;
    if (first > end) first = end;
    memcpy(part, text + first, end - first), part[end - first] = '\0';
    snprintf(quoted, ROOM, "%s\"%s\"%s", first > 0 ? "..." : "", error_quote(plain_part, sizeof plain_part, part),
             end < size ? "..." : "");
    return quoted;
}

void check_bytes(const char *name, const char *got, size_t got_size, const char *expected, size_t expected_size) {
    course.checks++;
    if (got && got_size == expected_size && memcmp(got, expected, got_size) == 0) return;
    char given[ROOM], wanted[ROOM], place[48] = "";
    if (!got) {
        differ(name, "got       NULL\nexpected  %s", part_of(wanted, expected, expected_size, 0, LONGEST_WHOLE));
        return;
    }
    size_t at = 0, first = 0, end = LONGEST_WHOLE;
    while (at < got_size && at < expected_size && got[at] == expected[at]) at++;
    if (got_size > LONGEST_WHOLE || expected_size > LONGEST_WHOLE) {
        first = at > AROUND ? at - AROUND : 0, end = at + AROUND;
        while (first > 0 && ((unsigned char)expected[first] & 0xC0) == 0x80) first--; /* not inside a character */
        snprintf(place, sizeof place, "\nthey differ from byte %zu on", at);
    }
    differ(name, "got       %s\nexpected  %s%s", part_of(given, got, got_size, first, end),
           part_of(wanted, expected, expected_size, first, end), place);
}

void check_text(const char *name, const char *got, const char *expected) {
    check_bytes(name, got, got ? strlen(got) : 0, expected, strlen(expected));
}

void check_that(bool holds, const char *format, ...) {
    course.checks++;
    if (holds) return;
    if (case_fails()) {
        begin("wrong");
        va_list values;
        va_start(values, format);
        say_list("expected  ", format, values);
        va_end(values);
    }
    end_or_go_on();
}

/* ---- Chance, secrets, surroundings ---- */

void count_check(void) {
    course.checks++;
}

bool watched(void) {
    return strchr(course.mode, 'm') == NULL;
}

const char *answer_text(void) {
    return course.answer;
}

bool key_wanted(void) {
    return strchr(course.mode, 'k') != NULL;
}

bool tries_wanted(void) {
    return strchr(course.mode, 't') != NULL;
}

Rng check_rng(void) {
    return rng_seed(course.seed);
}

bool hidden(void) {
    return strchr(course.mode, 'h') != NULL;
}

void needs(const char *path, const char *command) {
    if (access(path, R_OK) == 0) return;
    say("cannot %s", course.nonce);
    say("%s is not there. Try: %s", path, command);
    end();
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    course.fd = atoi(argv[1]);
    course.nonce = argv[2];
    course.seed = strtoull(argv[3], NULL, 10);
    course.mode = argv[4];
    course.answer = argc > 5 ? argv[5] : "";
    fcntl(course.fd, F_SETFD, FD_CLOEXEC); /* a runner has no business with the verdict */
    if (argc > 6) ask_by(argv + 6);
    else if (!strchr(course.mode, 'm')) catch_crashes(tell_crash);
    check();
    if (hidden() && check_hidden) {
        if (course.wrong == 0) say("hidden %s", course.nonce);
        check_hidden();
    }
    fflush(stdout);
    if (counting()) say("cases %d %d %s", course.cases - course.wrong, course.cases, course.nonce);
    if (course.wrong > 0) end();
    if (course.checks == 0) end_with("nothing-checked", "%s", "");
    say("passed %s", course.nonce);
    return 0;
}
