/* catch - fail() as a value, for tests and fuzzers that want to see one error after another. Not for programs, which
 * should say what is wrong and stop. */
#ifndef TESTS_CATCH_H
#define TESTS_CATCH_H
#include "base/error.h"
#include "base/memory.h"
#include "base/undo.h"
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct {
    ExitCode code;
    char message[ERROR_MOST];
} Error;

static Error *trap;        /* of the error_catch that runs */
static jmp_buf trap_point; /* where it goes on after a fail() */

static void leave(ExitCode code, const char *message) {
    trap->code = code;
    snprintf(trap->message, sizeof trap->message, "%s", message);
    longjmp(trap_point, 1);
}

/* Runs work(context); true when it failed, with the error in *caught instead of on stderr. Everything that it allocated
 * and mapped through base/ and had not freed yet is released. Notes and warnings are dropped. Does not nest. */
__attribute__((unused)) static bool error_catch(Error *caught, void (*work)(void *context), void *context) {
    memory_watch_begin();
    undo_watch_begin();
    trap = caught;
    *caught = (Error){EXIT_OK, ""};
    error_divert(leave);
    volatile bool failed = true;
    if (setjmp(trap_point) == 0) { /* one of the few places where the standard allows setjmp */
        work(context);
        failed = false;
    }
    error_divert(NULL);
    undo_watch_end(failed);
    memory_watch_end(failed);
    return failed;
}
#endif
