/* catch - fail() as a value, for tests and fuzzers that want to see one error after another. Not for programs, which
 * should say what is wrong and stop. */
#ifndef BASE_CATCH_H
#define BASE_CATCH_H
#include "base/error.h"
#include <stdbool.h>

typedef struct {
    ExitCode code;
    char message[ERROR_MOST];
} Error;

/* Runs work(context); true when it failed, with the error in *caught instead of on stderr. Everything that it allocated
 * and mapped through base/ and had not freed yet is released. Notes and warnings are dropped. Does not nest. */
bool error_catch(Error *caught, void (*work)(void *context), void *context);
#endif
