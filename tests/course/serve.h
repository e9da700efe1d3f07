/* serve - how a judge reaches a runner. Not for authors of exercises. */
#ifndef COURSE_SERVE_H
#define COURSE_SERVE_H
#include "message.h"

/* How a reply begins: one of these as an int; then, of SERVED, what run_case() handed back; of SPOILED, a text that
 * says what must hold. */
enum { SERVED, NOT_STARTED_YET, SPOILED };

/* One case: run_case() on what stands in `request`; *reply is replaced. guarded: bytes beside the rooms are watched
 * (under the memory check they are not: the sanitizer sees more, and names the line). */
void serve(Message *request, Message *reply, bool guarded);

/* Calls tell(memory_is_full) in the signal handler of a crash, on a stack of its own, before the process dies of it.
 * memory_is_full (Linux only): malloc has said NULL, most likely, and somebody wrote there. */
void catch_crashes(void (*tell)(bool memory_is_full));

/* How many blocks malloc and its kin have given that nobody has freed. Always 0 where they cannot be counted. */
long heap_blocks(void);

enum { EXIT_MEMORY_FULL = 77 }; /* of a runner that crashed so */
#endif
