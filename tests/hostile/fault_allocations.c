/* Loaded before a program (LD_PRELOAD): the FAULT_AT-th allocation that the program itself or its JSON reader asks for
 * finds no memory. With FAULT_WAYS=FILE none fails, and FILE gets a line for each: the way to it, as a number that is
 * the same for two allocations whose callers, and the callers' callers up to main, are the same. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64, PIECES = 16 };

static atomic_ulong calls;
static unsigned long fail_at;
static FILE *ways;
static struct { uintptr_t first, last; } ours[PIECES]; /* where the code of the program and of jansson lies */
static int pieces;
static __thread int inside; /* backtrace and fprintf allocate, too */

static int note_code(struct dl_phdr_info *object, size_t size, void *is_program) {
    (void)size;
    if (*object->dlpi_name ? !strstr(object->dlpi_name, "jansson") : !*(int *)is_program) return 0;
    for (int i = 0; i < object->dlpi_phnum && pieces < PIECES; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        ours[pieces].first = object->dlpi_addr + part->p_vaddr;
        ours[pieces++].last = object->dlpi_addr + part->p_vaddr + part->p_memsz;
    }
    return 0;
}

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("FAULT_AT"), *program = getenv("FAULT_PROGRAM"), *name = getenv("FAULT_WAYS");
    int is_program = program && strcmp(program_invocation_short_name, program) == 0;
    if (!is_program) return; /* gnuplot, say, which the program starts */
    inside = 1;
    fail_at = at ? strtoul(at, NULL, 10) : 0;
    ways = name ? fopen(name, "w") : NULL;
    inside = 0;
    dl_iterate_phdr(note_code, &is_program);
}

__attribute__((destructor)) static void end(void) {
    inside = 1;
    if (ways) fclose(ways);
    ways = NULL;
}

static void tell_way(void) {
    void *callers[DEEPEST];
    uint64_t way = 14695981039346656037u;
    inside = 1;
    int n = backtrace(callers, DEEPEST);
    for (int i = 0; i < n; i++) way = (way ^ (uintptr_t)callers[i]) * 1099511628211u;
    fprintf(ways, "%llx\n", (unsigned long long)way);
    inside = 0;
}

/* Does the call come from the program of these tests, or from jansson? And is it its turn? */
static int fails(void *caller) {
    uintptr_t from = (uintptr_t)caller;
    int i = 0;
    if (inside) return 0;
    while (i < pieces && (from < ours[i].first || from >= ours[i].last)) i++;
    if (i == pieces) return 0;
    if (ways) tell_way();
    if (atomic_fetch_add(&calls, 1) + 1 != fail_at) return 0;
    errno = ENOMEM;
    return 1;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

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
    if (fails(__builtin_return_address(0))) return ENOMEM;
    void *found = __libc_memalign(align, size);
    if (found) *block = found;
    return found ? 0 : ENOMEM;
}
