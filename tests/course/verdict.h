/* verdict - what the files of the judging process share. Not for authors of exercises. */
#ifndef COURSE_VERDICT_H
#define COURSE_VERDICT_H
#include <stdbool.h>

enum { EXIT_NOT_PASSED = 4 }; /* of a judge, whatever else its verdict is: 0 is a pass, and nothing else is */

/* Ends the process with a verdict: its state, the case's input, then the words. */
_Noreturn void end_with(const char *state, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Under `make grade CREDIT=cases` the judge goes on behind a wrong case, and counts. A case begins with each ask(). */
bool counting(void);
void case_begin(void);
void case_has_views(void); /* the words of a wrong case say what a view is */
bool case_fails(void);   /* the case at hand is wrong; true when it is the first such, whose words are the verdict */
void end_or_go_on(void); /* ends the process, unless cases are counted */
void case_wrong(const char *format, ...) __attribute__((format(printf, 1, 2))); /* all three */

void tell_crash(bool memory_is_full); /* the verdict on a crash; may be called in a signal handler */
void tell_exit(int code);             /* the verdict on a runner that left by itself, when cases are counted */
void tell_signal(int number);         /* which one ended the runner */
bool watched(void);                   /* false under the memory check, which watches better */
void count_check(void);               /* a checker that compares nothing is broken */
bool close_to(double got, double expected, double tolerance);

bool key_wanted(void);   /* a measured answer is not compared but told: for lecturers, by truths.py */
bool tries_wanted(void); /* the answer is many, a line each, and each is compared: by tried.py */

void ask_by(char **command); /* from now on ask() goes to this program: its words, NULL behind the last */
void ask_end(void);          /* no more cases: waits for what runs to end, two seconds at most */

/* Does `text` read as these n numbers, in any reading? Commas and spaces between digits are read in all ways: 49,792 is
 * a large number, a fraction, or two numbers. */
bool reads_as(const char *text, const double *truth, unsigned long n, double tolerance);
#endif
