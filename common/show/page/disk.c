#include "show/page/disk.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/undo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 32 };

static struct {
    char *path; /* owned; NULL: free */
    unsigned char *bytes;
    size_t size, read; /* read: how far the one reader is */
} file[MOST_FILES];

static int place_of(const char *path) {
    int at = 0;
    while (at < MOST_FILES && !(file[at].path && path && strcmp(file[at].path, path) == 0)) at++;
    return at < MOST_FILES ? at : -1;
}

static bool lies_in(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && path[length] == '/' && !strchr(path + length + 1, '/');
}

static bool is_folder(const char *path) {
    for (int at = 0; at < MOST_FILES; at++)
        if (file[at].path && lies_in(file[at].path, path)) return true;
    return false;
}

void disk_remove(const char *path) {
    int at = place_of(path);
    if (at < 0) return;
    memory_free(file[at].path), memory_free(file[at].bytes);
    memset(&file[at], 0, sizeof file[at]);
}

bool disk_has(const char *path) {
    return place_of(path) >= 0;
}

void disk_take(const char *path, void *bytes, size_t size) {
    disk_remove(path);
    int at = 0;
    while (at < MOST_FILES && file[at].path) at++;
    if (at == MOST_FILES) fail(EXIT_ENVIRONMENT, "%s: more than %d files", path, MOST_FILES);
    file[at].path = text_copy(path, strlen(path));
    file[at].bytes = bytes, file[at].size = size;
}

void *disk_put(const char *path, size_t size) {
    disk_remove(path); /* its memory may be what makes room */
    void *bytes = memory_new(size ? size : 1, 1, path);
    disk_take(path, bytes, size);
    return bytes;
}

/* ---- what base/files calls ---- */

int open(const char *path, int flags, ...) {
    (void)flags;
    int at = place_of(path);
    if (at < 0) errno = is_folder(path) ? EISDIR : ENOENT;
    else file[at].read = 0;
    return at;
}

ssize_t read(int at, void *out, size_t most) {
    size_t left = file[at].size - file[at].read, taken = left < most ? left : most;
    memcpy(out, file[at].bytes + file[at].read, taken);
    file[at].read += taken;
    return (ssize_t)taken;
}

int close(int at) {
    (void)at;
    return 0;
}

int fstat(int at, struct stat *status) {
    *status = (struct stat){.st_mode = S_IFREG, .st_size = (off_t)file[at].size};
    return 0;
}

int stat(const char *path, struct stat *status) {
    int at = place_of(path);
    if (at >= 0) return fstat(at, status);
    *status = (struct stat){.st_mode = S_IFDIR};
    if (is_folder(path)) return 0;
    errno = ENOENT;
    return -1;
}

int access(const char *path, int how) {
    struct stat status;
    (void)how;
    return stat(path, &status);
}

void *mmap(void *wish, size_t size, int protection, int flags, int at, off_t offset) {
    (void)wish, (void)size, (void)protection, (void)flags, (void)offset;
    return file[at].bytes;
}

int munmap(void *bytes, size_t size) {
    (void)bytes, (void)size; /* they are the file's */
    return 0;
}

/* Nothing is written: whoever tries is told. */
static int refuse(void) {
    errno = EROFS;
    return -1;
}

int unlink(const char *path) {
    (void)path;
    return refuse();
}

int rmdir(const char *path) {
    (void)path;
    return refuse();
}

int rename(const char *from, const char *to) {
    (void)from, (void)to;
    return refuse();
}

int mkdir(const char *path, mode_t mode) {
    (void)path, (void)mode;
    return refuse();
}

FILE *fopen(const char *path, const char *how) {
    (void)path, (void)how;
    refuse();
    return NULL;
}

/* The folder's files, one after the other. */
typedef struct {
    const char *folder;
    int at;
    struct dirent *entry; /* owned */
} Listing;

DIR *opendir(const char *path) {
    if (!is_folder(path)) return NULL;
    Listing *l = memory_new(1, sizeof *l, "a list of files");
    l->folder = path;
    return (DIR *)(void *)l;
}

struct dirent *readdir(DIR *list) {
    Listing *l = (Listing *)(void *)list;
    memory_free(l->entry);
    l->entry = NULL;
    while (l->at < MOST_FILES && !(file[l->at].path && lies_in(file[l->at].path, l->folder))) l->at++;
    if (l->at == MOST_FILES) return NULL;
    const char *name = file[l->at++].path + strlen(l->folder) + 1;
    l->entry = memory_new(1, sizeof *l->entry + strlen(name) + 1, "a list of files");
    memcpy(l->entry->d_name, name, strlen(name) + 1);
    return l->entry;
}

int closedir(DIR *list) {
    memory_free(((Listing *)(void *)list)->entry);
    memory_free(list);
    return 0;
}

/* ---- base/undo: nothing is written, and no map shrinks ---- */

void undo_file(const char *aside, FILE *stream) {
    (void)aside, (void)stream;
}

void undo_file_done(const char *aside) {
    (void)aside;
}

void undo_map(const char *path, const unsigned char *data, size_t size) {
    (void)path, (void)data, (void)size;
}

void undo_map_done(const unsigned char *data) {
    (void)data;
}

void undo_reading(int at) {
    (void)at;
}
