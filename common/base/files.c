#include "base/files.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void fail_path(const char *path, const char *doing) {
    int reason = errno;
    fail(EXIT_ENVIRONMENT, "%s: %s%s", path, doing, strerror(reason));
}

/* ---- reading ---- */

/* All that is left of an open file. `room` is a hint: a pipe and the files of /proc have no size, and a file may grow
 * or shrink while it is read. */
static Bytes read_all(int file, size_t room, const char *name) {
    Bytes bytes = {memory_new(room, 1, name), 0};
    for (;;) {
        if (room - bytes.size < 2) {
            room *= 2;
            bytes.data = memory_grow(bytes.data, room, 1, name);
        }
        ssize_t got = read(file, bytes.data + bytes.size, room - bytes.size - 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_path(name, "cannot be read: ");
        if (got == 0) return bytes;
        bytes.size += (size_t)got;
    }
}

Bytes stream_read(FILE *stream, const char *name) {
    return read_all(fileno(stream), 4096, name);
}

/* Leaves errno as it was: it is about to be told. */
static void close_reading(int file) {
    int reason = errno;
    close(file);
    undo_reading(-1);
    errno = reason;
}

/* Opens for reading; folders open too on Linux, so they are refused here by name. `more`: O_NONBLOCK, or 0. */
static int open_to_read(const char *path, int more, struct stat *status) {
    int file = open(path, O_RDONLY | O_CLOEXEC | more);
    if (file < 0) fail_path(path, "");
    undo_reading(file);
    bool known = fstat(file, status) == 0;
    if (known && S_ISDIR(status->st_mode)) errno = EISDIR;
    if (!known || S_ISDIR(status->st_mode)) {
        close_reading(file);
        fail_path(path, "");
    }
    return file;
}

Bytes file_read(const char *path) {
    struct stat status;
    int file = open_to_read(path, 0, &status);
    size_t room = S_ISREG(status.st_mode) && status.st_size > 0 ? (size_t)status.st_size + 2 : 4096;
    Bytes bytes = read_all(file, room, path);
    close_reading(file);
    return bytes;
}

void bytes_free(Bytes *bytes) {
    memory_free(bytes->data);
    *bytes = (Bytes){0};
}

Bytes bytes_copy(Bytes bytes) {
    return bytes.data ? (Bytes){text_copy(bytes.data, bytes.size), bytes.size} : (Bytes){0};
}

size_t bytes_mark(const char *name, const char *bytes, size_t size) {
    if (size < 3 || memcmp(bytes, "\xEF\xBB\xBF", 3) != 0) return 0;
    if (name) note("%s: starts with a byte-order mark, which is skipped", name);
    return 3;
}

LineReader line_reader(const char *path, const char *bytes, size_t size) {
    return (LineReader){path, bytes + bytes_mark(path, bytes, size), bytes + size, 0};
}

bool line_next(LineReader *reader, const char **text, size_t *length) {
    if (reader->at == reader->end) return false;
    size_t left = (size_t)(reader->end - reader->at);
    const char *newline = memchr(reader->at, '\n', left);
    *text = reader->at;
    *length = newline ? (size_t)(newline - reader->at) : left;
    reader->at += newline ? *length + 1 : left;
    if (newline && *length && (*text)[*length - 1] == '\r') --*length;
    reader->line++;
    return true;
}

bool file_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, R_OK) == 0;
}

bool folder_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool folder_has(const char *folder, const char *name) {
    char *path = path_join(folder, name);
    bool there = file_exists(path);
    memory_free(path);
    return there;
}

FileMap file_map(const char *path) {
    FileMap map = {.path = text_copy(path, strlen(path))};
    struct stat status;
    int file = open_to_read(path, O_NONBLOCK, &status); /* a pipe that nobody writes to is refused, not waited for */
    map.size = S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
    void *data = map.size ? mmap(NULL, map.size, PROT_READ, MAP_PRIVATE, file, 0) : NULL;
    close_reading(file);
    if (!S_ISREG(status.st_mode)) fail(EXIT_ENVIRONMENT, "%s: not a regular file, so it cannot be mapped", path);
    if (data == MAP_FAILED) fail_path(path, "cannot be mapped: ");
    map.data = data;
    if (data) undo_map(path, data, map.size);
    return map;
}

void file_unmap(FileMap *map) {
    if (map->data) {
        undo_map_done(map->data);
        munmap((void *)(size_t)map->data, map->size);
    }
    memory_free(map->path);
    *map = (FileMap){0};
}

/* ---- writing ---- */

/* A hidden name in the same folder, which no other process and no other writer of this one has. The ending stays,
 * because gnuplot and people go by it; a very long name is cut, because the new one must fit the file system too. */
static char *name_aside(const char *path) {
    static int made;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (!dot || dot == name || strlen(dot) > 20) dot = name + strlen(name);
    int length = dot - name < 100 ? (int)(dot - name) : 100;
    return text_format("%.*s.%.*s.%ld-%d%s", (int)(name - path), path, length, name, (long)getpid(), ++made, dot);
}

/* Opens a new file beside `path`, never one that is there already: it may be what a killed process of the same
 * number left, or another user's link that would lead us anywhere. -1 with errno when it cannot. */
static int open_aside(const char *path, char **aside) {
    for (int tries = 1;; tries++) {
        *aside = name_aside(path);
        int file = open(*aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 || errno != EEXIST || tries == 1000) return file;
        memory_free(*aside);
    }
}

