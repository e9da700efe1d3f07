/* Cases given, asked and answered: by a runner in this process, or by one in a process of its own. */
#include "base/error.h"
#include "base/memory.h"
#include "judge.h"
#include "serve.h"
#include "verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The runner's half is linked in for `make check`; a judge of `make grade` has none. */
__attribute__((weak)) void serve(Message *request, Message *reply, bool guarded);

enum { MOST_HELD = 64, MOST_WORDS = 60 };

static struct {
    Message request, reply;
    void *held[MOST_HELD]; /* what got_ functions gave for this case */
    int count;
    char **command;
    pid_t runner;
    int to, from; /* pipes */
} asking = {.to = -1};

/* ---- Giving ---- */

void give_int(long long value) {
    message_add_int(&asking.request, value);
}

void give_double(double value) {
    message_add_double(&asking.request, value);
}

void give_ints(const int *values, size_t n) {
    message_add(&asking.request, VALUE_INTS, values, n, sizeof *values);
}

void give_floats(const float *values, size_t n) {
    message_add(&asking.request, VALUE_FLOATS, values, n, sizeof *values);
}

void give_bools(const bool *values, size_t n) {
    message_add(&asking.request, VALUE_TEXT, values, n, sizeof *values);
}

void give_text(const char *bytes, size_t size) {
    message_add(&asking.request, VALUE_TEXT, bytes, size, 1);
}

void give_texts(const char *const *texts, int n) {
    give_int(n);
    for (int i = 0; i < n; i++) give_text(texts[i], strlen(texts[i]));
}

void give_mat(Mat m) {
    message_add_mat(&asking.request, m);
}

/* ---- Asking ---- */

void ask_by(char **command) {
    asking.command = command;
    signal(SIGPIPE, SIG_IGN);
}

static void runner_start(void) {
    int to[2], from[2], words = 0;
    char *command[MOST_WORDS + 3], in[16], out[16];
    if (pipe(to) != 0 || pipe(from) != 0) end_with("failed", "no pipe: %s", strerror(errno));
    for (; asking.command[words] && words < MOST_WORDS; words++) command[words] = asking.command[words];
    snprintf(in, sizeof in, "%d", to[0]), snprintf(out, sizeof out, "%d", from[1]);
    command[words++] = in, command[words++] = out, command[words] = NULL;
    fcntl(to[1], F_SETFD, FD_CLOEXEC), fcntl(from[0], F_SETFD, FD_CLOEXEC);
    asking.runner = fork();
    if (asking.runner == 0) {
        execvp(*command, command);
        _exit(127);
    }
    close(to[0]), close(from[1]);
    if (asking.runner < 0) end_with("failed", "no process: %s", strerror(errno));
    asking.to = to[1], asking.from = from[0];
}

/* The runner is gone before its time. A signal ends this process, too, so that the driver sees one and the same; an
 * exit does not: a runner's 0 is not a judge's. */
static _Noreturn void runner_ended(void) {
    int status = 0;
    kill(asking.runner, SIGTERM); /* it may only have closed its pipe */
    while (waitpid(asking.runner, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) {
        if (WEXITSTATUS(status) != EXIT_MEMORY_FULL) end_with("ended", "%d", WEXITSTATUS(status));
        tell_crash(true);
        _exit(EXIT_NOT_PASSED);
    }
    if (WTERMSIG(status) != SIGTERM) tell_crash(false);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    _exit(1);
}

static void forget(void) {
    while (asking.count > 0) memory_free(asking.held[--asking.count]);
}

/* The runner's words come from where a learner's code ran: one line of them, and no more than a line. */
static void tell_spoiled(void) {
    char words[200];
    error_quote(words, sizeof words, got_text(NULL));
    end_with("wrong", "expected  %s", words);
}

void ask(void) {
    forget();
    if (!asking.command) {
        serve(&asking.request, &asking.reply, watched());
    } else {
        if (asking.to < 0) runner_start();
        if (!message_send(asking.to, &asking.request) || !message_receive(asking.from, &asking.reply)) runner_ended();
    }
    message_free(&asking.request);
    const long long state = got_int();
    if (state == NOT_STARTED_YET) end_with("not-started", "%s", "");
    if (state == SPOILED) tell_spoiled();
}

/* ---- What came back ---- */

static const void *got(ValueKind kind, size_t item_size, size_t *n) {
    const void *values = message_next(&asking.reply, kind, item_size, n);
    if (!values) end_with("wrong", "the process that ran the function did not answer what was asked");
    return values;
}

/* A copy, aligned, with a zero item behind it, until the next ask. */
static void *got_array(ValueKind kind, size_t item_size, size_t *n) {
    const void *values = got(kind, item_size, n);
    if (asking.count == MOST_HELD) end_with("failed", "more than %d answers to one case", MOST_HELD);
    void *copy = asking.held[asking.count++] = memory_new(*n + 1, item_size, "an answer");
    memcpy(copy, values, *n * item_size);
    return copy;
}

long long got_int(void) {
    size_t n;
    int64_t value = 0;
    const void *values = got(VALUE_INT, sizeof value, &n);
    if (n > 0) memcpy(&value, values, sizeof value);
    return value;
}

double got_double(void) {
    size_t n;
    double value = 0;
    const void *values = got(VALUE_DOUBLE, sizeof value, &n);
    if (n > 0) memcpy(&value, values, sizeof value);
    return value;
}

static void expect_count(size_t n, size_t expected) {
    if (n != expected) end_with("wrong", "got       %zu values\nexpected  %zu", n, expected);
}

const int *got_ints(size_t n) {
    size_t count;
    const int *values = got_array(VALUE_INTS, sizeof *values, &count);
    expect_count(count, n);
    return values;
}

const float *got_floats(size_t n) {
    size_t count;
    const float *values = got_array(VALUE_FLOATS, sizeof *values, &count);
    expect_count(count, n);
    return values;
}

const char *got_text(size_t *size) {
    size_t length;
    const char *text = got_array(VALUE_TEXT, 1, &length);
    if (size) *size = length;
    return text;
}

Mat got_mat(void) {
    const long long rows = got_int(), cols = got_int();
    const bool sane = rows >= 0 && cols >= 0 && rows <= 1 << 20 && cols <= 1 << 20;
    if (!sane) end_with("wrong", "got       %lld x %lld", rows, cols);
    float *cells = (float *)(uintptr_t)got_floats((size_t)(rows * cols));
    return (Mat){cells, (int)rows, (int)cols, (int)cols};
}
