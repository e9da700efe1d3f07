#include "weights/prefix.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

const Tensor *prefix_find(const Safetensors *file, const char *prefix, const char *name) {
    char full[256];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const Tensor *tensor = safetensors_find(file, full);
    return tensor ? tensor : safetensors_find(file, name);
}

/* The first tensor of the file whose name ends in this one; *length: what stands before it. */
static const char *ends_in(const Safetensors *file, const char *name, int *length) {
    size_t end = strlen(name);
    for (int i = 0; i < file->count; i++) {
        const char *full = file->tensors[i].name;
        size_t all = strlen(full);
        if (all <= end || strcmp(full + all - end, name) != 0) continue;
        *length = (int)(all - end);
        return full;
    }
    return NULL;
}

static const char PLAIN_LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

/* A file that has them is of the family; it only says so in other words. The recipe writes to another name first:
 * load_file maps the file that it reads, which save_file would empty under it. */
void prefix_refuse(const Safetensors *file, const char *path, const char *prefix, const char *name) {
    int length, own = (int)strlen(prefix);
    const char *full = ends_in(file, name, &length);
    if (!full || length >= 200) return;
    if (length > own && strncmp(full + length - own, prefix, (size_t)own) == 0) length -= own;
    if (strspn(full, PLAIN_LETTERS) != strlen(full)) /* no stranger's quotes in a line that people copy */
        fail(EXIT_DATA,
             "%s: its names begin with `%.*s`, which has to go (expected `%s` at most). Try: the names without it",
             path, length, full, prefix);
    fail(EXIT_DATA,
         "%s: its names begin with `%.*s`, which has to go (expected `%s` at most). Try: rename them once, in this "
         "folder: python3 -c \"import os; from safetensors.torch import load_file, save_file; "
         "save_file({k.removeprefix('%.*s'): v for k, v in load_file('model.safetensors').items()}, "
         "'new.safetensors'); os.replace('new.safetensors', 'model.safetensors')\"",
         path, length, full, prefix, length, full);
}

void prefix_warn_of_both(const Safetensors *file, const char *path, const char *prefix, const char *name) {
    char full[256];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    if (safetensors_find(file, full) && safetensors_find(file, name))
        warn("%s: %s is there with %s in front and without: those that have it count", path, name, prefix);
}

void prefix_warn_of_lost(const Safetensors *file, const char *path, const char *what, const char *name) {
    int length;
    const char *full = ends_in(file, name, &length);
    if (full) warn("%s: %s is not read: its names begin otherwise (%.120s)", path, what, full);
}