/* A signal between making a file and noting its name would leave it behind: it waits until both are done. */
static sigset_t hold_signals(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    return before;
}

static void release_signals(sigset_t before) {
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

char *pending_new(const char *path) {
    char *aside = name_aside(path);
    undo_file(aside, NULL);
    return aside;
}

void pending_passing(const char *path) {
    undo_file(path, NULL);
}

void pending_drop(const char *aside) {
    if (unlink(aside) != 0) rmdir(aside);
    undo_file_done(aside);
}

static void sync_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? text_copy(path, (size_t)(slash - path) + 1) : text_copy(".", 1);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file); /* some file systems cannot; the rename itself is then as safe as they make it */
        close(file);
    }
    memory_free(folder);
}

void pending_commit(const char *aside, const char *path) {
    if (rename(aside, path) != 0) {
        int reason = errno;
        pending_drop(aside);
        errno = reason;
        fail_path(path, "cannot be replaced: ");
    }
    undo_file_done(aside);
    sync_folder(path);
}

/* --export /dev/stdout, or the very file that the shell has opened for us: what is written goes behind what was
 * printed. */
static bool is_standard_output(const struct stat *status) {
    struct stat out;
    return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == status->st_dev && out.st_ino == status->st_ino;
}

static FILE *open_direct(const char *path, const struct stat *status) {
    if (!is_standard_output(status)) return fopen(path, "wb");
    fflush(stdout);
    int copy = dup(STDOUT_FILENO);
    return copy < 0 ? NULL : fdopen(copy, "wb");
}

FileWriter file_create(const char *path) {
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (!exists && strncmp(path, "/dev/", 5) == 0 && !strchr(path + 5, '/')) /* /dev/stdout, closed: a file of ours */
        fail_path(path, "cannot be written: ");                              /* must not take the place of the device */
    bool direct = exists && (!S_ISREG(status.st_mode) || is_standard_output(&status));
    if (exists && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        fail_path(path, "cannot be written: ");
    }
    FileWriter writer = {.path = text_copy(path, strlen(path))};
    if (direct) {
        writer.stream = open_direct(path, &status);
    } else {
        sigset_t before = hold_signals();
        int file = open_aside(path, &writer.aside);
        if (file >= 0 && exists) fchmod(file, status.st_mode & 0777); /* a private file stays private */
        writer.stream = file >= 0 ? fdopen(file, "wb") : NULL;
        int reason = errno;
        if (writer.stream) undo_file(writer.aside, writer.stream);
        else if (file >= 0) close(file), unlink(writer.aside);
        release_signals(before);
        errno = reason;
    }
    if (!writer.stream) fail_path(path, "cannot be written: ");
    return writer;
}

/* The stream is closed already. */
static _Noreturn void fail_closed(FileWriter *writer, int reason) {
    if (writer->aside) pending_drop(writer->aside);
    errno = reason;
    fail_path(writer->path, "cannot be written: ");
}

static _Noreturn void fail_writing(FileWriter *writer) {
    int reason = errno;
    fclose(writer->stream);
    fail_closed(writer, reason);
}

void file_write(FileWriter *writer, const void *bytes, size_t size) {
    if (size && fwrite(bytes, 1, size, writer->stream) != size) fail_writing(writer);
}

/* A write that failed somewhere in the middle is remembered by the stream, and by nobody else: the last flush may go
 * well again. */
void file_commit(FileWriter *writer) {
    if (fflush(writer->stream) != 0) fail_writing(writer);
    if (ferror(writer->stream)) {
        errno = EIO;
        fail_writing(writer);
    }
    if (writer->aside && fsync(fileno(writer->stream)) != 0) fail_writing(writer);
    if (fclose(writer->stream) != 0) fail_closed(writer, errno);
    if (writer->aside) pending_commit(writer->aside, writer->path);
    memory_free(writer->path);
    memory_free(writer->aside);
    *writer = (FileWriter){0};
}

void file_save(const char *path, const char *bytes, size_t size) {
    FileWriter writer = file_create(path);
    file_write(&writer, bytes, size);
    file_commit(&writer);
}

static void make_one(const char *path) {
    if (mkdir(path, 0777) == 0) return;
    int reason = errno;
    if (folder_exists(path)) return;
    if (reason == EEXIST) fail(EXIT_ENVIRONMENT, "%s: is a file, not a folder", path);
    errno = reason;
    fail_path(path, "cannot be made: ");
}

void folder_make(const char *path) {
    char *part = text_copy(path, strlen(path));
    for (size_t i = 1; *path && part[i]; i++) {
        if (part[i] != '/') continue;
        part[i] = '\0';
        make_one(part);
        part[i] = '/';
    }
    make_one(part);
    char *probe = path_join(part, "probe"), *aside;
    sigset_t before = hold_signals();
    int file = open_aside(probe, &aside), reason = errno;
    bool full = file < 0 || write(file, "", 1) != 1; /* a full disk may still have room for a name */
    if (file >= 0) {
        reason = errno;
        close(file);
        unlink(aside);
    }
    release_signals(before);
    errno = reason;
    if (full) fail_path(path, "cannot be written to: ");
    memory_free(aside);
    memory_free(probe);
    memory_free(part);
}

char *path_join(const char *folder, const char *name) {
    size_t length = strlen(folder);
    return text_format("%s%s%s", folder, length && folder[length - 1] == '/' ? "" : "/", name);
}
