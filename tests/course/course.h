/* course - what the checker of an exercise says with: what goes in, what came out, what should have come out.
 *
 * A checker is tests/course/NN_name/exK.c. It declares the learner's function (`extern`, at column 0, so that the
 * compiler can hold it against the learner's file) and defines check(). Every check_ function compares; the first that
 * fails prints input, got and expected, and ends the process. How to write one: tests/course/README.md. */
#ifndef COURSE_COURSE_H
#define COURSE_COURSE_H
#include "base/rng.h"
#include "math/mat.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- For starters ---- */

/* The body of a starter that nobody has filled: the verdict is "not started". Never returns. */
_Noreturn void not_started(void);
#define NOT_STARTED() not_started()

/* ---- For checkers: you define these ---- */

void check(void);        /* exK.c: what learners see; solution and starter are judged by it */
void check_hidden(void); /* exK.hidden.c, if there is one: also run by `make grade`, and not part of a handout */

/* ---- What goes in: call it before the learner's function, so that a crash can be told with its input, too ---- */

void input(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- What came out. `name` says what is compared: "columns_allow" or "row sums". Tolerances are absolute; NaN is
 * never right, where it is not expected. Nothing is freed: arrays stay yours. ---- */

void check_int(const char *name, long long got, long long expected);
void check_bool(const char *name, bool got, bool expected);
void check_float(const char *name, double got, double expected, double tolerance);
void check_ints(const char *name, const int *got, const int *expected, size_t n);
void check_floats(const char *name, const float *got, const float *expected, size_t n, double tolerance);
void check_mat(const char *name, Mat got, Mat expected, double tolerance); /* shapes, then every cell */
void check_text(const char *name, const char *got, const char *expected);  /* NULL is never right */
void check_bytes(const char *name, const char *got, size_t got_size, const char *expected, size_t expected_size);

/* Anything else: `holds` must be true; the words say what must hold. */
void check_that(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- Measured answers (kind measure): the words after `answer:` in the learner's exK.txt ---- */

/* n numbers that the checker has measured itself. Ends with "wrong" unless as many were given and each is within the
 * tolerance. `names` calls them: "layer, head". The truth is not printed: finding it is the exercise. */
void answer_numbers(const char *names, const double *truth, size_t n, double tolerance);
void answer_number(const char *name, double truth, double tolerance);
const char *answer_text(void); /* all of it, for anything else; compare, then answer_judge */
void answer_judge(bool right, const char *what);

/* ---- Chance, secrets, surroundings ---- */

/* Random cases: the same ones at every `make check` (SEED=n changes them), others in `make grade`. */
Rng check_rng(void);
bool hidden(void); /* true only in `make grade`: more random cases, longer ones */

/* When `path` is not there (data/minilm), the verdict is "cannot be judged here" with `command` as what to try. */
void needs(const char *path, const char *command);
#endif
