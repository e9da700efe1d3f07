#include "base/stop.h"
#include "base/ranks.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;                         /* the signal's number */
static struct sigaction interrupt_before, terminate_before; /* only stop_listen writes them */

static void on_signal(int number) {
    asked = number;
}

void stop_listen(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, &interrupt_before);
    sigaction(SIGTERM, &action, &terminate_before);
}

void stop_listen_no_more(void) {
    sigaction(SIGINT, &interrupt_before, NULL);
    sigaction(SIGTERM, &terminate_before, NULL);
}

int stop_asked(void) {
    return ranks_most(asked);
}
