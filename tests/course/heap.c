/* Blocks of the heap, counted where a program may bring a malloc of its own: with glibc, and not under the memory check
 * (judge.py says HEAP_UNCOUNTED), whose sanitizer brings one, too, and looks for leaks itself. Elsewhere it stays 0. */
#include "serve.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_long living; /* learners may start threads */

long heap_blocks(void) {
    return atomic_load(&living);
}

#if defined __GLIBC__ && !defined HEAP_UNCOUNTED
/* glibc's own, under the names that it keeps for this. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static void *counted(void *block) {
    if (block) atomic_fetch_add(&living, 1);
    return block;
}

void *malloc(size_t size) {
    return counted(__libc_malloc(size));
}

void *calloc(size_t n, size_t size) {
    return counted(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size) {
    void *block = __libc_realloc(old, size);
    if (!old) return counted(block);
    if (!block && size == 0) atomic_fetch_sub(&living, 1); /* glibc frees it */
    return block;
}

void *aligned_alloc(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *made = counted(__libc_memalign(alignment, size));
    if (!made) return ENOMEM;
    *block = made;
    return 0;
}

void free(void *block) {
    if (block) atomic_fetch_sub(&living, 1);
    __libc_free(block);
}
#endif
