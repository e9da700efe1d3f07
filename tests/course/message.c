#include "message.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 64 << 20 };

void message_add(Message *m, ValueKind kind, const void *values, size_t n, size_t item_size) {
    unsigned char head[1 + sizeof(uint64_t)] = {(unsigned char)kind};
    const uint64_t count = n;
    memcpy(head + 1, &count, sizeof count);
    string_add_bytes(&m->data, head, sizeof head);
    string_add_bytes(&m->data, values, n * item_size);
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
    const size_t head = 1 + sizeof count, left = m->data.length - m->read;
    *n = 0;
    m->broken |= left < head || m->data.text[m->read] != (char)kind;
    if (!m->broken) memcpy(&count, m->data.text + m->read + 1, sizeof count);
    m->broken |= count > (left - head) / item_size;
    if (m->broken) return NULL;
    const char *values = m->data.text + m->read + head;
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
    const uint64_t size = m->data.length;
    return write_whole(file, &size, sizeof size) && write_whole(file, m->data.text, m->data.length);
}

bool message_receive(int file, Message *m) {
    uint64_t size;
    message_free(m);
    if (!read_all(file, &size, sizeof size) || size > MOST_BYTES) return false;
    m->data = (String){memory_new((size_t)size + 1, 1, "a case"), (size_t)size, (size_t)size + 1};
    return read_all(file, m->data.text, m->data.length);
}

void message_free(Message *m) {
    string_free(&m->data);
    *m = (Message){0};
}
