/* process - runs another program: no shell, its words read, never waited for longer than it may take. */
#ifndef SHOW_PROCESS_H
#define SHOW_PROCESS_H
#include "base/memory.h"
#include <stdbool.h>

typedef struct {
    bool missing; /* there is no such program on this machine */
    int code;     /* its exit code; -1 when a signal ended it, when it took too long, could not be started or heard */
    String said;  /* the last 8 MB that it wrote to `stream`, or why it has no exit code; text is never NULL; owned */
} Process;

/* Runs arguments[0] (searched in PATH; the list ends with NULL) inside `folder` and reads what it writes to `stream`:
 * 1 for its standard output, 2 for its errors; the other one and its input are /dev/null. After `seconds` it is
 * killed. Never fails. */
Process process_run(const char *folder, const char *const *arguments, int stream, double seconds);
void process_free(Process *process);
#endif
