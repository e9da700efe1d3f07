#include "text/vocab.h"
#include "base/error.h"
#include "base/files.h"
#include "base/fingerprint.h"
#include "base/memory.h"
#include "text/bert_characters.h"
#include "text/utf8.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* One multiplication a byte (base/fingerprint), and the hash of a text is a step on the way to the hash of every longer
 * text that begins with it, which is what vocab_longest lives on. */
static uint64_t hash_step(uint64_t hash, char byte) {
    return fingerprint_add(hash, (unsigned char)byte);
}

static uint64_t hash_of(const char *token, size_t length) {
    uint64_t hash = FINGERPRINT_OF_NOTHING;
    for (size_t i = 0; i < length; i++) hash = hash_step(hash, token[i]);
    return hash;
}

/* The multiplication pushes differences upwards: the upper half tells tokens apart, both halves choose the bucket. */
static uint64_t upper_half(uint64_t hash) {
    return hash & ~UINT64_C(0xFFFFFFFF);
}

static size_t first_bucket(const Vocab *vocab, uint64_t hash) {
    return (size_t)(hash ^ hash >> 32) & (vocab->buckets - 1);
}

static int bucket_id(uint64_t bucket) {
    return (int)(uint32_t)bucket - 1;
}

static bool is_token(const Vocab *vocab, int id, const char *token, size_t length) {
    return vocab->length[id] == length && memcmp(vocab->bytes + vocab->start[id], token, length) == 0;
}

/* The bucket that holds the token, or the empty one where it would go. */
static size_t find_bucket(const Vocab *vocab, uint64_t hash, const char *token, size_t length) {
    size_t at = first_bucket(vocab, hash);
    for (; vocab->bucket[at]; at = (at + 1) & (vocab->buckets - 1)) {
        uint64_t bucket = vocab->bucket[at];
        if (upper_half(bucket) == upper_half(hash) && is_token(vocab, bucket_id(bucket), token, length)) break;
    }
    return at;
}

static void spread(Vocab *vocab, size_t buckets) {
    memory_free(vocab->bucket);
    vocab->bucket = memory_new(buckets, sizeof *vocab->bucket, "a vocabulary");
    vocab->buckets = buckets;
    for (int id = 0; id < vocab->count; id++) {
        const char *token = vocab->bytes + vocab->start[id];
        uint64_t hash = hash_of(token, vocab->length[id]);
        size_t at = find_bucket(vocab, hash, token, vocab->length[id]);
        vocab->bucket[at] = upper_half(hash) | ((uint64_t)id + 1);
    }
}

void vocab_reserve(Vocab *vocab, int tokens, size_t bytes) {
    size_t room;
    if (!size_add(vocab->used, bytes, &room) || !size_add(room, (size_t)tokens, &room) || room > UINT32_MAX ||
        tokens > INT_MAX - vocab->count)
        fail(EXIT_DATA, "a vocabulary is too large: %zu bytes (expected less than 4 GB)", bytes);
    int count = vocab->count + tokens;
    if (room > vocab->room) {
        vocab->bytes = memory_grow(vocab->bytes, room, 1, "a vocabulary");
        vocab->room = room;
    }
    if (count > vocab->slots) {
        vocab->start = memory_grow(vocab->start, (size_t)count, sizeof *vocab->start, "a vocabulary");
        vocab->length = memory_grow(vocab->length, (size_t)count, sizeof *vocab->length, "a vocabulary");
        vocab->slots = count;
    }
    size_t buckets = vocab->buckets ? vocab->buckets : 16;
    while (buckets < 2 * (size_t)count) buckets *= 2;
    if (buckets > vocab->buckets) spread(vocab, buckets);
}

