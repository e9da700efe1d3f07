#include "base/room.h"
#include "base/error.h"

#include <math.h>
#include <stdio.h>
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

void room_check(double bytes, const char *what, const char *advice) {
    double there = room_there();
    if (bytes > there)
        fail(EXIT_ENVIRONMENT, "out of memory (%s %.1f GB, this machine has %.1f)%s%s", what, bytes / 1e9, there / 1e9,
             advice ? ". Try: " : "", advice ? advice : "");
}
