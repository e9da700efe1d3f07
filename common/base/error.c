#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *program = "headlight";
static int following; /* the number of this rank, when another one speaks for all; see base/ranks */
static void (*before_end)(void);
static void (*diverted)(ExitCode code, const char *message);

void error_program(const char *argv0) {
    const char *slash = argv0 ? strrchr(argv0, '/') : NULL;
    program = slash ? slash + 1 : argv0 ? argv0 : program;
}

void error_follow(int rank) {
    following = rank;
}

void error_before_end(void (*clean_up)(void)) {
    before_end = clean_up;
}

void error_divert(void (*instead)(ExitCode code, const char *message)) {
    diverted = instead;
}

const char *error_program_name(void) {
    return program;
}

char *error_quote(char *out, unsigned long size, const char *text) {
    size_t at = 0;
    const unsigned char *c = (const unsigned char *)text;
    for (; *c && at + 5 < size; c++) {
        if (*c == '\n') {
            out[at++] = '\\', out[at++] = 'n';
        } else if (*c == '\t') {
            out[at++] = '\\', out[at++] = 't';
        } else if (*c < 0x20 || *c == 0x7f) {
            at += (size_t)snprintf(out + at, 5, "\\x%02x", *c);
        } else if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0) { /* U+0080 to U+009F steer terminals too */
            at += (size_t)snprintf(out + at, 5, "\\x%02x", *++c);
        } else {
            out[at++] = (char)*c;
        }
    }
    if ((*c & 0xC0) == 0x80) { /* cut inside a character: its beginning goes as well */
        for (int later = 0; later < 3 && at > 0 && (out[at - 1] & 0xC0) == 0x80; later++) at--;
        if (at > 0 && (out[at - 1] & 0xC0) == 0xC0) at--;
    }
    if (size > 0) out[at] = '\0';
    return out;
}

/* Messages quote file names and tokens, and those may hold anything: one line stays one line. */
static void say(const char *kind, const char *format, va_list values) {
    char raw[ERROR_MOST], line[2 * sizeof raw];
    vsnprintf(raw, sizeof raw, format, values);
    error_quote(line, sizeof line, raw);
    if (following) fprintf(stderr, "%s: %s: rank %d: %s\n", program, kind, following, line);
    else fprintf(stderr, "%s: %s: %s\n", program, kind, line);
}

/* A mistake that all ranks meet is told once, by the first: when that one leaves, mpirun ends us here. */
static void let_the_first_speak(void) {
    enum { SECONDS = 5 };
    struct timespec left = {SECONDS, 0};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

void fail(ExitCode code, const char *format, ...) {
    va_list values;
    va_start(values, format);
    if (diverted) {
        char message[ERROR_MOST];
        vsnprintf(message, sizeof message, format, values);
        va_end(values);
        diverted(code, message);
    }
    if (following) let_the_first_speak();
    fflush(stdout); /* what was already answered stays in front of the error */
    say("error", format, values);
    va_end(values);
    if (before_end) before_end();
    /* Not exit(): a leak checker would report all that a program which stops half-way has not freed. */
    _exit((int)code);
}

void warn(const char *format, ...) {
    va_list values;
    va_start(values, format);
    if (!diverted && !following) say("warning", format, values);
    va_end(values);
}

void note(const char *format, ...) {
    va_list values;
    va_start(values, format);
    if (!diverted && !following) say("note", format, values);
    va_end(values);
}

int finish(void) {
    bool broken = ferror(stdout) != 0;
    errno = 0; /* what broke an earlier write is no longer known: errno may speak of anything since */
    if (fflush(stdout) != 0 || broken)
        fail(EXIT_ENVIRONMENT, "standard output: %s", errno ? strerror(errno) : "could not be written");
    return EXIT_OK;
}
