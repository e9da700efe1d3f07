/* not_done - what a handout puts into an emptied body. `make handout` copies it to common/base/; it is no part of the
 * course itself. */
#ifndef BASE_NOT_DONE_H
#define BASE_NOT_DONE_H

/* Says once, on stderr, which body is empty and where; the program goes on with a zero. (The page's engine has no
 * stderr.) */
#ifdef __wasm__
#define NOT_DONE_YET() ((void)0)
#else
#include <stdio.h>
#define NOT_DONE_YET()                                                                                                 \
    do {                                                                                                               \
        static int said;                                                                                               \
        if (!said++) fprintf(stderr, "%s:%d: %s() is not done yet\n", __FILE__, __LINE__, __func__);                   \
    } while (0)
#endif
#endif
