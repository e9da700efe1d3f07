#include "show/process.h"
#include "base/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAID_MOST = 8 << 20 };

extern char **environ;

/* Starts the program with one end of a pipe as its `stream`, and gives the other end. 0, or errno. */
static int start(pid_t *child, int *reading, const char *folder, const char *const *arguments, int stream) {
    int ends[2];
    if (pipe(ends) != 0) return errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, stream == STDERR_FILENO ? STDOUT_FILENO : STDERR_FILENO, "/dev/null",
                                     O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], stream);
    posix_spawn_file_actions_addchdir_np(&actions, folder);
    int reason = posix_spawnp(child, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *reading = ends[0];
    if (reason != 0) close(ends[0]);
    return reason;
}

/* Reads until the other end is closed or the time is over; false when it cannot be read. */
static bool listen_to(int reading, String *said, double deadline) {
    for (;;) {
        double left = deadline - clock_seconds();
        struct pollfd wait = {.fd = reading, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)(left * 1000) + 1) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return true;
        char bytes[16384];
        ssize_t got = read(reading, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        if (said->length > SAID_MOST) said->length = 0; /* it never stops talking */
        string_add_bytes(said, bytes, (size_t)got);
    }
}

/* The child's status, or false after killing it at the deadline. Most end within a millisecond of closing the pipe. */
static bool wait_for(pid_t child, int *status, double deadline) {
    struct timespec nap = {0, 200000};
    while (waitpid(child, status, WNOHANG) == 0) {
        if (clock_seconds() > deadline) {
            kill(child, SIGKILL);
            waitpid(child, status, 0);
            return false;
        }
        nanosleep(&nap, NULL);
        if (nap.tv_nsec < 20000000) nap.tv_nsec *= 2;
    }
    return true;
}

Process process_run(const char *folder, const char *const *arguments, int stream, double seconds) {
    Process process = {false, -1, {0}};
    pid_t child;
    int reading = -1, status = 0;
    double deadline = clock_seconds() + seconds;
    int reason = start(&child, &reading, folder, arguments, stream);
    if (reason != 0) {
        process.missing = reason == ENOENT;
        string_add(&process.said, "it cannot be started: %s", strerror(reason));
        return process;
    }
    string_add_bytes(&process.said, "", 0);
    bool heard = listen_to(reading, &process.said, deadline);
    bool ended = wait_for(child, &status, deadline);
    close(reading);
    if (!ended) {
        string_add(&process.said, "\nit took longer than %g seconds and was stopped", seconds);
    } else if (!heard) {
        string_add(&process.said, "\nwhat it said could not be read");
    } else if (WIFEXITED(status)) {
        process.code = WEXITSTATUS(status);
        process.missing = process.code == 127; /* what posix_spawnp leaves to the child to say, on some systems */
    } else {
        string_add(&process.said, "\nit was ended by signal %d", WTERMSIG(status));
    }
    return process;
}

void process_free(Process *process) {
    string_free(&process->said);
    *process = (Process){0};
}
