/* message - typed values, one behind the other in a row of bytes: what a judge gives to a runner and what comes back,
 * in memory or through a pipe. The reader names the kind that it expects; anything else makes the message `broken`, and
 * a broken message gives nothing any more. Bytes from outside are never trusted with a size. */
#ifndef COURSE_MESSAGE_H
#define COURSE_MESSAGE_H
#include "base/memory.h"
#include "math/mat.h"

#include <stdbool.h>
#include <stddef.h>

/* Starts as {0}; message_free gives back what it holds. `read` is how far reading has come. */
typedef struct {
    String data;
    size_t read;
    bool broken;
} Message;

typedef enum { VALUE_INT = 'i', VALUE_DOUBLE = 'd', VALUE_INTS = 'I', VALUE_FLOATS = 'F', VALUE_TEXT = 'T' } ValueKind;

/* Appends n values of item_size bytes each. */
void message_add(Message *m, ValueKind kind, const void *values, size_t n, size_t item_size);

void message_add_int(Message *m, long long value);
void message_add_double(Message *m, double value);
void message_add_mat(Message *m, Mat mat); /* rows, columns, then the cells as floats, row by row */

/* The next value, which must be of this kind: its bytes (of any alignment; owned by m), and *n of them, of item_size
 * bytes each. NULL with *n = 0 when it is not: m is broken then. An empty array is not NULL. */
const void *message_next(Message *m, ValueKind kind, size_t item_size, size_t *n);

/* All of it, however often a signal comes between; false: the other side is gone. May be called in a signal handler. */
bool write_whole(int file, const void *bytes, size_t size);

/* A whole message through a file descriptor. message_receive takes at most 64 MB; false: the other side is gone, or
 * sends something else. What m held is replaced. */
bool message_send(int file, const Message *m);
bool message_receive(int file, Message *m);

void message_free(Message *m);
#endif
