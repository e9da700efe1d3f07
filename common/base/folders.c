/* Folders that are only tried, folders of models, and what two paths have in common. Declared in files.h. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void folder_try(const char *path) {
    size_t length = strlen(path), there = length;
    char *part = text_copy(path, length);
    while (there > 0 && !folder_exists(part)) { /* path[0, there) stands already */
        while (there > 0 && part[--there] != '/') continue;
        part[there] = '\0';
    }
    folder_make(path);
    memcpy(part, path, length);
    for (size_t end = length; end > there;) {
        part[end] = '\0';
        rmdir(part);
        while (end > there && part[--end] != '/') continue;
    }
    memory_free(part);
}

/* Models are known by their names on the web, too: those lie in data/ once data/fetch.sh has brought them. */
static _Noreturn void fail_without_folder(const char *folder) {
    const char *slash = strrchr(folder, '/'), *name = slash ? slash + 1 : folder;
    char *here = path_join("data", name);
    if (*name && folder_exists(here)) fail(EXIT_ENVIRONMENT, "%s: no such model folder. Try: --model %s", folder, here);
    if (strcmp(name, "bert-base-uncased") == 0 || strcmp(name, "gpt2") == 0)
        fail(EXIT_ENVIRONMENT, "%s: no such model folder. Try: data/fetch.sh %s, then --model %s", folder, name, here);
    fail(EXIT_ENVIRONMENT, "%s: no such model folder. Try: data/fetch.sh minilm, or --model DIR", folder);
}

void folder_of_model(const char *folder) {
    if (file_exists(folder))
        fail(EXIT_ENVIRONMENT, "%s: this is a file (expected a model's folder). Try: the folder that it lies in",
             folder);
    if (!folder_exists(folder)) fail_without_folder(folder);
    char *inner = path_join(folder, "0_Transformer");
    if (!folder_has(folder, "config.json") && folder_has(inner, "config.json"))
        fail(EXIT_ENVIRONMENT, "%s: has no model of its own, as sentence-transformers saves them. Try: --model %s",
             folder, inner);
    memory_free(inner);
}

bool file_is_same(const char *a, const char *b) {
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && S_ISREG(one.st_mode) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

bool file_is_of_model(const char *path, const char *folder) {
    static const char *const names[] = {"config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
                                        "vocab.json",  "merges.txt",     "vocab.bpe",             "encoder.json"};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool read = strncmp(name, "model", 5) == 0 && strstr(name, ".safetensors"); /* or a part of them, or their index */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) read |= strcmp(name, names[i]) == 0;
    if (!read) return false;
    char *inside = path_join(folder, name);
    bool same = file_is_same(path, inside);
    memory_free(inside);
    return same;
}
