/* Folders of a tokenizer's files, written for a test, and the ids that come of a text there. */
#ifndef TESTS_TOKENIZER_FOLDER_H
#define TESTS_TOKENIZER_FOLDER_H
#include "expect.h"
#include "text/tokenizer.h"

/* A new folder in the test's. You free its name. */
static inline char *new_folder(void) {
    static int number;
    char *folder = text_format("%s/model%d", test_folder, number++);
    folder_make(folder);
    return folder;
}

static inline void write_into(const char *folder, const char *name, const char *text) { /* NULL: no such file */
    char *path = path_join(folder, name);
    if (text) write_test_text(path, text);
    memory_free(path);
}

/* The text with its first `from` as `to`: it must be there. You free it, and the next one. */
static inline char *text_with(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    if (!at) wrong("the text has no %s", from);
    return text_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static inline char *file_with(const char *path, const char *from, const char *to) {
    Bytes file = file_read(path);
    char *text = text_with(file.data, from, to);
    bytes_free(&file);
    return text;
}

/* What is done in a child process or under error_catch. */
typedef struct {
    const char *folder, *text;
} Load;

static inline void print_ids(void *context) {
    const Load *load = context;
    Tokenizer *t = tokenizer_open(load->folder);
    Encoding e = tokenizer_encode(t, load->text, strlen(load->text), NULL, 0);
    for (int i = 0; i < e.n; i++) printf(i ? " %d" : "%d", e.ids[i]);
    encoding_free(&e);
    tokenizer_free(t);
}

/* The ids of the text as printed ("": the folder is refused), and a part of what stderr says (NULL: not a word). */
static inline void expect_printed(const char *folder, const char *text, const char *ids, const char *err) {
    Child child = run_child(print_ids, &(Load){folder, text}, NULL);
    if ((child.code == 0) != (*ids != '\0') || strcmp(child.out, ids) != 0)
        wrong("%s, %s: got %s (expected %s) %s", folder, text, child.out, ids, child.err);
    if (err ? !strstr(child.err, err) : *child.err)
        wrong("%s, %s: \"%s\" does not say \"%s\"", folder, text, child.err, err ? err : "");
}
#endif
