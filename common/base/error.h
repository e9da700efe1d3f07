/* error - how a program stops when it cannot go on: one line on stderr, an exit code, nothing half-written.
 *
 * The line reads `prog: error: FILE[:line]: what is wrong (expected X, got Y). Try: ...`. A normal "no" (a word that is
 * not in the vocabulary) is a return value and never comes here. `assert` is for our own mistakes, never for input. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H
#include <stdbool.h>

typedef enum {
    EXIT_OK = 0,
    EXIT_DATA = 1,        /* the input is wrong: a text, a weight file, a configuration */
    EXIT_USAGE = 2,       /* the command line is wrong */
    EXIT_ENVIRONMENT = 3, /* the machine says no: a missing file, a full disk, no memory, no gnuplot */
    EXIT_INTERRUPTED = 130
} ExitCode;

/* Sets the name that starts every line; keeps the part of argv0 after the last slash. Call it first in main. */
void error_program(const char *argv0);
const char *error_program_name(void);

/* For base/ranks: from now on another process speaks for this one. Notes and warnings are dropped; an error waits five
 * seconds, in which the first rank ends all when it has met the same one, and then names this rank, above 0. */
void error_follow(int rank);

/* Prints `prog: error: ...` as one line (control bytes escaped) and leaves the process with `code`; pending output
 * files are removed (base/files). The message has no final newline. Only the main thread may fail; workers never do. */
_Noreturn void fail(ExitCode code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints `prog: warning: ...` or `prog: note: ...` as one line and goes on. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends main: flushes stdout and returns EXIT_OK, or fails with EXIT_ENVIRONMENT when the answer did not fit
 * (`prog > /dev/full`). A program whose output nobody could read has not succeeded. */
int finish(void);

typedef struct {
    ExitCode code;
    char message[2048];
} Error;

/* For tests and fuzzers: runs work(context); true when it failed, with the error in *caught instead of on stderr.
 * Everything that it allocated and mapped through base/ and had not freed yet is released. Not for programs, which
 * should say what is wrong and stop; does not nest. */
bool error_catch(Error *caught, void (*work)(void *context), void *context);

/* Writes `text` to `out` (at most `size` bytes with the final 0) with control characters as \n, \t, \xNN: for messages
 * that quote what a stranger wrote. A text that does not fit is cut between two characters. Returns out. */
char *error_quote(char *out, unsigned long size, const char *text);
#endif
