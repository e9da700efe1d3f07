#include "base/room.h"
#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* "max", or a number. */
static double container_limit(void) {
    double bytes = INFINITY;
    FILE *file = fopen("/sys/fs/cgroup/memory.max", "r");
    if (!file) return bytes;
    if (fscanf(file, "%lf", &bytes) != 1 || !(bytes > 0)) bytes = INFINITY;
    fclose(file);
    return bytes;
}

double room_there(void) {
    double machine = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    return fmin(machine > 0 ? machine : INFINITY, container_limit());
}

/* Linux says it in /proc; getrusage there also counts what the program that started us had at that moment. */
double room_most_used(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0) kilobytes = strtol(line + 6, NULL, 10);
    if (status) fclose(status);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return (double)usage.ru_maxrss; /* bytes */
#else
    return 1024.0 * (double)(kilobytes > 0 ? kilobytes : usage.ru_maxrss);
#endif
}

void room_check(double bytes, const char *what, const char *advice) {
    double there = room_there();
    if (bytes > there)
        fail(EXIT_ENVIRONMENT, "out of memory (%s %.1f GB, this machine has %.1f)%s%s", what, bytes / 1e9, there / 1e9,
             advice ? ". Try: " : "", advice ? advice : "");
}
