#include "base/files.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What must be undone when the process ends early. A signal handler reads these two tables, so they are plain arrays of
 * fixed size, and an entry is published by one pointer store. */
enum { TABLE = 16 };
static char *volatile pending[TABLE]; /* names of files being written aside; malloc'ed, not watched memory */
static struct {
    const unsigned char *volatile data;
    size_t size;
    char name[256];
    bool watched;
} maps[TABLE];
static bool watching, handlers_set;

void files_remove_pending(void) {
    for (int i = 0; i < TABLE; i++)
        if (pending[i]) unlink(pending[i]);
}

static void on_interrupt(int number) {
    files_remove_pending();
    _exit(128 + number);
}

static void write_all(const char *text) {
    if (write(STDERR_FILENO, text, strlen(text)) < 0) _exit(EXIT_ENVIRONMENT);
}

/* A mapped page that the file no longer has raises SIGBUS. Only async-signal-safe calls here. */
static void on_bus_error(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    const unsigned char *at = info->si_addr;
    for (int i = 0; i < TABLE; i++) {
        const unsigned char *data = maps[i].data;
        if (data && at >= data && at < data + maps[i].size) {
            write_all("headlight: error: ");
            write_all(maps[i].name);
            write_all(": the file became shorter while it was being read. Try: run again once its download is done\n");
            files_remove_pending();
            _exit(EXIT_ENVIRONMENT);
        }
    }
    signal(SIGBUS, SIG_DFL); /* not ours: let it end the process as it would have */
}

static void set_handlers(void) {
    if (handlers_set) return;
    handlers_set = true;
    struct sigaction bus = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    struct sigaction stop = {.sa_handler = on_interrupt};
    sigaction(SIGBUS, &bus, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGHUP, &stop, NULL);
}

static _Noreturn void fail_path(const char *path, const char *doing) {
    int reason = errno;
    fail(EXIT_ENVIRONMENT, "%s: %s%s", path, doing, strerror(reason));
}

/* ---- reading ---- */

Bytes stream_read(FILE *stream, const char *name) {
    Bytes bytes = {memory_new(1, 1, name), 0};
    size_t room = 1;
    for (;;) {
        if (room - bytes.size < 2) {
            room = room < 4096 ? 4096 : room * 2;
            bytes.data = memory_grow(bytes.data, room, 1, name);
        }
        size_t got = fread(bytes.data + bytes.size, 1, room - bytes.size - 1, stream);
        bytes.size += got;
        if (got == 0) break;
    }
    if (ferror(stream)) fail_path(name, "cannot be read: ");
    bytes.data[bytes.size] = '\0';
    return bytes;
}

/* Opens for reading; folders open too on Linux, so they are refused here by name. */
static int open_to_read(const char *path, struct stat *status) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) fail_path(path, "");
    if (fstat(file, status) != 0 || S_ISDIR(status->st_mode)) {
        if (S_ISDIR(status->st_mode)) errno = EISDIR;
        int reason = errno;
        close(file);
        errno = reason;
        fail_path(path, "");
    }
    return file;
}

Bytes file_read(const char *path) {
    struct stat status;
    int file = open_to_read(path, &status);
    if (!S_ISREG(status.st_mode)) { /* a pipe: <(command) */
        FILE *stream = fdopen(file, "rb");
        if (!stream) fail_path(path, "");
        Bytes bytes = stream_read(stream, path);
        fclose(stream);
        return bytes;
    }
    size_t size = (size_t)status.st_size, done = 0;
    Bytes bytes = {memory_new(size + 1, 1, path), size};
    while (done < size) {
        ssize_t got = read(file, bytes.data + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_path(path, "cannot be read: ");
        if (got == 0) break; /* it shrank since fstat: what is there is what we read */
        done += (size_t)got;
    }
    close(file);
    bytes.size = done;
    return bytes;
}

void bytes_free(Bytes *bytes) {
    memory_free(bytes->data);
    *bytes = (Bytes){0};
}

bool file_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, R_OK) == 0;
}

