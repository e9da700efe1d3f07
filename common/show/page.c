#include "show/page.h"
#include "base/error.h"
#include "show/page_files.h"
#include "text/unicode_table.h"

#include <assert.h>
#include <string.h>

static bool is(const char *word, size_t length, const char *name) {
    return strlen(name) == length && memcmp(word, name, length) == 0;
}

static const PageFile *file_named(const char *name, size_t length) {
    const PageFile *file = PAGE_FILES;
    while (file->name && !is(name, length, file->name)) file++;
    assert(file->name); /* the Makefile lists them */
    return file;
}

static const PageFile *file_of(const char *name) {
    return file_named(name, strlen(name));
}

bool page_has_engine(void) {
    return file_of("engine.wasm.gz")->size > 0;
}

/* ---- bytes and texts in HTML ---- */

void base64_add(String *out, const void *bytes, size_t size) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { GROUPS = 1024 };
    char text[4 * GROUPS];
    size_t length = 0;
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i += 3) {
        unsigned second = i + 1 < size ? at[i + 1] : 0, third = i + 2 < size ? at[i + 2] : 0;
        unsigned group = (unsigned)at[i] << 16 | second << 8 | third;
        text[length++] = letters[group >> 18];
        text[length++] = letters[group >> 12 & 63];
        text[length++] = i + 1 < size ? letters[group >> 6 & 63] : '=';
        text[length++] = i + 2 < size ? letters[group & 63] : '=';
        if (length == sizeof text) string_add_bytes(out, text, length), length = 0;
    }
    string_add_bytes(out, text, length);
}

void html_add(String *out, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '<': string_add(out, "&lt;"); break;
        case '>': string_add(out, "&gt;"); break;
        case '&': string_add(out, "&amp;"); break;
        case '"': string_add(out, "&quot;"); break;
        default: string_add_bytes(out, text, 1);
        }
    }
}

/* ---- the page ---- */

static void add_data(String *out, const char *id, const char *type, const void *bytes, size_t size) {
    string_add(out, "<script type=\"%s\" id=\"%s\">", type, id);
    base64_add(out, bytes, size);
    string_add(out, "</script>\n");
}

static void add_all(String *out, const PageBlock *blocks, int count) {
    const PageFile *library = file_of("engine.wasm.gz"), *living = file_of("living.wasm.gz"),
                   *worker = file_of("worker.js");
    String unicode = unicode_table();
    add_data(out, "library", "application/gzip", library->bytes, library->size);
    add_data(out, "living", "application/gzip", living->bytes, living->size);
    add_data(out, "unicode", "text/plain", unicode.text, unicode.length);
    add_data(out, "worker", "text/plain", worker->bytes, worker->size);
    string_free(&unicode);
    for (int i = 0; i < count; i++)
        add_data(out, blocks[i].id, blocks[i].is_model ? "application/x-model" : "application/octet-stream",
                 blocks[i].bytes.data, blocks[i].bytes.size);
}

void page_write(const char *path, const char *title, const PageBlock *blocks, int count, const char *figures) {
    String out = {0};
    const char *at = file_of("page.html")->bytes, *mark;
    while ((mark = strstr(at, "<!--")) != NULL) {
        const char *name = mark + 4, *end = strstr(name, "-->");
        assert(end);
        string_add_bytes(&out, at, (size_t)(mark - at));
        size_t length = (size_t)(end - name);
        if (is(name, length, "title")) html_add(&out, title);
        else if (is(name, length, "figures")) string_add(&out, "%s", figures ? figures : "");
        else if (is(name, length, "data")) add_all(&out, blocks, count);
        else string_add(&out, "%s", file_named(name, length)->bytes);
        at = end + 3;
    }
    string_add_bytes(&out, at, strlen(at));
    file_save(path, out.text, out.length);
    string_free(&out);
}
