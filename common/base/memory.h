/* memory - the only allocator of the course: zeroed, 64-byte aligned, every size checked for overflow, never NULL.
 *
 * Ownership: what a `_new`, `_load` or `_read` function returns is yours, and its `_free` takes NULL or a zeroed
 * struct. Out of memory ends the program with exit 3 and says how much was asked for, and what for. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* *product = a * b, *sum = a + b; false when it does not fit. Every size that comes from a file passes through
 * these. */
bool size_multiply(size_t a, size_t b, size_t *product);
bool size_add(size_t a, size_t b, size_t *sum);

/* count zeroed elements of `size` bytes, aligned to a cache line. `what` names them in the error. You free it. */
void *memory_new(size_t count, size_t size, const char *what);

/* The same block with room for `count` elements; new elements are zero, old ones keep their values. old may be NULL. */
void *memory_grow(void *old, size_t count, size_t size, const char *what);

/* A block for one element more than `count`: the same where it fits, else one of twice the room. It may be NULL. */
void *memory_for_more(void *block, size_t count, size_t size, const char *what);

void memory_free(void *block); /* NULL is fine */

/* A copy of `length` bytes with a final 0; text_format is printf into a block of its own. You free them. */
char *text_copy(const char *text, size_t length);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The text with every `from` as `to`. You free it. */
char *text_replaced(const char *text, const char *from, const char *to);

/* 1020 as "1,020" into out, which it returns: offsets and counts in messages are read by people. */
char *text_grouped(size_t number, char out[32]);

/* A string that grows, for building scripts, labels and messages. Zeroed is empty; text is never NULL after a write. */
typedef struct {
    char *text;
    size_t length, room;
} String;
void string_add(String *string, const char *format, ...) __attribute__((format(printf, 2, 3)));
void string_add_values(String *string, const char *format, va_list values) __attribute__((format(printf, 2, 0)));
void string_add_bytes(String *string, const void *bytes, size_t length);
void string_free(String *string);
bool string_is(const String *string, const void *bytes, size_t length); /* does it hold these bytes and no others? */

/* For tests: the allocation-th call from now on fails as if memory had run out (1: the next one); 0: none does. */
void memory_fail_at(size_t allocation);

/* Used by error_catch: what is allocated between begin and end is freed by end(true) and kept by end(false). */
void memory_watch_begin(void);
void memory_watch_end(bool release);
#endif
