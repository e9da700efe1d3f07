/* undo - what must be put right when the process ends before its work is done: files half written are removed, and a
 * mapped file that shrinks ends in one clear line instead of a crash. For base/files and tests/catch.h only. */
#ifndef BASE_UNDO_H
#define BASE_UNDO_H
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* `aside`, a file or by then an empty folder, is being written, through `stream` or (NULL) in another way: it is
 * removed on fail(), on Ctrl-C and when the process is told to stop, until undo_file_done. */
void undo_file(const char *aside, FILE *stream);
void undo_file_done(const char *aside);

/* Touching a page of [data, data + size) that the file no longer has ends the program with exit 3, until
 * undo_map_done. */
void undo_map(const char *path, const unsigned char *data, size_t size);
void undo_map_done(const unsigned char *data);

/* The descriptor that is open for reading right now; -1: none. There is never a second one. */
void undo_reading(int file);

/* For error_catch: end(true) closes, unmaps and removes what was registered since begin; end(false) keeps it. */
void undo_watch_begin(void);
void undo_watch_end(bool release);
#endif