bool folder_exists(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

FileMap file_map(const char *path) {
    struct stat status;
    int file = open_to_read(path, &status);
    FileMap map = {NULL, S_ISREG(status.st_mode) ? (size_t)status.st_size : 0, NULL};
    if (!S_ISREG(status.st_mode)) {
        close(file);
        fail(EXIT_ENVIRONMENT, "%s: not a regular file, so it cannot be mapped", path);
    }
    if (map.size > 0) {
        void *data = mmap(NULL, map.size, PROT_READ, MAP_PRIVATE, file, 0);
        int reason = errno;
        close(file);
        errno = reason;
        if (data == MAP_FAILED) fail_path(path, "cannot be mapped: ");
        map.data = data;
    } else {
        close(file);
    }
    map.path = text_copy(path, strlen(path));
    set_handlers();
    for (int i = 0; map.size > 0 && i < TABLE; i++) {
        if (maps[i].data) continue;
        snprintf(maps[i].name, sizeof maps[i].name, "%s", path);
        maps[i].size = map.size;
        maps[i].watched = watching;
        maps[i].data = map.data;
        break;
    }
    return map;
}

void file_unmap(FileMap *map) {
    for (int i = 0; i < TABLE; i++)
        if (map->data && maps[i].data == map->data) maps[i].data = NULL;
    if (map->data) munmap((void *)(size_t)map->data, map->size);
    memory_free(map->path);
    *map = (FileMap){0};
}

/* ---- writing ---- */

static void remember(const char *aside) {
    set_handlers();
    for (int i = 0; i < TABLE; i++) {
        if (pending[i]) continue;
        pending[i] = strdup(aside);
        return;
    }
}

static void forget(const char *aside) {
    for (int i = 0; i < TABLE; i++) {
        if (!pending[i] || strcmp(pending[i], aside) != 0) continue;
        char *name = pending[i];
        pending[i] = NULL;
        free(name);
        return;
    }
}

char *pending_new(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (!dot || dot == name) dot = name + strlen(name);
    char *aside = text_format("%.*s.%.*s.%ld%s", (int)(name - path), path, (int)(dot - name), name,
                              (long)getpid(), dot);
    remember(aside);
    return aside;
}

void pending_drop(const char *aside) {
    unlink(aside);
    forget(aside);
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
    forget(aside);
    sync_folder(path);
}

FileWriter file_create(const char *path) {
    struct stat status;
    bool direct = stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
    FileWriter writer = {NULL, text_copy(path, strlen(path)), direct ? NULL : pending_new(path)};
    writer.stream = fopen(direct ? path : writer.aside, "wb");
    if (!writer.stream) fail_path(path, "cannot be written: ");
    return writer;
}

static _Noreturn void fail_writing(FileWriter *writer) {
    int reason = errno;
    fclose(writer->stream);
    if (writer->aside) pending_drop(writer->aside);
    errno = reason;
    fail_path(writer->path, "cannot be written: ");
}

void file_write(FileWriter *writer, const void *bytes, size_t size) {
    if (size && fwrite(bytes, 1, size, writer->stream) != size) fail_writing(writer);
}

void file_commit(FileWriter *writer) {
    if (fflush(writer->stream) != 0) fail_writing(writer);
    if (writer->aside && fsync(fileno(writer->stream)) != 0) fail_writing(writer);
    if (fclose(writer->stream) != 0) {
        int reason = errno;
        if (writer->aside) pending_drop(writer->aside);
        errno = reason;
        fail_path(writer->path, "cannot be written: ");
    }
    if (writer->aside) pending_commit(writer->aside, writer->path);
    memory_free(writer->path);
    memory_free(writer->aside);
    *writer = (FileWriter){0};
}

void folder_make(const char *path) {
    char *part = text_copy(path, strlen(path));
    for (char *slash = part + 1; *slash; slash++) {
        if (*slash != '/') continue;
        *slash = '\0';
        mkdir(part, 0777); /* the last one decides */
        *slash = '/';
    }
    if (mkdir(part, 0777) != 0 && errno != EEXIST) fail_path(path, "cannot be made: ");
    memory_free(part);
    if (!folder_exists(path)) {
        errno = ENOTDIR;
        fail_path(path, "");
    }
    char *probe = text_format("%s/.probe.%ld", path, (long)getpid());
    int file = open(probe, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) fail_path(path, "cannot be written to: ");
    close(file);
    unlink(probe);
    memory_free(probe);
}

char *path_join(const char *folder, const char *name) {
    size_t length = strlen(folder);
    return text_format("%s%s%s", folder, length && folder[length - 1] == '/' ? "" : "/", name);
}

void files_watch_begin(void) {
    watching = true;
}

void files_watch_end(bool release) {
    watching = false;
    for (int i = 0; i < TABLE; i++) {
        if (release && maps[i].data && maps[i].watched) {
            munmap((void *)(size_t)maps[i].data, maps[i].size);
            maps[i].data = NULL;
        }
        maps[i].watched = false;
    }
    if (release) {
        files_remove_pending();
        for (int i = 0; i < TABLE; i++)
            if (pending[i]) forget(pending[i]);
    }
}
