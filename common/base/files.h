/* files - reading whole files, mapping weight files, and writing so that a file is either the old one or the new one.
 *
 * Every failure here is the environment's: exit 3, with the path and what the system said. */
#ifndef BASE_FILES_H
#define BASE_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
    char *data; /* owned; data[size] is 0, so that text can be read as a C string */
    size_t size;
} Bytes;

/* The whole file, or all of a stream that nothing was read from yet (`name` is for messages). Free with bytes_free. */
Bytes file_read(const char *path);
Bytes stream_read(FILE *stream, const char *name);
void bytes_free(Bytes *bytes);
Bytes bytes_copy(Bytes bytes); /* of nothing: nothing. You free it */

/* How many bytes the byte-order mark takes that a text begins with (Windows editors write one): 3, with a note that
 * `name` has it and that it is skipped (NULL: without a note), or 0. */
size_t bytes_mark(const char *name, const char *bytes, size_t size);

/* Where one is in a text file: lines end in "\n" or "\r\n", the last one may lack it. */
typedef struct {
    const char *path, *at, *end;
    int line; /* of the line just taken */
} LineReader;
LineReader line_reader(const char *path, const char *bytes, size_t size); /* skips a byte-order mark, with a note */
bool line_next(LineReader *reader, const char **text, size_t *length);

bool file_exists(const char *path); /* a regular file that can be opened for reading */
bool folder_exists(const char *path);
bool folder_has(const char *folder, const char *name); /* such a file */

/* A file's bytes, read-only, brought in by the system page by page as they are touched: opening 440 MB costs
 * nothing, and a sentence reads only the embedding rows of its own tokens. A file that shrinks while it is mapped
 * ends the program with one line and exit 3. An empty file maps to size 0. Free with file_unmap. */
typedef struct {
    const unsigned char *data;
    size_t size;
    char *path; /* owned */
} FileMap;
FileMap file_map(const char *path);
void file_unmap(FileMap *map);

/* Writing aside: bytes go to a file beside `path`, and file_commit makes it `path` in one step (flush, fsync,
 * rename, fsync of the folder). Until then the old file is untouched; when anything fails, or on Ctrl-C, the new one
 * is gone. A `path` that exists and is no regular file (/dev/null), or that is our standard output (/dev/stdout), is
 * written directly; a symbolic link is replaced by the file; the permissions of an old file stay. */
typedef struct {
    FILE *stream;
    char *path, *aside; /* owned; aside is NULL when writing directly */
} FileWriter;
FileWriter file_create(const char *path);
void file_write(FileWriter *writer, const void *bytes, size_t size);
void file_commit(FileWriter *writer);

/* `path` for an option that names a file or, as "-", standard output. */
static inline const char *file_or_output(const char *path) {
    return path[0] == '-' && !path[1] ? "/dev/stdout" : path;
}

void file_save(const char *path, const char *bytes, size_t size); /* all three for a text that is there */

/* A picture made by another program: pending_new gives a name beside `path` for it to write, pending_commit renames it
 * to `path`, pending_drop deletes it. The same promise as above. The name keeps path's ending. You free the name. */
char *pending_new(const char *path);
void pending_commit(const char *aside, const char *path);
void pending_drop(const char *aside);

/* A file that somebody needs for a moment, under a name of its own: gone with pending_drop, on fail() and on Ctrl-C. So
 * is a folder that pending_new has named, when its files went first. At most a dozen at a time. */
void pending_passing(const char *path);

/* Makes the folder and its parents if they are missing, and proves that it can be written to, before long work
 * starts. */
void folder_make(const char *path);

/* Proves the same, and takes away again what it had to make: for work that may be interrupted before it has anything to
 * keep. */
void folder_try(const char *path);

/* Fails with EXIT_ENVIRONMENT, and what to try, unless it is a folder: the one that --model names. So does one
 * with the model in a folder inside it. */
void folder_of_model(const char *folder);

/* Are both the same file on the disk? /dev/null and pipes may be named twice. */
bool file_is_same(const char *a, const char *b);

/* Is it one of the files that make `folder` a model's? (Whoever keeps an answer beside them may write it again.) */
bool file_is_of_model(const char *path, const char *folder);

char *path_join(const char *folder, const char *name); /* you free it */
#endif
