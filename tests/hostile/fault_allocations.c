/* Loaded before a program (LD_PRELOAD): the FAULT_AT-th allocation that the program itself or its JSON reader asks for
 * finds no memory. With FAULT_COUNT=FILE it only counts, and writes the number there at the end. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long calls, fail_at;
static int inside; /* dladdr and fopen allocate, too */

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("FAULT_AT");
    fail_at = at ? strtoul(at, NULL, 10) : 0;
}

__attribute__((destructor)) static void end(void) {
    const char *name = getenv("FAULT_COUNT");
    FILE *file = name ? fopen(name, "w") : NULL;
    if (file) fprintf(file, "%lu\n", calls), fclose(file);
}

/* Does the call come from the program of these tests, or from jansson? And is it its turn? */
static int fails(void *caller) {
    const char *program = getenv("FAULT_PROGRAM");
    Dl_info from;
    if (inside || !program) return 0;
    inside = 1;
    int ours = dladdr(caller, &from) != 0 && (strstr(from.dli_fname, program) || strstr(from.dli_fname, "jansson"));
    inside = 0;
    if (!ours || ++calls != fail_at) return 0;
    errno = ENOMEM;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size) {
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

int posix_memalign(void **block, size_t align, size_t size) {
    return fails(__builtin_return_address(0)) ? ENOMEM : NEXT(posix_memalign)(block, align, size);
}
