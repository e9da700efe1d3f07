/* course - what a starter needs besides common/. */
#ifndef COURSE_COURSE_H
#define COURSE_COURSE_H
#include "base/rng.h"
#include "math/mat.h"

#include <stdbool.h>
#include <stddef.h>

/* The body of a starter that nobody has filled: the verdict is "not started". Never returns. */
_Noreturn void not_started(void);
#define NOT_STARTED() not_started()
#endif
