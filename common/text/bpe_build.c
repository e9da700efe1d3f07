#include "text/bpe_build.h"
#include "base/error.h"
#include "text/bpe_names.h"

#include <string.h>

BpeBuild bpe_build_new(const char *path, Vocab names, const char *source) {
    BpeBuild build = {.names = names, .path = path, .source = source};
    Bpe *bpe = &build.bpe;
    build.made = memory_new((size_t)names.count + 1, sizeof *build.made, "a vocabulary");
    vocab_reserve(&bpe->vocab, names.count, names.used);
    for (int byte = 0; byte < 256; byte++) bpe->byte_id[byte] = -1;
    char *bytes = memory_new(names.longest + 1, 1, "a token");
    for (int id = 0; id < names.count; id++) {
        size_t length;
        bool plain = bpe_name_bytes(vocab_token(&names, id), names.length[id], bytes, &length);
        if (plain) vocab_add(&bpe->vocab, bytes, length);
        else vocab_add(&bpe->vocab, vocab_token(&names, id), names.length[id]);
        if (!plain || length != 1) continue;
        bpe->byte_id[(unsigned char)*bytes] = id;
        build.made[id] = true;
    }
    memory_free(bytes);
    for (int byte = 0; byte < 256; byte++)
        if (bpe->byte_id[byte] < 0)
            fail(EXIT_DATA,
                 "%s: has no token for the byte 0x%02X (expected all 256 in a byte-level vocabulary, got %d "
                 "tokens). Try: fetching the file again",
                 path, byte, names.count);
    return build;
}

static _Noreturn void refuse(const BpeBuild *build, int line, const char *name, size_t length, const char *what) {
    char *copy = text_copy(name, length < 80 ? length : 80);
    if (line) fail(EXIT_DATA, "%s:%d: '%s' %s", build->source, line, copy, what);
    fail(EXIT_DATA, "%s: merge %d: '%s' %s", build->source, build->bpe.merges, copy, what);
}

static int id_of(const BpeBuild *build, const char *name, size_t length, int line) {
    int id = vocab_id(&build->names, name, length);
    if (id < 0) refuse(build, line, name, length, "is no token of the vocabulary (expected two that are)");
    return id;
}

void bpe_build_merge(BpeBuild *build, const char *left, size_t left_length, const char *right, size_t right_length,
                     int line) {
    int first = id_of(build, left, left_length, line), second = id_of(build, right, right_length, line);
    build->joined.length = 0;
    string_add_bytes(&build->joined, left, left_length);
    string_add_bytes(&build->joined, right, right_length);
    const char *joined = build->joined.text;
    int made = vocab_id(&build->names, joined, left_length + right_length);
    if (made < 0)
        refuse(build, line, joined, left_length + right_length, "is made here, but is no token of the vocabulary");
    if (bpe_rank(&build->bpe, first, second) != BPE_NONE)
        refuse(build, line, joined, left_length + right_length, "is made from the same two tokens a second time");
    if (!build->made[first] || !build->made[second])
        refuse(build, line, joined, left_length + right_length, "is made from a token that no line before it makes");
    bpe_merge(&build->bpe, first, second, made);
    build->made[made] = true;
}

void bpe_build_special(BpeBuild *build, AddedToken token) {
    const Vocab *names = &build->names;
    added_tokens_add(&build->bpe.special, vocab_token(names, token.id), names->length[token.id], token);
    build->made[token.id] = true;
}

Bpe bpe_build_end(BpeBuild *build, bool by_looks) {
    for (int id = 0; id < build->names.count; id++) {
        if (build->made[id] || build->names.length[id] == 0) continue; /* made, or a hole among the ids */
        if (!vocab_is_marker(&build->names, id))
            fail(EXIT_DATA,
                 "%s: makes no token '%.80s', which %s has under id %d: the file is cut short, or belongs to "
                 "another vocabulary. Try: fetching both again",
                 build->source, vocab_token(&build->names, id), build->path, id);
        if (by_looks) bpe_build_special(build, (AddedToken){.id = id});
    }
    memory_free(build->made);
    string_free(&build->joined);
    vocab_free(&build->names);
    return build->bpe;
}
