/* stream - three million pairs by a formula, which both halves of 13.2's checker know: too many to keep, and no two
 * alike, neither in their scores nor in their values. */
#ifndef COURSE_13_STREAM_H
#define COURSE_13_STREAM_H

enum { STREAM_PAIRS = 3000000, STREAM_LATE = STREAM_PAIRS / 3 * 2 };

/* What each four pairs have more than the four before: 2^-20, so that all sums of it are exact, and below 1. */
#define STREAM_STEP 0x1p-20

/* Scores 1000 1001 1002 1003, and from four to four a step more. */
static inline double stream_score(int j) {
    return 1000 + j % 4 + j / 4 * STREAM_STEP;
}

/* Values 0 1 2 3, and from four to four a step more; and 8 more in the last third. */
static inline double stream_value(int j) {
    return j % 4 + j / 4 * STREAM_STEP + (j < STREAM_LATE ? 0 : 8);
}
#endif
