#include "base/error.h"
#include "base/character.h"
#include "base/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *program = "headlight";
static const char *text_name = "TEXT";
static int following; /* the number of this rank, when another one speaks for all; see base/ranks */
static void (*before_end)(void);
static void (*diverted)(ExitCode code, const char *message);

void error_program(const char *argv0) {
    const char *slash = argv0 ? strrchr(argv0, '/') : NULL;
    program = slash ? slash + 1 : argv0 ? argv0 : program;
}

void error_text(const char *name) {
    text_name = name ? name : "TEXT";
}

const char *error_text_name(void) {
    return text_name;
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

/* One character as a message shows it, at most 7 bytes with the final 0. */
static void quote_character(char out[8], const char *bytes, int length, int32_t character) {
    if (character == '\n' || character == '\t') {
        snprintf(out, 8, character == '\n' ? "\\n" : "\\t");
    } else if (character < 0) {
        snprintf(out, 8, "\\x%02x", (unsigned char)*bytes);
    } else if (character_controls(character)) {
        snprintf(out, 8, "\\x%02x", (unsigned char)character);
    } else if (character_turns(character) || character == 0x2028 || character == 0x2029) {
        snprintf(out, 8, "\\u%04x", (uint16_t)character);
    } else {
        snprintf(out, 8, "%.*s", length, bytes);
    }
}

char *error_quote(char *out, unsigned long size, const char *text) {
    char shown[8];
    int length;
    unsigned long at = 0;
    for (size_t left = strlen(text); left && size; text += length, left -= (size_t)length) {
        int32_t character = utf8_decode(text, left, &length);
        quote_character(shown, text, length, character);
        if (at + strlen(shown) >= size) break;
        memcpy(out + at, shown, strlen(shown));
        at += strlen(shown);
    }
    if (size > 0) out[at] = '\0';
    return out;
}

enum { LINE_MOST = 4 * ERROR_MOST }; /* \xff is the longest for one byte */

/* Messages quote file names and tokens, and those may hold anything: one line stays one line. */
static void one_line(char line[LINE_MOST], const char *format, va_list values) {
    char raw[ERROR_MOST];
    message_format(raw, sizeof raw, format, values);
    error_quote(line, LINE_MOST, raw);
}

static void say(const char *kind, const char *format, va_list values) {
    char line[LINE_MOST];
    one_line(line, format, values);
    fflush(stdout); /* what was already answered stays in front of it, also where both go into one file */
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
        char line[LINE_MOST];
        one_line(line, format, values);
        va_end(values);
        diverted(code, line);
    }
    if (following) let_the_first_speak();
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
