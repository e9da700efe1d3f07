/* judge - the half of a checker that knows what is right: cases, and what it says of the answers. It links no line of a
 * learner's: what the function made of a case comes back from a runner (runner.h), in the same process under `make
 * check` and from another one under `make grade`.
 *
 * A judge is tests/course/NN_name/exK.c and defines check(). For each case it says what goes in, gives it, asks, and
 * compares what it got; the first difference prints input, got and expected, and ends the process. How to write one:
 * tests/course/README.md. */
#ifndef COURSE_JUDGE_H
#define COURSE_JUDGE_H
#include "base/rng.h"
#include "math/mat.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- You define these ---- */

void check(void);        /* exK.c: what learners see; solution and starter are judged by it */
void check_hidden(void); /* exK.hidden.c, if there is one: also run by `make grade`, and not part of a handout */

/* ---- A case: in words, for the learner; then its values, in the order in which the runner takes them ---- */

void input(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* More of it: `; name 1 2 3`, the first twelve of n, with how many there are in all when there are more. Of a long text
 * its beginning and its end. */
void input_ints(const char *name, const int *values, size_t n);
void input_floats(const char *name, const float *values, size_t n);
void input_texts(const char *name, const char *const *texts, int n);

void give_int(long long value);
void give_double(double value);
void give_ints(const int *values, size_t n);
void give_floats(const float *values, size_t n);
void give_bools(const bool *values, size_t n);
void give_text(const char *bytes, size_t size);
void give_texts(const char *const *texts, int n);
void give_mat(Mat m); /* its cells: the runner makes a view of them, with a stride of its own; a wrong case says so */

/* The runner serves what was given. Returns when the function did; a crash, or bytes written where they may not be,
 * ends the process with that verdict. */
void ask(void);

/* ---- What came back, in the runner's order. Everything is ours, and is gone at the next ask(). ---- */

long long got_int(void);
double got_double(void);
const int *got_ints(size_t n); /* exactly n, or the verdict is "wrong" */
const float *got_floats(size_t n);
const char *got_text(size_t *size); /* a 0 byte follows; size may be NULL */
Mat got_mat(void);

/* ---- Comparing. `name` says what is compared: "the row" or "the length". Tolerances are absolute; NaN is never right
 * where it is not expected. Nothing is freed: arrays stay yours. ---- */

void check_int(const char *name, long long got, long long expected);
void check_size(const char *name, size_t got, size_t expected);
void check_bool(const char *name, bool got, bool expected);
void check_float(const char *name, double got, double expected, double tolerance);
void check_ints(const char *name, const int *got, const int *expected, size_t n);
void check_floats(const char *name, const float *got, const float *expected, size_t n, double tolerance);
void check_mat(const char *name, Mat got, Mat expected, double tolerance); /* shapes, then every cell */
/* Of long texts what stands around the first difference. NULL is never right. */
void check_text(const char *name, const char *got, const char *expected);
void check_bytes(const char *name, const char *got, size_t got_size, const char *expected, size_t expected_size);

/* Anything else: `holds` must be true; the words say what is expected: "all pairs are taken". */
void check_that(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- Measured answers (kind measure): the words after `answer:` in the learner's exK.txt ---- */

/* n numbers that the checker has measured itself. Ends with "wrong" unless as many were given and each is within the
 * tolerance. `names` calls them: "layer, head". The truth is not printed: finding it is the exercise. */
void answer_numbers(const char *names, const double *truth, size_t n, double tolerance);
void answer_number(const char *name, double truth, double tolerance);
const char *answer_text(void); /* all of it, for anything else; compare, then answer_judge */
void answer_judge(bool right, const char *what);

/* What stands in the question, where it differs from student to student (exK.variant); else the usual one. The text
 * is ours. */
double variant_number(const char *name, double usual);
const char *variant_text(const char *name, const char *usual);

/* ---- Chance, secrets, surroundings ---- */

/* Random cases: the same ones at every `make check` (SEED=n changes them), others in `make grade`. */
Rng check_rng(void);
bool hidden(void); /* true only in `make grade`: more random cases, longer ones */

/* When `path` is not there (data/minilm), the verdict is "cannot be judged here" with `command` as what to try. */
void needs(const char *path, const char *command);
#endif
