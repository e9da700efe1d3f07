#include "weights/foreign.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/message.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* We do not read pickles: one is a program for a stack machine, and loading it runs what a stranger wrote. */
#define CONVERT                                                                                                        \
    "convert it once, in this folder: python3 -c \"import torch; from safetensors.torch import save_file; "            \
    "save_file({k: v.contiguous().clone() for k, v in torch.load('pytorch_model.bin', weights_only=True).items()}, "   \
    "'model.safetensors')\""
#define CONVERT_MISNAMED "rename it to pytorch_model.bin, then " CONVERT
#define MERGE                                                                                                          \
    "merge them once, in this folder: python3 -c \"import glob; from safetensors.torch import load_file, save_file; "  \
    "save_file({k: v for f in sorted(glob.glob('model-*.safetensors')) for k, v in load_file(f).items()}, "            \
    "'model.safetensors')\""
/* By the index: it may name files in other folders, and leave out one that lies there. */
#define NAMED_BY(index) "sorted(set(json.load(open('" index "', 'rb'))['weight_map'].values()))"
#define MERGE_INDEXED                                                                                                  \
    "merge them once, in this folder: python3 -c \"import json; from safetensors.torch import load_file, save_file; "  \
    "save_file({k: v for f in " NAMED_BY(                                                                              \
        "model.safetensors.index.json") " for k, v in load_file(f).items()}, 'model.safetensors')\""
#define MERGE_PICKLES                                                                                                  \
    "merge them once, in this folder: python3 -c \"import json, torch; from safetensors.torch import save_file; "      \
    "save_file({k: v.contiguous().clone() for f in " NAMED_BY(                                                         \
        "pytorch_model.bin.index.json") " for k, v in torch.load(f, weights_only=True).items()}, "                     \
                                        "'model.safetensors')\""
_Static_assert(sizeof MERGE_PICKLES <= MESSAGE_TEXT && sizeof MERGE_INDEXED <= MESSAGE_TEXT,
               "a command is printed whole, or nobody can run it");

typedef struct {
    const char *magic;
    size_t offset, length; /* where the magic stands in the file */
    const char *what, *advice;
} Format;

static const Format FORMATS[] = {
    {"version https://git-lfs", 0, 23, "a git-LFS pointer: a note that says where the weights are", "git lfs pull"},
    {"PK\3\4", 0, 4, "a zip archive, as torch.save writes it (pytorch_model.bin is a Python pickle)", CONVERT_MISNAMED},
    {"\x80\2", 0, 2, "a Python pickle, as old versions of torch.save write it", CONVERT_MISNAMED},
    {"\x80\3", 0, 2, "a Python pickle", CONVERT_MISNAMED},
    {"\x80\4", 0, 2, "a Python pickle", CONVERT_MISNAMED},
    {"\x80\5", 0, 2, "a Python pickle", CONVERT_MISNAMED},
    {"GGUF", 0, 4, "a GGUF file (llama.cpp)", "the model.safetensors of the same model"},
    {"lmgg", 0, 4, "a GGML file (llama.cpp)", "the model.safetensors of the same model"},
    {"tjgg", 0, 4, "a GGML file (llama.cpp)", "the model.safetensors of the same model"},
    {"\x89HDF\r\n", 0, 6, "an HDF5 file (TensorFlow's tf_model.h5)", "the model.safetensors of the same model"},
    {"\x93NUMPY", 0, 6, "a NumPy array", "the model.safetensors of the same model"},
    {"\x08\x07\x12", 0, 3, "an ONNX graph", "the model.safetensors of the same model"},
    {"\x08\x08\x12", 0, 3, "an ONNX graph", "the model.safetensors of the same model"},
    {"TFL3", 4, 4, "a TensorFlow Lite graph", "the model.safetensors of the same model"},
    {"\x1f\x8b\x08", 0, 3, "packed by gzip", "unpack it with gunzip"},
    {"\3757zXZ", 0, 5, "packed by xz", "unpack it with unxz"},
    {"\x28\xb5\x2f\xfd", 0, 4, "packed by zstd", "unpack it with unzstd"},
    {"ustar", 257, 5, "a tar archive", "unpack it with tar xf"},
};

/* Web pages begin in many ways, with space or a byte-order mark before them and in any case. */
static bool is_web_page(const unsigned char *bytes, size_t size) {
    static const char *const tags[] = {"<!doctype", "<html", "<head", "<?xml", "<!--"};
    size_t at = bytes_mark(NULL, (const char *)bytes, size);
    while (at < size && isspace(bytes[at])) at++;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (size - at >= strlen(tags[i]) && strncasecmp((const char *)bytes + at, tags[i], strlen(tags[i])) == 0)
            return true;
    return false;
}

/* A short text in a weight file is a server's answer: "Entry not found". The first 3 bytes of a real one may look
 * like text. */
static bool is_short_text(const unsigned char *bytes, size_t size) {
    if (size < 4 || size > 400) return false;
    for (size_t i = 0; i < size; i++)
        if (!isprint(bytes[i]) && !isspace(bytes[i])) return false;
    return true;
}

static _Noreturn void refuse(const char *path, const char *what, const char *advice) {
    fail(EXIT_DATA, "%s: this is %s (expected a safetensors file). Try: %s", path, what, advice);
}

