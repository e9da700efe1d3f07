/* A copy of a tiny BERT with something changed, and what loading it says. For test_bert_load and test_bert_numbers. */
#ifndef BERT_COPY_H
#define BERT_COPY_H
#include "fixture.h"
#include "model/bert.h"

enum { MOST_TENSORS = 128 };

typedef struct {
    Safetensors file; /* the original, whose names and numbers are borrowed */
    TensorOut tensors[MOST_TENSORS];
    int count;
    char *config; /* owned */
} Copy;

static inline Copy copy_of(const char *model) {
    Copy copy = {.file = safetensors_open(model_file(model, "model.safetensors"))};
    Bytes config = file_read(model_file(model, "config.json"));
    copy.config = text_copy(config.data, config.size);
    bytes_free(&config);
    for (int i = 0; i < copy.file.count; i++) {
        const Tensor *t = &copy.file.tensors[i];
        copy.tensors[copy.count] = (TensorOut){.name = t->name, .type = t->type, .axes = t->axes, .data = t->data};
        memcpy(copy.tensors[copy.count++].shape, t->shape, sizeof t->shape);
    }
    return copy;
}

static inline TensorOut *copy_find(Copy *copy, const char *name) {
    for (int i = 0; i < copy->count; i++)
        if (strcmp(copy->tensors[i].name, name) == 0) return &copy->tensors[i];
    wrong("the model has no tensor %s", name);
    return NULL;
}

static inline void copy_drop(Copy *copy, const char *name) {
    *copy_find(copy, name) = copy->tensors[--copy->count];
}

/* Another number after "key": in config.json. */
static inline void copy_configure(Copy *copy, const char *key, int value) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    char *at = strstr(copy->config, quoted);
    assert_non_null(at);
    size_t before = (size_t)(at - copy->config) + strlen(quoted), old = strspn(copy->config + before, "-0123456789");
    char *changed = text_format("%.*s%d%s", (int)before, copy->config, value, copy->config + before + old);
    memory_free(copy->config);
    copy->config = changed;
}

/* Writes the folder, which every call replaces, and lets go of the copy. */
static inline const char *copy_write(Copy *copy) {
    const char *folder = test_path("model");
    char path[600];
    folder_make(folder);
    snprintf(path, sizeof path, "%s/config.json", folder);
    write_test_text(path, copy->config);
    snprintf(path, sizeof path, "%s/model.safetensors", folder);
    safetensors_write(path, copy->tensors, copy->count);
    safetensors_close(&copy->file);
    memory_free(copy->config);
    return folder;
}

typedef struct {
    const char *folder;
    bool allow_nonfinite;
    Bert bert;
} Load;

static inline void load(void *context) {
    Load *l = context;
    l->bert = bert_load(l->folder, NULL, l->allow_nonfinite);
}

static inline void expect_load_refused(Copy *copy, ExitCode code, const char *says) {
    Load l = {.folder = copy_write(copy)};
    expect_failure(code, says, load, &l);
}

/* Loads, and gives what was said meanwhile. */
static inline const char *said_by_load(Load *l) {
    static char said[1024];
    return stderr_of(said, sizeof said, load, l);
}
#endif
