#include "message.h"
#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 64 << 20 };

static void append(Message *m, const void *bytes, size_t size) {
    if (m->size + size > m->room) {
        m->room = 2 * (m->size + size) + 256;
        m->bytes = memory_grow(m->bytes, m->room, 1, "a case");
    }
    if (size > 0) memcpy(m->bytes + m->size, bytes, size);
    m->size += size;
}

void message_add(Message *m, ValueKind kind, const void *values, size_t n, size_t item_size) {
    unsigned char head[1 + sizeof(uint64_t)] = {(unsigned char)kind};
    const uint64_t count = n;
    memcpy(head + 1, &count, sizeof count);
    append(m, head, sizeof head);
    append(m, values, n * item_size);
}

void message_add_int(Message *m, long long value) {
    const int64_t number = value;
    message_add(m, VALUE_INT, &number, 1, sizeof number);
}

void message_add_double(Message *m, double value) {
    message_add(m, VALUE_DOUBLE, &value, 1, sizeof value);
}

void message_add_mat(Message *m, Mat mat) {
    message_add_int(m, mat.rows), message_add_int(m, mat.cols);
    Mat flat = mat_new(mat.rows, mat.cols);
    mat_copy(flat, mat);
    message_add(m, VALUE_FLOATS, flat.data, (size_t)mat.rows * (size_t)mat.cols, sizeof *flat.data);
    mat_free(&flat);
}

const void *message_next(Message *m, ValueKind kind, size_t item_size, size_t *n) {
    uint64_t count = 0;
    const size_t head = 1 + sizeof count, left = m->size - m->read;
    *n = 0;
    m->broken |= left < head || m->bytes[m->read] != (unsigned char)kind;
    if (!m->broken) memcpy(&count, m->bytes + m->read + 1, sizeof count);
    m->broken |= count > (left - head) / item_size;
    if (m->broken) return NULL;
    const unsigned char *values = m->bytes + m->read + head;
    *n = (size_t)count;
    m->read += head + *n * item_size;
    return values;
}

/* ---- Through a pipe: the size, then the bytes ---- */

bool write_whole(int file, const void *bytes, size_t size) {
    for (const char *at = bytes; size > 0;) {
        const ssize_t written = write(file, at, size);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += written, size -= (size_t)written;
    }
    return true;
}

static bool read_all(int file, void *bytes, size_t size) {
    for (char *at = bytes; size > 0;) {
        const ssize_t got = read(file, at, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got, size -= (size_t)got;
    }
    return true;
}

bool message_send(int file, const Message *m) {
    const uint64_t size = m->size;
    return write_whole(file, &size, sizeof size) && write_whole(file, m->bytes, m->size);
}

bool message_receive(int file, Message *m) {
    uint64_t size;
    message_free(m);
    if (!read_all(file, &size, sizeof size) || size > MOST_BYTES) return false;
    m->size = m->room = (size_t)size;
    m->bytes = memory_new((size_t)size + 1, 1, "a case");
    return read_all(file, m->bytes, m->size);
}

void message_free(Message *m) {
    memory_free(m->bytes);
    *m = (Message){0};
}
