#include "show/parts.h"
#include "base/error.h"
#include "base/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

FigurePart part_new(const char *folder, const char *name) {
    FigurePart part = {path_join(folder, name), NULL};
    part.aside = pending_new(part.path);
    return part;
}

void part_write(const FigurePart *part, const char *text) {
    FILE *stream = fopen(part->aside, "wb");
    bool written = stream && fputs(text, stream) >= 0;
    bool closed = stream && fclose(stream) == 0;
    if (written && closed) return;
    int reason = errno;
    pending_drop(part->aside);
    fail(EXIT_ENVIRONMENT, "%s: cannot be written: %s", part->path, strerror(reason));
}

void part_end(FigurePart *part, bool keep) {
    if (keep) {
        pending_commit(part->aside, part->path);
    } else {
        pending_drop(part->aside);
    }
    memory_free(part->path);
    memory_free(part->aside);
    *part = (FigurePart){0};
}

const char *part_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *part_in_script(char *text, const FigurePart *part) {
    char *name = text_format("'%s'", part_name(part->path)), *aside = text_format("'%s'", part_name(part->aside));
    char *out = text_replaced(text, name, aside);
    memory_free(name), memory_free(aside), memory_free(text);
    return out;
}
