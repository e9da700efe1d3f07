#include "text/bpe_files.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "text/bpe_build.h"
#include "text/bpe_names.h"
#include "text/vocab_json.h"

#include <string.h>

/* ---- vocab.bpe and encoder.json ---- */

/* Where a line's two tokens part; neither holds a space, that is U+0120. */
static const char *split_merge(const LineReader *reader, const char *text, size_t length) {
    const char *space = memchr(text, ' ', length);
    size_t left = space ? (size_t)(space - text) : 0;
    if (left == 0 || left + 1 == length || memchr(space + 1, ' ', length - left - 1))
        fail(EXIT_DATA, "%s:%d: is no merge (expected two tokens with one space between)", reader->path, reader->line);
    return space;
}

static bool is_version(const LineReader *reader, const char *text, size_t length) {
    return reader->line == 1 && length >= 8 && memcmp(text, "#version", 8) == 0;
}

/* The ids that follow from the merges alone: the bytes in GPT-2's order, then what each merge makes. */
static Vocab vocab_from_merges(LineReader reader) {
    Vocab names = {0};
    String name = {0};
    const char *text;
    size_t length;
    for (int place = 0; place < 256; place++) {
        char byte = (char)bpe_byte_in_order(place);
        name.length = 0;
        bpe_name_add(&name, &byte, 1);
        vocab_add(&names, name.text, name.length);
    }
    while (line_next(&reader, &text, &length)) {
        if (is_version(&reader, text, length)) continue;
        size_t left = (size_t)(split_merge(&reader, text, length) - text);
        name.length = 0;
        string_add_bytes(&name, text, left);
        string_add_bytes(&name, text + left + 1, length - left - 1);
        if (vocab_id(&names, name.text, name.length) >= 0)
            fail(EXIT_DATA, "%s:%d: makes a token that is there already", reader.path, reader.line);
        vocab_add(&names, name.text, name.length);
    }
    string_free(&name);
    vocab_add(&names, "<|endoftext|>", strlen("<|endoftext|>"));
    return names;
}

Bpe bpe_parse_gpt2(const char *merges_path, const char *merges, size_t merges_size, const char *vocab_path,
                   const char *vocab, size_t vocab_size) {
    vocab_refuse_strangers(merges_path, merges, merges_size);
    if (merges_size == 0) fail(EXIT_DATA, "%s: is empty (expected one merge a line)", merges_path);
    LineReader reader = line_reader(merges_path, merges, merges_size);
    Vocab names = vocab ? vocab_json_parse(vocab_path, vocab, vocab_size) : vocab_from_merges(reader);
    BpeBuild build = bpe_build_new(vocab ? vocab_path : merges_path, names, merges_path);
    const char *text;
    size_t length;
    while (line_next(&reader, &text, &length)) {
        if (is_version(&reader, text, length)) continue;
        const char *space = split_merge(&reader, text, length);
        size_t left = (size_t)(space - text);
        bpe_build_merge(&build, text, left, space + 1, length - left - 1, reader.line);
    }
    return bpe_build_end(&build, true);
}

Bpe bpe_read_gpt2(const char *merges_path, const char *vocab_path) {
    Bytes merges = file_read(merges_path), vocab = {0};
    if (vocab_path) vocab = json_bytes(vocab_path);
    Bpe bpe = bpe_parse_gpt2(merges_path, merges.data, merges.size, vocab_path, vocab.data, vocab.size);
    bytes_free(&merges);
    bytes_free(&vocab);
    return bpe;
}

/* ---- our own merges ---- */

/* A whole number that ends at a space or the line's end; *text moves on past it. */
static size_t take_number(const LineReader *reader, const char **text, const char *end, size_t most, const char *what) {
    const char *at = *text;
    size_t number = 0;
    bool fits = true;
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        fits = fits && size_multiply(number, 10, &number) && size_add(number, (size_t)(*at - '0'), &number);
    if (at == *text || (at < end && *at != ' ') || !fits || number > most)
        fail(EXIT_DATA, "%s:%d: %s is no whole number from 0 to %zu (expected LEFT RIGHT COUNT)", reader->path,
             reader->line, what, most);
    *text = at < end ? at + 1 : at;
    return number;
}

Bpe bpe_parse_merges(const char *path, const char *bytes, size_t size) {
    vocab_refuse_strangers(path, bytes, size);
    if (size == 0) fail(EXIT_DATA, "%s: is empty (expected LEFT RIGHT COUNT a line)", path);
    LineReader reader = line_reader(path, bytes, size);
    Bpe bpe = bpe_bytes();
    const char *text;
    size_t length;
    while (line_next(&reader, &text, &length)) {
        const char *end = text + length;
        size_t known = (size_t)bpe.vocab.count - 1;
        int left = (int)take_number(&reader, &text, end, known, "LEFT");
        int right = (int)take_number(&reader, &text, end, known, "RIGHT");
        take_number(&reader, &text, end, SIZE_MAX, "COUNT"); /* for people: the order is all that encoding needs */
        if (text != end) fail(EXIT_DATA, "%s:%d: holds more than LEFT RIGHT COUNT", path, reader.line);
        if (bpe_rank(&bpe, left, right) != BPE_NONE)
            fail(EXIT_DATA, "%s:%d: the pair %d %d is merged a second time", path, reader.line, left, right);
        bpe_merge(&bpe, left, right, -1);
    }
    return bpe;
}

Bpe bpe_read_merges(const char *path) {
    Bytes file = file_read(path);
    Bpe bpe = bpe_parse_merges(path, file.data, file.size);
    bytes_free(&file);
    return bpe;
}

/* ---- a folder ---- */

static Bpe read_pair(const char *folder, const char *merges_name, const char *vocab_name) {
    char *merges = path_join(folder, merges_name), *vocab = path_join(folder, vocab_name);
    Bpe bpe = bpe_read_gpt2(merges, file_exists(vocab) ? vocab : NULL);
    memory_free(merges);
    memory_free(vocab);
    return bpe;
}

Bpe bpe_load(const char *folder) {
    BpeForm form = folder_has(folder, "vocab.bpe")        ? FORM_OPENAI
                   : folder_has(folder, "tokenizer.json") ? FORM_JSON
                                                          : FORM_MERGES;
    if (form == FORM_MERGES && !folder_has(folder, "merges.txt"))
        fail(EXIT_ENVIRONMENT, "%s: has no vocab.bpe, merges.txt or tokenizer.json. Try: data/fetch.sh gpt2-vocabulary",
             folder);
    Beside beside = beside_read(folder);
    char *path = path_join(folder, "tokenizer.json");
    Bpe bpe = form == FORM_OPENAI ? read_pair(folder, "vocab.bpe", "encoder.json")
              : form == FORM_JSON ? bpe_read_json(path, &beside)
                                  : read_pair(folder, "merges.txt", "vocab.json");
    bpe_add_beside(&bpe, &beside, form);
    beside_free(&beside);
    memory_free(path);
    return bpe;
}
