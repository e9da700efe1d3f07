/* engine_edges - the engine has no words for what goes wrong, and no files: only the model inside the page
 * (living_calls) has base/error and disk.c. */
#include "base/error.h"
#include <stddef.h>

_Noreturn void fail(ExitCode code, const char *format, ...) {
    (void)code, (void)format;
    __builtin_trap();
}

void note(const char *format, ...) {
    (void)format;
}
