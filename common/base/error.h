/* error - how a program stops when it cannot go on: one line on stderr, an exit code, nothing half-written.
 *
 * The line reads `prog: error: FILE[:line]: what is wrong (expected X, got Y). Try: ...`. A normal "no" (a word that is
 * not in the vocabulary) is a return value and never comes here. `assert` is for our own mistakes, never for input. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

typedef enum {
    EXIT_OK = 0,
    EXIT_DATA = 1,       /* the input is wrong: a text, a weight file, a configuration */
    EXIT_USAGE = 2,      /* the command line is wrong */
    EXIT_ENVIRONMENT = 3 /* the machine says no: a missing file, a full disk, no memory, no gnuplot */
} ExitCode;

/* Sets the name that starts every line; keeps the part of argv0 after the last slash. Call it first in main. */
void error_program(const char *argv0);
const char *error_program_name(void);

/* What messages call the text that is read: "TEXT" until it is set, "story.txt, sentence 3". Borrowed until it is set
 * again; NULL: "TEXT". */
void error_text(const char *name);
const char *error_text_name(void);

/* For base/ranks: from now on another process speaks for this one. Notes and warnings are dropped; an error waits five
 * seconds, in which the first rank ends all when it has met the same one, and then names this rank, above 0. */
void error_follow(int rank);

/* For base/undo: fail() calls it before the process ends. */
void error_before_end(void (*clean_up)(void));

/* For tests/catch.h and the page: from now on fail() hands its line to `instead`, which does not come back, and notes
 * and warnings are dropped; NULL: as before. */
void error_divert(void (*instead)(ExitCode code, const char *message));

enum { ERROR_MOST = 2048 }; /* bytes of a message, with its final 0; a longer one is cut */

/* Prints `prog: error: ...` as one line (error_quote; a long %s gives way in its middle, base/message) and leaves the
 * process with `code`; pending output files are removed (base/undo). The message has no final newline. Only the main
 * thread may fail; workers never do. */
_Noreturn void fail(ExitCode code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints `prog: warning: ...` or `prog: note: ...` as one line and goes on. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends main: flushes stdout and returns EXIT_OK, or fails with EXIT_ENVIRONMENT when the answer did not fit
 * (`prog > /dev/full`). A program whose output nobody could read has not succeeded. */
int finish(void);

/* Writes `text` to `out` (at most `size` bytes with the final 0) with control characters and wrong bytes as \n, \t,
 * \xNN, and what turns the writing direction or breaks lines as \uNNNN: for messages that quote what a stranger wrote.
 * A text that does not fit is cut between two characters. Returns out. */
char *error_quote(char *out, unsigned long size, const char *text);
#endif
