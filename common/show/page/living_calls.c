/* living_calls - the model inside the page: what worker.js asks of view/living, and nothing else. One model is open at
 * most. A call that cannot answer ends in page_fail, which throws in JavaScript; worker.js then calls living_drop. */
#include "base/error.h"
#include "show/page/disk.h"
#include "show/page/unicode.h"
#include "view/living.h"
#include "weights/packed.h"

#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

__attribute__((import_module("page"), import_name("fail"))) _Noreturn void page_fail(int code, const char *message);

static Living *living;
static LivingAnswer answer;

static void hand_over(ExitCode code, const char *message) {
    page_fail((int)code, message);
}

/* Room for what JavaScript brings: a question, a file's name. */
EXPORT(living_room) void *living_room(size_t bytes) {
    error_divert(hand_over);
    return memory_new(bytes, 1, "the page");
}

EXPORT(living_release) void living_release(void *room) {
    memory_free(room);
}

EXPORT(living_file) void *living_file(const char *path, size_t size) {
    return disk_put(path, size);
}

/* Packed weights become floats. True when there were some. */
static bool unpack(const char *folder) {
    char *packed = path_join(folder, "packed.safetensors"), *path = path_join(folder, "model.safetensors");
    bool there = disk_has(packed);
    if (there) {
        Bytes bytes = packed_read(packed);
        disk_remove(packed);
        disk_take(path, bytes.data, bytes.size);
    }
    memory_free(packed), memory_free(path);
    return there;
}

/* The characters are read from "unicode", the model from the folder of that name. */
EXPORT(living_begin) void living_begin(const char *folder) {
    unicode_open("unicode");
    disk_remove("unicode");
    bool packed = unpack(folder);
    living = living_open(folder);
    if (living_copied(living)) { /* what the file took is room for texts */
        char *path = path_join(folder, "model.safetensors");
        disk_remove(path);
        memory_free(path);
    }
    answer = living_card(living, !packed);
}

/* What a failed question has taken is given back. */
EXPORT(living_drop) void living_drop(void) {
    memory_watch_end(true);
}

static void ask(LivingAnswer (*to)(const Living *living, const char *question, size_t size), const char *question,
                size_t size) {
    living_answer_free(&answer);
    memory_watch_begin();
    LivingAnswer got = to(living, question, size);
    memory_watch_end(false);
    answer = got;
}

EXPORT(living_ask_read) void living_ask_read(const char *question, size_t size) {
    ask(living_read, question, size);
}

EXPORT(living_ask_tokens) void living_ask_tokens(const char *question, size_t size) {
    ask(living_tokens, question, size);
}

/* Not watched: the writer stays. */
EXPORT(living_ask_next) void living_ask_next(const char *question, size_t size) {
    living_answer_free(&answer);
    answer = living_next(living, question, size);
}

/* The last answer, until the next question. */
EXPORT(living_said) const char *living_said(void) {
    return answer.said.text;
}

EXPORT(living_block) const char *living_block(void) {
    return answer.block.data;
}

EXPORT(living_block_size) size_t living_block_size(void) {
    return answer.block.size;
}