int vocab_add(Vocab *vocab, const char *token, size_t length) {
    if (vocab->count == vocab->slots || vocab->room - vocab->used <= length)
        vocab_reserve(vocab, vocab->count / 2 + 16, length + vocab->used / 2 + 256);
    int id = vocab->count++;
    char *copy = vocab->bytes + vocab->used;
    if (length) memcpy(copy, token, length);
    copy[length] = '\0';
    vocab->start[id] = (uint32_t)vocab->used;
    vocab->length[id] = (uint32_t)length;
    vocab->used += length + 1;
    if (length > vocab->longest) vocab->longest = length;
    uint64_t hash = hash_of(copy, length), *bucket = &vocab->bucket[find_bucket(vocab, hash, copy, length)];
    vocab->distinct += *bucket == 0;
    *bucket = upper_half(hash) | ((uint64_t)id + 1);
    return id;
}

int vocab_id(const Vocab *vocab, const char *token, size_t length) {
    if (!vocab->buckets) return -1;
    uint64_t bucket = vocab->bucket[find_bucket(vocab, hash_of(token, length), token, length)];
    return bucket ? bucket_id(bucket) : -1;
}

/* The token of text[0..n), if its id is below `below`; or -1. */
static int find_below(const Vocab *vocab, uint64_t hash, const char *text, size_t n, int below) {
    uint64_t bucket = vocab->bucket[find_bucket(vocab, hash, text, n)];
    return bucket && bucket_id(bucket) < below ? bucket_id(bucket) : -1;
}

/* Hashing goes forwards, once; looking up goes backwards and ends at the first that is there, because most words are
 * tokens as they stand. Tokens past NEAR bytes hardly exist: what few there are, are looked up on the way. */
int vocab_longest(const Vocab *vocab, const char *text, size_t least, size_t most, int below, size_t *length) {
    enum { NEAR = 64 };
    uint64_t hashes[NEAR + 1], hash = FINGERPRINT_OF_NOTHING;
    int best = -1;
    if (!vocab->buckets) return best;
    if (most > vocab->longest) most = vocab->longest;
    for (size_t n = 1; n <= most; n++) {
        hash = hash_step(hash, text[n - 1]);
        if (n <= NEAR) {
            hashes[n] = hash;
        } else if (n >= least) {
            int id = find_below(vocab, hash, text, n, below);
            if (id >= 0) best = id, *length = n;
        }
    }
    for (size_t n = most < NEAR ? most : NEAR; best < 0 && n >= least; n--) { /* least >= 1 */
        best = find_below(vocab, hashes[n], text, n, below);
        *length = n;
    }
    return best;
}

const char *vocab_token(const Vocab *vocab, int id) {
    assert(id >= 0 && id < vocab->count);
    return vocab->bytes + vocab->start[id];
}

bool vocab_is_marker(const Vocab *vocab, int id) {
    const char *token = vocab_token(vocab, id);
    size_t length = vocab->length[id];
    return length > 2 &&
           ((token[0] == '<' && token[length - 1] == '>') || (token[0] == '[' && token[length - 1] == ']'));
}

void vocab_check_ids(const Vocab *vocab, const int *ids, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (ids[i] < 0 || ids[i] >= vocab->count)
            fail(EXIT_DATA, "id number %zu is %d (expected an id of the vocabulary, 0 to %d)", i + 1, ids[i],
                 vocab->count - 1);
}

void vocab_free(Vocab *vocab) {
    memory_free(vocab->bytes);
    memory_free(vocab->start);
    memory_free(vocab->length);
    memory_free(vocab->bucket);
    *vocab = (Vocab){0};
}

typedef struct {
    const char *text;
    size_t length;
} Token;

static int by_bytes(const void *a, const void *b) {
    const Token *one = a, *other = b;
    int order = memcmp(one->text, other->text, one->length < other->length ? one->length : other->length);
    return order ? order : (one->length > other->length) - (one->length < other->length);
}

Vocab vocab_sorted(Vocab *other) {
    Vocab sorted = {0};
    size_t count = (size_t)other->count;
    Token *tokens = memory_new(count + 1, sizeof *tokens, "a vocabulary");
    for (int id = 0; id < other->count; id++) tokens[id] = (Token){vocab_token(other, id), other->length[id]};
    qsort(tokens, count, sizeof *tokens, by_bytes);
    for (size_t i = 0; i < count; i++) vocab_add(&sorted, tokens[i].text, tokens[i].length);
    memory_free(tokens);
    vocab_free(other);
    return sorted;
}

