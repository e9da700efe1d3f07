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
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* The runner's half is linked in for `make check`; a judge of `make grade` has none. */
__attribute__((weak)) void serve(Message *request, Message *reply, bool guarded);

enum { MOST_HELD = 64, MOST_WORDS = 200, MOST_RUNNERS = 30 };

static struct {
    Message request, reply;
    void *held[MOST_HELD]; /* what got_ functions gave for this case */
    int count;
    char **command;
    pid_t runner;
    int runners; /* so many were started; when there were MOST_RUNNERS, all other cases are wrong */
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
    if (m.rows > 1) case_has_views();
    message_add_mat(&asking.request, m);
}

/* ---- Asking ---- */

void ask_by(char **command) {
    asking.command = command;
    signal(SIGPIPE, SIG_IGN);
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* a runner's child that has lost its parent is ours, and its memory counted */
#endif
}

static void runner_start(void) {
    int to[2], from[2], words = 0;
    char *command[MOST_WORDS + 3], in[16], out[16];
    if (pipe(to) != 0 || pipe(from) != 0) end_with("failed", "no pipe: %s", strerror(errno));
    for (; asking.command[words] && words < MOST_WORDS; words++) command[words] = asking.command[words];
    snprintf(in, sizeof in, "%d", to[0]), snprintf(out, sizeof out, "%d", from[1]);
    command[words++] = in, command[words++] = out, command[words] = NULL;
    fcntl(to[1], F_SETFD, FD_CLOEXEC), fcntl(from[0], F_SETFD, FD_CLOEXEC);
    asking.runners++;
    asking.runner = fork();
    if (asking.runner == 0) {
        execvp(*command, command);
        _exit(127);
    }
    close(to[0]), close(from[1]);
    if (asking.runner < 0) end_with("failed", "no process: %s", strerror(errno));
    asking.to = to[1], asking.from = from[0];
}

/* The signal that ended the runner, or 0. A sandbox tells it as an exit code, as shells do; whoever exits with such a
 * code may mean one that ends nobody, and that would stop the judge. */
static int signal_of(int status) {
    enum { BY_SIGNAL = 128, MOST_SIGNALS = 64 };
    static const int harmless[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD, SIGURG, SIGWINCH};
    if (WIFSIGNALED(status)) return WTERMSIG(status);
    const int code = WEXITSTATUS(status), number = code - BY_SIGNAL;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (number == harmless[i]) return 0;
    return code > BY_SIGNAL && code <= BY_SIGNAL + MOST_SIGNALS ? number : 0;
}

/* How the runner ended. A sandbox takes a moment to tell it; and one that has only closed its pipe is ended, as if by
 * SIGTERM. */
static int runner_status(void) {
    enum { LOOKS = 200 };
    const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
    int status = 0;
    for (int look = 0; look < LOOKS; look++) {
        if (waitpid(asking.runner, &status, WNOHANG) == asking.runner) return status;
        nanosleep(&moment, NULL);
    }
    kill(asking.runner, SIGKILL);
    while (waitpid(asking.runner, &status, 0) < 0 && errno == EINTR) {
    }
    return SIGTERM;
}

void ask_end(void) {
    if (!asking.command || asking.to < 0) return;
    close(asking.to), asking.to = -1;
    runner_status();
}

/* The runner is gone before its time. A signal ends this process, too, so that the driver sees one and the same; an
 * exit does not: a runner's 0 is not a judge's. */
static void runner_ended(void) {
    const int status = runner_status();
    close(asking.to), close(asking.from);
    asking.to = -1;
    const int number = signal_of(status);
    const bool full = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_MEMORY_FULL;
    const bool left = number == 0 && !full;
    if (!counting() && left) end_with("ended", "%d", WEXITSTATUS(status));
    const bool first = case_fails();
    if (first && left) tell_exit(WEXITSTATUS(status));
    if (first && (full || number > 0) && number != SIGTERM) tell_crash(full), tell_signal(number);
    if (counting()) return;
    if (number == 0) _exit(EXIT_NOT_PASSED);
    signal(number, SIG_DFL);
    raise(number);
    _exit(1);
}

static void forget(void) {
    while (asking.count > 0) memory_free(asking.held[--asking.count]);
}

static void forget_messages(void) {
    message_free(&asking.request), message_free(&asking.reply);
}

/* The runner's words come from where a learner's code ran: one line of them, and no more than a line. */
static void tell_spoiled(void) {
    char words[200];
    error_quote(words, sizeof words, got_text(NULL));
    case_wrong("expected  %s", words);
}

void ask(void) {
    forget();
    case_begin();
    if (!asking.command) {
        serve(&asking.request, &asking.reply, watched());
    } else {
        if (asking.to < 0 && asking.runners == MOST_RUNNERS) {
            case_fails();
            forget_messages();
            return;
        }
        if (asking.to < 0) runner_start();
        if (!message_send(asking.to, &asking.request) || !message_receive(asking.from, &asking.reply)) {
            runner_ended();
            forget_messages();
            return;
        }
    }
    message_free(&asking.request);
    const long long state = got_int();
    if (state == NOT_STARTED_YET) end_with("not-started", "%s", "");
    if (state == SPOILED) tell_spoiled();
}

/* ---- What came back ---- */

static const void *got(ValueKind kind, size_t item_size, size_t *n) {
    const void *values = message_next(&asking.reply, kind, item_size, n);
    if (!values) case_wrong("the process that ran the function did not answer what was asked");
    return values;
}

static void *hold(size_t n, size_t item_size) {
    if (asking.count == MOST_HELD) end_with("failed", "more than %d answers to one case", MOST_HELD);
    return asking.held[asking.count++] = memory_new(n, item_size, "an answer");
}

/* A copy, aligned, with a zero item behind it, until the next ask; of no values when nothing came. */
static void *got_array(ValueKind kind, size_t item_size, size_t *n) {
    const void *values = got(kind, item_size, n);
    void *copy = hold(*n + 1, item_size);
    if (values) memcpy(copy, values, *n * item_size);
    return copy;
}

/* Exactly `expected` values; zeros in their place when others came and the judge goes on. */
static const void *got_exactly(ValueKind kind, size_t item_size, size_t expected) {
    size_t n;
    const void *values = got_array(kind, item_size, &n);
    if (n == expected) return values;
    case_wrong("got       %zu values\nexpected  %zu", n, expected);
    return hold(expected + 1, item_size);
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

const int *got_ints(size_t n) {
    return got_exactly(VALUE_INTS, sizeof(int), n);
}

const float *got_floats(size_t n) {
    return got_exactly(VALUE_FLOATS, sizeof(float), n);
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
    if (!sane) {
        case_wrong("got       %lld x %lld", rows, cols);
        return (Mat){0};
    }
    float *cells = (float *)(uintptr_t)got_floats((size_t)(rows * cols));
    return (Mat){cells, (int)rows, (int)cols, (int)cols};
}
