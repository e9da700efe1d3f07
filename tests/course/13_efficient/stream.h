/* stream - three million pairs by a formula, which both halves of 13.2's checker know: too many to keep. */
#ifndef COURSE_13_STREAM_H
#define COURSE_13_STREAM_H

enum { STREAM_PAIRS = 3000000, STREAM_LATE = STREAM_PAIRS / 3 * 2 };

/* Scores 1000 1001 1002 1003 1000 ... */
static inline double stream_score(int j) {
    return 1000 + j % 4;
}

/* Values 0 1 2 3 0 ..., and 8 more in the last third. */
static inline double stream_value(int j) {
    return j % 4 + (j < STREAM_LATE ? 0 : 8);
}
#endif
