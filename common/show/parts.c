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

void part_write(const FigurePart *part, const String *text) {
    FILE *stream = fopen(part->aside, "wb");
    bool written = stream && fwrite(text->text, 1, text->length, stream) == text->length;
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

String part_in_script(String text, const FigurePart *part) {
    char *name = text_format("'%s'", part_name(part->path));
    String out = {0};
    const char *at = text.text, *next;
    while ((next = strstr(at, name)) != NULL) {
        string_add_bytes(&out, at, (size_t)(next - at));
        string_add(&out, "'%s'", part_name(part->aside));
        at = next + strlen(name);
    }
    string_add_bytes(&out, at, strlen(at));
    memory_free(name);
    string_free(&text);
    return out;
}