int *vocab_most_frequent(const size_t *count, int tokens, int most, int *found) {
    *found = most < tokens ? most : tokens;
    int *ids = memory_new((size_t)*found, sizeof *ids, "the largest counts");
    bool *taken = memory_new((size_t)tokens, sizeof *taken, "the largest counts");
    for (int i = 0; i < *found; i++) {
        int best = -1;
        for (int id = 0; id < tokens; id++)
            if (!taken[id] && (best < 0 || count[id] > count[best])) best = id;
        taken[ids[i] = best] = true;
    }
    memory_free(taken);
    return ids;
}

/* ---- vocab.txt ---- */

/* The largest there are have 500,000 tokens in 6 MB. The limits bound what a hostile file can cost: 150 MB. */
enum { MOST_TOKENS = 2000000, MOST_BYTES = 16 << 20 };

static bool begins_with(const char *bytes, size_t size, const char *start) {
    return size >= strlen(start) && memcmp(bytes, start, strlen(start)) == 0;
}

void vocab_refuse_strangers(const char *path, const char *bytes, size_t size) {
    if (begins_with(bytes, size, "version https://git-lfs"))
        fail(EXIT_DATA, "%s: this is a git-LFS pointer, not the file itself. Try: run git lfs pull where it came from",
             path);
    if (begins_with(bytes, size, "<!DOCTYPE") || begins_with(bytes, size, "<!doctype") ||
        begins_with(bytes, size, "<html"))
        fail(EXIT_DATA, "%s: this is a web page, not the file itself. Try: download the raw file", path);
}

/* Where a line ends without the white space behind its token, which no token has: the fast tokenizer trims it too. */
static size_t trim(const char *line, size_t size) {
    while (size > 0) {
        size_t back = 1;
        int length;
        while (back < 4 && back < size && ((unsigned char)line[size - back] & 0xC0) == 0x80) back++;
        if (!bert_is_space(utf8_decode(line + size - back, back, &length))) break;
        size -= back;
    }
    return size;
}

Vocab vocab_parse(const char *path, const char *bytes, size_t size) {
    vocab_refuse_strangers(path, bytes, size);
    LineReader reader = line_reader(path, bytes, size);
    size_t lines = 1, length;
    const char *line = reader.at;
    if (line == reader.end)
        fail(EXIT_DATA,
             "%s: the vocabulary is empty (expected one token a line). Try: the files that came with the model", path);
    for (; (line = memchr(line, '\n', (size_t)(reader.end - line))) != NULL; line++) lines++;
    if (lines > MOST_TOKENS) fail(EXIT_DATA, "%s: %zu lines (expected at most %d tokens)", path, lines, MOST_TOKENS);
    Vocab vocab = {0};
    int empty = 0, blank = 0; /* the first empty line; the same once a token follows */
    vocab_reserve(&vocab, (int)lines, (size_t)(reader.end - reader.at));
    while (line_next(&reader, &line, &length)) {
        length = trim(line, length);
        size_t wrong = utf8_first_invalid(line, length);
        if (wrong < length)
            fail(EXIT_DATA, "%s:%d: byte %zu of the line is not UTF-8. Try: save the file as UTF-8", path, reader.line,
                 wrong + 1);
        vocab_add(&vocab, line, length);
        if (length == 0 && !empty) empty = reader.line;
        if (length > 0) blank = empty;
    }
    if (blank)
        warn(
            "%s:%d: a blank line, which counts as a token, as for AutoTokenizer: were it gone, all ids behind it would "
            "be one less",
            path, blank);
    return vocab;
}

Vocab vocab_read(const char *path) {
    FileMap file = file_map(path); /* so that the size is judged before anything is read */
    if (file.size > MOST_BYTES)
        fail(EXIT_DATA, "%s: %zu bytes (expected at most %d for a vocabulary). Try: fetch the file again", path,
             file.size, MOST_BYTES);
    Vocab vocab = vocab_parse(path, file.size ? (const char *)file.data : "", file.size);
    file_unmap(&file);
    return vocab;
}
