/* The process in which a learner's function runs alone: RUNNER IN-FD OUT-FD. A case comes in, an answer goes out, until
 * the judge has heard enough. */
#include "serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void tell(bool memory_is_full) {
    if (memory_is_full) _exit(EXIT_MEMORY_FULL);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const int in = atoi(argv[1]), out = atoi(argv[2]);
    catch_crashes(tell);
    Message request = {0}, reply = {0};
    while (message_receive(in, &request)) {
        serve(&request, &reply, true);
        if (!message_send(out, &reply)) break;
    }
    fflush(stdout);
    message_free(&request), message_free(&reply);
    return 0;
}
