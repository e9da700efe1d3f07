#include "base/catch.h"
#include "base/memory.h"
#include "base/undo.h"

#include <setjmp.h>
#include <stdio.h>

static Error *trap;        /* of the error_catch that runs */
static jmp_buf trap_point; /* where it goes on after a fail() */

static void leave(ExitCode code, const char *message) {
    trap->code = code;
    snprintf(trap->message, sizeof trap->message, "%s", message);
    longjmp(trap_point, 1);
}

bool error_catch(Error *caught, void (*work)(void *context), void *context) {
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
