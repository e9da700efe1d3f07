#include "base/memory.h"
#include "base/error.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A block's header sits in the cache line before the data, so that data starts on a line and ends exactly where the
 * allocation ends: a sanitizer then sees the first byte too many. */
typedef struct Header {
    struct Header *previous, *next; /* the watched blocks, a ring through `watched` */
    size_t size;
} Header;
enum { LINE = 64 };
_Static_assert(sizeof(Header) <= LINE, "the header fits a cache line");

static Header watched = {&watched, &watched, 0};
static bool watching;
static size_t until_failure; /* for tests: 0 never, 1 the next allocation fails */

bool size_multiply(size_t a, size_t b, size_t *product) {
    return !__builtin_mul_overflow(a, b, product);
}

bool size_add(size_t a, size_t b, size_t *sum) {
    return !__builtin_add_overflow(a, b, sum);
}

static Header *header_of(void *block) {
    return (Header *)(void *)((char *)block - LINE);
}

static void unlink_header(Header *header) {
    header->previous->next = header->next;
    header->next->previous = header->previous;
}

/* Asks for large pages (Linux) where they fit: then the first touch of a large block stops once for 2 MB, not for every
 * 4 KB, which is a quarter of the time of a quick pass over a long text. A wish: nobody minds if it is not granted. */
static void wish_large_pages(void *raw, size_t size) {
#ifdef MADV_HUGEPAGE
    enum { PAGE = 4096, LARGE = 2 << 20 };
    uintptr_t first = ((uintptr_t)raw + PAGE - 1) / PAGE * PAGE, end = (uintptr_t)raw + size;
    if (size >= 2 * LARGE) (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
    (void)raw, (void)size;
#endif
}

void *memory_new(size_t count, size_t size, const char *what) {
    size_t bytes, whole;
    if (!size_multiply(count, size, &bytes) || !size_add(bytes, LINE, &whole))
        fail(EXIT_ENVIRONMENT, "out of memory (needed %zu x %zu bytes for %s)", count, size, what);
    void *raw = NULL;
    bool pretend = until_failure > 0 && --until_failure == 0;
    if (pretend || posix_memalign(&raw, LINE, whole) != 0)
        fail(EXIT_ENVIRONMENT, "out of memory (needed %.1f MB for %s)", (double)bytes / 1e6, what);
    wish_large_pages(raw, whole);
    memset(raw, 0, whole);
    Header *header = raw;
    *header = (Header){header, header, bytes};
    if (watching) {
        *header = (Header){&watched, watched.next, bytes};
        watched.next->previous = header;
        watched.next = header;
    }
    return (char *)raw + LINE;
}

void *memory_grow(void *old, size_t count, size_t size, const char *what) {
    void *block = memory_new(count, size, what);
    if (old) {
        size_t had = header_of(old)->size, now = header_of(block)->size;
        memcpy(block, old, had < now ? had : now);
        memory_free(old);
    }
    return block;
}

void *memory_for_more(void *block, size_t count, size_t size, const char *what) {
    if (block && (count + 1) * size <= header_of(block)->size) return block;
    return memory_grow(block, 2 * count + 16, size, what);
}

void memory_free(void *block) {
    if (!block) return;
    Header *header = header_of(block);
    unlink_header(header);
    free(header);
}

char *text_copy(const char *text, size_t length) {
    size_t room = length;
    if (!size_add(length, 1, &room)) fail(EXIT_ENVIRONMENT, "out of memory (needed %zu bytes for a text)", length);
    char *copy = memory_new(room, 1, "a text");
    if (length) memcpy(copy, text, length);
    return copy;
}

char *text_grouped(size_t number, char out[32]) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%zu", number), at = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static void string_reserve(String *string, size_t more) {
    size_t needed, room;
    bool fits = size_add(string->length, 1, &needed) && size_add(needed, more, &needed);
    if (!fits || !size_add(needed, needed / 2, &room))
        fail(EXIT_ENVIRONMENT, "out of memory (needed %zu more bytes for a text)", more);
    if (string->text && needed <= string->room) return;
    if (room < 64) room = 64;
    string->text = memory_grow(string->text, room, 1, "a text");
    string->room = room;
}

void string_add_bytes(String *string, const void *bytes, size_t length) {
    string_reserve(string, length);
    if (length) memcpy(string->text + string->length, bytes, length);
    string->length += length;
    string->text[string->length] = '\0';
}

void string_add_values(String *string, const char *format, va_list values) {
    va_list again;
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) fail(EXIT_DATA, "a text could not be formatted");
    string_reserve(string, (size_t)length);
    vsnprintf(string->text + string->length, (size_t)length + 1, format, values);
    string->length += (size_t)length;
}

void string_add(String *string, const char *format, ...) {
    va_list values;
    va_start(values, format);
    string_add_values(string, format, values);
    va_end(values);
}

char *text_format(const char *format, ...) {
    String string = {0};
    va_list values;
    va_start(values, format);
    string_add_values(&string, format, values);
    va_end(values);
    return string.text;
}

char *text_replaced(const char *text, const char *from, const char *to) {
    String out = {0};
    for (const char *next; (next = strstr(text, from)) != NULL; text = next + strlen(from))
        string_add(&out, "%.*s%s", (int)(next - text), text, to);
    string_add_bytes(&out, text, strlen(text));
    return out.text;
}

bool string_is(const String *string, const void *bytes, size_t length) {
    return string->length == length && (length == 0 || memcmp(string->text, bytes, length) == 0);
}

void string_free(String *string) {
    memory_free(string->text);
    *string = (String){0};
}

void memory_fail_at(size_t allocation) {
    until_failure = allocation;
}

void memory_watch_begin(void) {
    watching = true;
}

void memory_watch_end(bool release) {
    watching = false;
    while (watched.next != &watched) {
        Header *header = watched.next;
        unlink_header(header);
        *header = (Header){header, header, header->size};
        if (release) free(header);
    }
}