void foreign_refuse(const char *path, const unsigned char *bytes, size_t size) {
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        const Format *format = &FORMATS[i];
        if (size >= format->offset + format->length &&
            memcmp(bytes + format->offset, format->magic, format->length) == 0)
            refuse(path, format->what, format->advice);
    }
    if (is_web_page(bytes, size)) refuse(path, "a web page, perhaps of an error", "fetch the file again");
    size_t looked = size < 1 << 20 ? size : 1 << 20;
    if (size > 0 && bytes[0] == '{') {
        if (memmem(bytes, looked, "\"weight_map\"", strlen("\"weight_map\"")))
            refuse(path, "the index of a model in several files", MERGE);
        refuse(path, "a JSON text", "the model.safetensors beside it");
    }
    if (is_short_text(bytes, size)) {
        char what[128];
        snprintf(what, sizeof what, "a text, \"%.*s\"", size < 60 ? (int)size : 60, (const char *)bytes);
        refuse(path, what, "fetch the file again");
    }
}

/* The first name in the folder, of those in the order of their bytes, that ends in .safetensors; NULL: none. What a
 * training run keeps for itself is no model, nor is a folder. You free it. */
static char *other_safetensors(const char *folder) {
    static const char ending[] = ".safetensors";
    char *first = NULL;
    DIR *list = opendir(folder);
    for (struct dirent *entry; list && (entry = readdir(list)) != NULL;) {
        const char *name = entry->d_name;
        size_t length = strlen(name), end = strlen(ending);
        bool weights = length > end && strcmp(name + length - end, ending) == 0 &&
                       strcmp(name, "training.safetensors") != 0 && strcmp(name, "model.safetensors") != 0;
        if (!weights || (first && strcmp(first, name) <= 0) || !folder_has(folder, name)) continue;
        memory_free(first);
        first = text_copy(name, length);
    }
    if (list) closedir(list);
    return first;
}

/* ---- one model in several files ---- */

static _Noreturn void refuse_without(const char *folder, const char *shard) {
    fail(EXIT_DATA,
         "%s: no model.safetensors here: the model is split into several files, and `%.160s` is not there. Try: fetch "
         "it, too",
         folder, shard);
}

/* No advice that leaves out a part: a file that is missing is named first. */
static void check_shards(const char *folder, const char *shard) {
    static const char of[] = "-of-";
    const char *total = strstr(shard, of) + strlen(of);
    char *end;
    long count = strtol(total, &end, 10);
    for (long i = 1; i <= count && count < 100000 && end - total == 5; i++) {
        char name[64];
        snprintf(name, sizeof name, "model-%05ld-of-%05ld.safetensors", i, count);
        if (!folder_has(folder, name)) refuse_without(folder, name);
    }
}

/* An index that is none still says that there are several files. */
static _Noreturn void refuse_shards(const char *folder, const char *index, const char *what, const char *advice) {
    char *path = path_join(folder, index);
    Bytes text = json_bytes(path);
    json_error_t error;
    json_t *json = json_try(path, text.data, text.size, &error), *file;
    json_t *files = json_object_get(json, "weight_map");
    const char *tensor;
    bool whole = json_object_size(files) > 0;
    json_object_foreach(files, tensor, file) {
        whole = whole && json_is_string(file);
        if (json_is_string(file) && !folder_has(folder, json_string_value(file)))
            refuse_without(folder, json_string_value(file));
    }
    if (!whole) advice = "fetch that index again, or " MERGE;
    fail(EXIT_DATA, "%s: no model.safetensors here: %s. Try: %s", folder, what, advice);
}

static void refuse_other_names(const char *folder) {
    char *other = other_safetensors(folder);
    if (!other) return;
    bool shard = strncmp(other, "model-", strlen("model-")) == 0 && strstr(other, "-of-") != NULL;
    if (strncmp(other, "adapter_", strlen("adapter_")) == 0)
        fail(EXIT_DATA,
             "%s: no model.safetensors here: `%s` holds what was changed of a model (LoRA), not the model. Try: "
             "merge_and_unload() in peft, then save_pretrained()",
             folder, other);
    if (shard && !strstr(other, "-of-00001.")) {
        check_shards(folder, other);
        fail(EXIT_DATA, "%s: no model.safetensors here: the model is split into several files, such as `%s`. Try: %s",
             folder, other, MERGE);
    }
    fail(EXIT_DATA, "%s: no model.safetensors here, but `%s`. Try: rename it to model.safetensors", folder, other);
}

char *foreign_weights_path(const char *folder) {
    static const struct {
        const char *name, *what, *advice;
        bool index;
    } others[] = {
        {"model.safetensors.index.json", "the model is split into several files", MERGE_INDEXED, true},
        {"pytorch_model.bin", "pytorch_model.bin is a Python pickle, which this program does not read", CONVERT, false},
        {"pytorch_model.bin.index.json", "the model is split into several Python pickles", MERGE_PICKLES, true},
        {"tf_model.h5", "tf_model.h5 is TensorFlow's form of the weights", "the model.safetensors of the same model",
         false},
        {"flax_model.msgpack", "flax_model.msgpack is JAX's form of the weights",
         "the model.safetensors of the same model", false},
    };
    folder_of_model(folder);
    char *path = path_join(folder, "model.safetensors");
    bool there = file_exists(path);
    for (size_t i = 0; !there && i < sizeof others / sizeof *others; i++) {
        if (!folder_has(folder, others[i].name)) continue;
        if (others[i].index) refuse_shards(folder, others[i].name, others[i].what, others[i].advice);
        fail(EXIT_DATA, "%s: no model.safetensors here: %s. Try: %s", folder, others[i].what, others[i].advice);
    }
    if (!there) refuse_other_names(folder);
    if (!there && access(path, F_OK) != 0)
        fail(EXIT_ENVIRONMENT, "%s: no model.safetensors here. Try: all files that came with the model", folder);
    return path; /* opening it says what else is wrong: a folder, or not ours to read */
}
