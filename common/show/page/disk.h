/* disk - the files that a page has: bytes in its memory, under names. base/files reads them as it reads a disk, through
 * open, read, stat, mmap and opendir, which are here. What stands before the last slash of a name is a folder. */
#ifndef SHOW_PAGE_DISK_H
#define SHOW_PAGE_DISK_H
#include <stdbool.h>
#include <stddef.h>

/* Room for a file of so many bytes, to be filled by the caller; it takes the place of one of that name. */
void *disk_put(const char *path, size_t size);

/* The same with bytes that are there: they are the disk's from now on. */
void disk_take(const char *path, void *bytes, size_t size);

bool disk_has(const char *path);

/* The file is gone, and its memory is free. Whatever mapped it must have let go. */
void disk_remove(const char *path);
#endif
