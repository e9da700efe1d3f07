/* parts - the files of one figure, written aside under other names and put in their places together at the end. */
#ifndef SHOW_PARTS_H
#define SHOW_PARTS_H
#include "base/memory.h"
#include <stdbool.h>

typedef struct {
    char *path, *aside; /* where it will be, and where it is until then; both in the same folder; owned */
} FigurePart;

/* folder/name, not written yet; the aside file is removed on Ctrl-C and by fail(). End it with part_end. */
FigurePart part_new(const char *folder, const char *name);

/* Writes the text aside. EXIT_ENVIRONMENT when that fails (a full disk), and nothing is left. */
void part_write(const FigurePart *part, const char *text);

/* keep: aside becomes the file, in one step. Otherwise aside is removed and an older file stays. Frees the names. */
void part_end(FigurePart *part, bool keep);

/* The name without its folder, borrowed from the path. */
const char *part_name(const char *path);

/* The script `text` (taken and freed) with every 'name' in single quotes, which no label has, as the part's name
 * aside. */
char *part_in_script(char *text, const FigurePart *part);
#endif
