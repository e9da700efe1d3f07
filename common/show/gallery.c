#include "show/gallery.h"
#include "base/files.h"
#include "base/memory.h"
#include "show/label.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 10000 };

/* The names in a folder, sorted; owned. */
typedef struct {
    char **at;
    int n;
} Names;

static bool is_plain(const char *name) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return *name && *name != '.' && name[strspn(name, plain)] == '\0';
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static Names names_in(const char *folder) {
    Names names = {memory_new(MOST_NAMES, sizeof *names.at, "a folder's names"), 0};
    DIR *stream = opendir(folder);
    for (struct dirent *entry; stream && names.n < MOST_NAMES && (entry = readdir(stream)) != NULL;)
        if (is_plain(entry->d_name)) names.at[names.n++] = text_copy(entry->d_name, strlen(entry->d_name));
    if (stream) closedir(stream);
    qsort(names.at, (size_t)names.n, sizeof *names.at, by_name);
    return names;
}

static void names_free(Names *names) {
    for (int i = 0; i < names->n; i++) memory_free(names->at[i]);
    memory_free(names->at);
}

/* What follows `# key: ` at the start of a line, up to its end. */
static const char *header_value(const Bytes *script, const char *key, size_t *length) {
    char *mark = text_format("# %s: ", key);
    const char *line = script->data, *value = NULL;
    for (int i = 0; i < 2 && line && !value; i++) {
        if (strncmp(line, mark, strlen(mark)) == 0) value = line + strlen(mark);
        line = strchr(line, '\n');
        if (line) line++;
    }
    memory_free(mark);
    *length = value ? strcspn(value, "\n") : 0;
    return value;
}

/* The links to a figure's pictures, and its thumbnail: a PNG if there is one, else the SVG. */
static bool add_pictures(String *page, const char *root, const char *folder, const char *name) {
    static const char *const endings[] = {"png", "svg", "pdf"};
    const char *thumbnail = NULL;
    String links = {0};
    for (int i = 0; i < 3; i++) {
        char *path = text_format("%s/%s/%s.%s", root, folder, name, endings[i]);
        if (file_exists(path)) {
            if (!thumbnail) thumbnail = endings[i];
            string_add(&links, "<a href=\"%s/%s.%s\">%s</a> ", folder, name, endings[i], endings[i]);
        }
        memory_free(path);
    }
    if (!thumbnail) return false;
    string_add(page, "<tr><td class=\"picture\"><a href=\"%s/%s.%s\">", folder, name, thumbnail);
    if (strcmp(thumbnail, "pdf") == 0) {
        string_add(page, "%s.pdf", name);
    } else {
        string_add(page, "<img loading=\"lazy\" alt=\"%s\" src=\"%s/%s.%s\">", name, folder, name, thumbnail);
    }
    string_add(page, "</a></td>\n<td>");
    string_add(&links, "<a href=\"%s/%s.gp\">script</a>", folder, name);
    string_add(page, "<p class=\"files\">%s</p>", links.text);
    string_free(&links);
    return true;
}

static bool add_figure(String *page, const char *root, const char *folder, const char *name) {
    char *path = text_format("%s/%s/%s.gp", root, folder, name);
    Bytes script = file_read(path);
    size_t title_length, command_length;
    const char *title = header_value(&script, "title", &title_length);
    const char *command = header_value(&script, "command", &command_length);
    bool there = title && command && add_pictures(page, root, folder, name);
    if (there) {
        string_add(page, "<h3>");
        label_html(page, title, title_length);
        string_add(page, "</h3>");
        if (command_length > 0) {
            string_add(page, "<code>");
            label_html(page, command, command_length);
            string_add(page, "</code>");
        }
        string_add(page, "</td></tr>\n");
    }
    bytes_free(&script);
    memory_free(path);
    return there;
}

/* One program's figures; nothing when it has none. */
static int add_folder(String *page, const char *root, const char *folder) {
    char *path = path_join(root, folder);
    Names names = names_in(path);
    String rows = {0};
    int count = 0;
    for (int i = 0; i < names.n; i++) {
        char *dot = strrchr(names.at[i], '.'), *script = path_join(path, names.at[i]);
        if (dot && strcmp(dot, ".gp") == 0 && file_exists(script)) {
            *dot = '\0';
            count += add_figure(&rows, root, folder, names.at[i]);
        }
        memory_free(script);
    }
    if (count > 0) {
        string_add(page, "<h2>%s</h2>\n<table>\n", folder);
        string_add_bytes(page, rows.text, rows.length);
        string_add(page, "</table>\n");
    }
    string_free(&rows);
    names_free(&names);
    memory_free(path);
    return count;
}

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Headlight: "
    "gallery</title>\n<style>\n"
    ":root { color-scheme: light dark; --line: #c8ccd0; --soft: #5c666f; --back: #f3f5f7; }\n"
    "@media (prefers-color-scheme: dark) { :root { --line: #3a4148; --soft: #a3adb6; --back: #23282d; } }\n"
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "td { border-top: 1px solid var(--line); padding: 1rem 1rem 1rem 0; vertical-align: top; }\n"
    ".picture { width: 26rem; } .picture img { display: block; width: 25rem; height: auto; max-height: 30rem; }\n"
    ".picture img { object-fit: contain; object-position: left top; }\n"
    "h3 { margin: 0 0 .5rem; } .files { float: right; margin: 0 0 0 1rem; } .files, .note { color: var(--soft); }\n"
    "code { display: block; background: var(--back); padding: .6rem .8rem; overflow-wrap: anywhere; user-select: all; "
    "}\n"
    "@media (max-width: 48rem) { td { display: block; } .picture, .picture img { width: 100%; } }\n"
    "</style></head>\n<body>\n<h1>Gallery</h1>\n"
    "<p class=\"note\">Every picture here was drawn by the command beside it. Click the command to select it.</p>\n";

int gallery_write(const char *root) {
    Names folders = names_in(root);
    String page = {0};
    int count = 0;
    string_add_bytes(&page, HEAD, sizeof HEAD - 1);
    for (int i = 0; i < folders.n; i++) count += add_folder(&page, root, folders.at[i]);
    if (count == 0) string_add(&page, "<p>Nothing has been drawn yet.</p>\n");
    string_add(&page, "</body></html>\n");
    char *path = path_join(root, "index.html");
    FileWriter writer = file_create(path);
    file_write(&writer, page.text, page.length);
    file_commit(&writer);
    memory_free(path);
    string_free(&page);
    names_free(&folders);
    return count;
}

void gallery_refresh(const char *folder) {
    char *root = text_copy(folder, strlen(folder));
    size_t end = strlen(root);
    while (end > 1 && root[end - 1] == '/') root[--end] = '\0';
    char *slash = strrchr(root, '/');
    if (slash && slash > root) {
        *slash = '\0';
        char *before = strrchr(root, '/');
        if (strcmp(before ? before + 1 : root, "out") == 0) gallery_write(root);
    }
    memory_free(root);
}
