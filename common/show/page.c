#include "show/page.h"
#include "base/error.h"
#include "show/page_files.h"
#include "show/squeeze.h"
#include "text/unicode_table.h"

#include <assert.h>
#include <string.h>

static const PageFile *file_named(const char *name, size_t length) {
    const PageFile *file = PAGE_FILES;
    while (file->name && (strlen(file->name) != length || memcmp(file->name, name, length) != 0)) file++;
    assert(file->name); /* the page's own modules import nothing that is not there: tests/unit/test_page */
    return file;
}

static const PageFile *file_of(const char *name) {
    return file_named(name, strlen(name));
}

bool page_has_engine(void) {
    return file_of("engine.wasm.gz")->size > 0;
}

/* ---- modules become one ---- */

enum { MOST_MODULES = 64 };

typedef struct {
    const PageFile *done[MOST_MODULES]; /* whose text is in `out`, or on its way there */
    int count;
    String out;
} Script;

static bool begins(const char *line, const char *end, const char *word) {
    size_t length = strlen(word);
    return (size_t)(end - line) >= length && memcmp(line, word, length) == 0;
}

static const char *line_end(const char *at) {
    const char *end = strchr(at, '\n');
    return end ? end : at + strlen(at);
}

/* The file that an import line names: import { a, b } from "./file.js"; */
static const PageFile *imported(const char *line, const char *end) {
    const char *name = strstr(line, "\"./");
    assert(name && name < end);
    name += 3;
    return file_named(name, strcspn(name, "\""));
}

static void add_module(Script *script, const PageFile *file) {
    for (int i = 0; i < script->count; i++)
        if (script->done[i] == file) return;
    assert(script->count < MOST_MODULES);
    script->done[script->count++] = file;
    for (const char *at = file->bytes; *at;) { /* what it needs stands before it */
        const char *end = line_end(at);
        if (begins(at, end, "import ")) add_module(script, imported(at, end));
        at = *end ? end + 1 : end;
    }
    String text = {0};
    for (const char *at = file->bytes; *at;) {
        const char *end = line_end(at), *from = begins(at, end, "export ") ? at + strlen("export ") : at;
        if (!begins(at, end, "import ")) string_add(&text, "%.*s\n", (int)(end - from), from);
        at = *end ? end + 1 : end;
    }
    squeeze_script(&script->out, text.text);
    string_free(&text);
}

static String script_of(const char *module) {
    Script script = {0};
    add_module(&script, file_of(module));
    return script.out;
}

String page_script(void) {
    return script_of("main.js");
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
    const PageFile *library = file_of("engine.wasm.gz"), *living = file_of("living.wasm.gz");
    String worker = script_of("worker.js"), unicode = unicode_table();
    add_data(out, "library", "application/gzip", library->bytes, library->size);
    add_data(out, "living", "application/gzip", living->bytes, living->size);
    add_data(out, "unicode", "text/plain", unicode.text, unicode.length);
    add_data(out, "worker", "text/plain", worker.text, worker.length);
    string_free(&worker), string_free(&unicode);
    for (int i = 0; i < count; i++)
        add_data(out, blocks[i].id, blocks[i].is_model ? "application/x-model" : "application/octet-stream",
                 blocks[i].bytes.data, blocks[i].bytes.size);
}

static bool is(const char *mark, size_t length, const char *word) {
    return strlen(word) == length && memcmp(mark, word, length) == 0;
}

/* What stands at <!--MARK--> of page.html, but the data. */
static void fill(String *out, const char *mark, size_t length, const char *title) {
    if (is(mark, length, "title")) {
        html_add(out, title);
    } else if (is(mark, length, "style")) {
        squeeze_style(out, file_of("colours.css")->bytes);
        squeeze_style(out, file_of("page.css")->bytes);
    } else if (is(mark, length, "words")) {
        const char *words = file_of("words.json")->bytes;
        assert(!strchr(words, '<')); /* which could end the script that holds them */
        string_add(out, "%s", words);
    } else {
        assert(is(mark, length, "script"));
        String script = page_script();
        string_add_bytes(out, script.text, script.length);
        string_free(&script);
    }
}

void page_write(const char *path, const char *title, const PageBlock *blocks, int count, const char *figures) {
    String out = {0};
    const char *at = file_of("page.html")->bytes, *mark;
    while ((mark = strstr(at, "<!--")) != NULL) {
        const char *name = mark + 4, *end = strstr(name, "-->");
        assert(end);
        string_add_bytes(&out, at, (size_t)(mark - at));
        if (is(name, (size_t)(end - name), "data")) add_all(&out, blocks, count);
        else if (is(name, (size_t)(end - name), "figures")) string_add(&out, "%s", figures ? figures : "");
        else fill(&out, name, (size_t)(end - name), title);
        at = end + 3;
    }
    string_add_bytes(&out, at, strlen(at));
    file_save(path, out.text, out.length);
    string_free(&out);
}
