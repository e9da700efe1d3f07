/* runner - the half of a checker that calls the learner's function: it takes what the judge gave, in the same order,
 * calls, and hands back what came of it. It compares nothing: in `make grade` it runs in a process of its own, which
 * nobody believes.
 *
 * A runner is tests/course/NN_name/exK.run.c. It declares the learner's function (`extern`, at column 0, so that the
 * compiler can hold it against the learner's file) and defines run_case(), which serves one case.
 *
 * Arrays and matrices stand in rooms of their own, between bytes that nobody may write; a Mat is a view, with a gap
 * between its rows, another one for each matrix and case. After run_case() the rooms are looked at: who wrote beside
 * one, or into one that was to be kept, has not passed. What stands beside is huge as a number (1e24 as a float, 1.7
 * billion as an int), so that reading it is seldom right. `name` is the parameter's, for the learner. What was taken is
 * the runner's, and gone after the case. */
#ifndef COURSE_RUNNER_H
#define COURSE_RUNNER_H
#include "course.h"

void run_case(void); /* exK.run.c: you define it */

/* ---- What the judge gave ---- */

long long take_int(void);
double take_double(void);
const char *take_text(size_t *size);               /* a 0 byte follows; its own room, which must stay as it is */
const char **take_texts(const char *name, int *n); /* n texts, each in a room of its own */

/* take_: the function may write them. keep_: it must leave them as they are. *n (which may be NULL) is how many. */
int *take_ints(const char *name, size_t *n);
float *take_floats(const char *name, size_t *n);
Mat take_mat(const char *name);
const int *keep_ints(const char *name, size_t *n);
const float *keep_floats(const char *name, size_t *n);
const bool *keep_bools(const char *name, size_t *n);
Mat keep_mat(const char *name);

/* A room that nobody has filled: n items of item_size bytes, all of them bytes 0x5A, which are 1.5e16 as a float. */
void *fresh_room(const char *name, size_t n, size_t item_size);
Mat fresh_mat(const char *name, int rows, int cols); /* of -77 */

/* ---- What goes back ---- */

void hand_int(long long value);
void hand_double(double value);
void hand_ints(const int *values, size_t n);
void hand_floats(const float *values, size_t n);
void hand_text(const char *bytes, size_t size);
void hand_mat(Mat m);

/* The most memory that this process has held so far, in bytes: take it before and after a call. Under the memory check,
 * which needs much for itself, always 0. */
long long memory_peak(void);
#endif
