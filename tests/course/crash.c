/* What a crash leaves time for. Only calls that a signal handler may make. */
#include "serve.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static void (*tell_crash)(bool memory_is_full);

static bool memory_is_full(void) {
    struct rlimit most;
    char text[64] = "";
    int file = open("/proc/self/statm", O_RDONLY);
    if (file < 0) return false;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length <= 0 || getrlimit(RLIMIT_AS, &most) != 0 || most.rlim_cur == RLIM_INFINITY) return false;
    unsigned long long pages = 0;
    for (const char *digit = text; *digit >= '0' && *digit <= '9'; digit++)
        pages = 10 * pages + (unsigned long long)(*digit - '0');
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE) > most.rlim_cur / 10 * 9;
}

static void handle(int number) {
    tell_crash(memory_is_full());
    signal(number, SIG_DFL);
    raise(number);
}

void catch_crashes(void (*tell)(bool memory_is_full)) {
    static char stack[64 * 1024]; /* of its own: endless recursion has used up the other one */
    const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    tell_crash = tell;
    sigaltstack(&other, NULL);
    struct sigaction action = {.sa_handler = handle, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}
