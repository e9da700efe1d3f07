#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "text/sentences.h"
#include "weights/packed.h"

#include <math.h>
#include <string.h>

static const char STORY[] = "data/lamplighter.txt", PACKED[] = "packed.safetensors", WEIGHTS[] = "model.safetensors";
enum { SENTENCES = 100 };

/* What a tokenizer may read; tokenizer.json only where there is no vocab.txt, which says the same in half the room. */
static const char *const FILES[] = {"config.json", "vocab.txt",  "tokenizer_config.json", "special_tokens_map.json",
                                    "vocab.json",  "merges.txt", "vocab.bpe",             "encoder.json",
                                    "added_tokens.json", "tokenizer.json"};
enum { FILE_COUNT = sizeof FILES / sizeof *FILES };

static bool travels(const char *folder, const char *name) {
    bool is_table = strcmp(name, "tokenizer.json") == 0;
    return folder_has(folder, name) && !(is_table && folder_has(folder, "vocab.txt"));
}

static Bytes file_in(const char *folder, const char *name) {
    char *path = path_join(folder, name);
    Bytes bytes = file_read(path);
    memory_free(path);
    return bytes;
}

/* ---- how far the packed weights are from the exact ones ---- */

/* A folder beside the page, for as long as it takes to open it: what is mapped stays when its name is gone. */
static Reader reader_of_packed(const Reader *exact, const char *page, Bytes packed) {
    char *name = text_format("%s.packed", page), *folder = pending_new(name), *paths[FILE_COUNT + 2];
    int count = 0;
    memory_free(name);
    folder_make(folder);
    for (int i = 0; i < FILE_COUNT; i++) {
        if (!travels(exact->folder, FILES[i])) continue;
        Bytes bytes = file_in(exact->folder, FILES[i]);
        pending_passing(paths[count++] = path_join(folder, FILES[i]));
        file_save(paths[count - 1], bytes.data, bytes.size);
        bytes_free(&bytes);
    }
    paths[count++] = path_join(folder, PACKED), paths[count++] = path_join(folder, WEIGHTS);
    pending_passing(paths[count - 2]), pending_passing(paths[count - 1]);
    file_save(paths[count - 2], packed.data, packed.size);
    Bytes weights = packed_read(paths[count - 2]);
    file_save(paths[count - 1], weights.data, weights.size);
    bytes_free(&weights);
    Reader reader = reader_open(folder, workers_count(exact->workers), false);
    while (count) pending_drop(paths[--count]), memory_free(paths[count]);
    pending_drop(folder);
    memory_free(folder);
    return reader;
}

static Reading read_quietly(const Reader *reader, const char *text, Sentence at) {
    Bytes sentence = {text_copy(text + at.first, at.end - at.first), at.end - at.first};
    Reading r = reading_open(reader, sentence, (Bytes){0}, (ReadingPlan){.truncate = true, .quiet = true});
    reading_pass(&r);
    return r;
}

/* Every weight of every head of one sentence. */
static void compare(PackedError *error, const Trace *exact, const Trace *packed) {
    for (int l = 0; l < exact->layers; l++)
        for (int h = 0; h < exact->heads; h++) {
            Mat a = trace_map(exact, l, h), b = trace_map(packed, l, h);
            for (int i = 0; i < a.rows; i++)
                for (int j = 0; j < a.cols; j++) {
                    double off = fabs((double)mat_at(a, i, j) - (double)mat_at(b, i, j));
                    error->worst = fmax(error->worst, off), error->sum += off, error->weights++;
                }
        }
}

static PackedError measure(const Reader *exact, const Reader *packed) {
    PackedError error = {0};
    if (!file_exists(STORY)) {
        note("%s is not here: how far packed weights are off is not measured", STORY);
        return error;
    }
    Bytes text = file_read(STORY);
    Progress progress = progress_begin("sentences, exact and packed", SENTENCES);
    for (Sentence at = {0}; error.sentences < SENTENCES && sentence_next(text.data, text.size, false, &at);) {
        Reading a = read_quietly(exact, text.data, at), b = read_quietly(packed, text.data, at);
        compare(&error, &a.trace, &b.trace);
        reading_free(&a), reading_free(&b);
        progress_step(&progress, (size_t)++error.sentences);
    }
    progress_end(&progress);
    bytes_free(&text);
    return error;
}

/* ---- the model's files ---- */

static void add_file(Blocks *blocks, const char *name, Bytes bytes) {
    blocks->at[blocks->count++] = (PageBlock){.id = name, .bytes = bytes, .is_model = true};
}

PackedError living_add(Blocks *blocks, const Reader *reader, const char *page) {
    char *weights = path_join(reader->folder, WEIGHTS);
    Bytes packed = packed_bytes(weights);
    Reader other = reader_of_packed(reader, page, packed);
    PackedError error = measure(reader, &other);
    reader_free(&other);
    error.size = packed.size;
    for (int i = 0; i < FILE_COUNT; i++)
        if (travels(reader->folder, FILES[i])) add_file(blocks, FILES[i], file_in(reader->folder, FILES[i]));
    add_file(blocks, PACKED, packed);
    memory_free(weights);
    return error;
}
