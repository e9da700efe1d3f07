#include "base/stop.h"
#include "base/error.h"
#include "base/ranks.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked; /* the signal's number */
static const char *reason;          /* set while no handler reads it */

static void on_signal(int number) {
    asked = number;
}

/* Only async-signal-safe calls here. */
static void on_signal_at_once(int number) {
    const char *parts[] = {error_program_name(), ": note: ", reason, "\n"};
    for (size_t i = 0; reason && i < sizeof parts / sizeof *parts; i++)
        if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0) break;
    _exit(128 + number);
}

void stop_listen(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void stop_at_once(const char *why) {
    static const int numbers[] = {SIGINT, SIGTERM};
    struct sigaction action = {.sa_handler = on_signal_at_once}, now;
    reason = ranks_first() ? why : NULL;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) sigaction(numbers[i], &action, NULL);
}

int stop_asked(void) {
    return ranks_most(asked);
}
