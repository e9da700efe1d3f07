#include "text/vocab_json.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/scan.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* ---- the list ---- */

/* The object that comes next; its tokens lie in the scan's block. */
static TokenIds read_entries(Scan *scan) {
    TokenIds tokens = {0};
    for (ScanObject object = scan_loose_object(scan); scan_key(scan, &object);) {
        int id;
        bool plain = scan_whole(scan, &id);
        tokens.entry = memory_for_more(tokens.entry, (size_t)tokens.count, sizeof *tokens.entry, "a vocabulary");
        tokens.entry[tokens.count++] =
            (TokenId){(uint32_t)(object.key - scan->decoded), (uint32_t)object.length, plain ? id : -1};
        if (plain) continue;
        ScanValue value = scan_skip(scan);
        if (tokens.odd) continue;
        tokens.odd = tokens.count;
        snprintf(tokens.value, sizeof tokens.value, "%.*s", (int)(value.length < 24 ? value.length : 24), value.text);
    }
    return tokens;
}

/* Entry i as a text: a scan ends each of its keys with a 0. */
static const char *token_at(const TokenIds *tokens, int i) {
    return tokens->bytes + tokens->entry[i].start;
}

/* Vocabularies have holes where somebody took tokens out; but an id may not cost more memory than its file. */
enum { MOST_HOLES = 1 << 16 };

/* [*ids] entry + 1 of each id; 0: a hole. */
static int *places_of(const char *path, const TokenIds *tokens, int *ids) {
    int room = tokens->count + MOST_HOLES;
    int *entry_of = memory_new((size_t)room, sizeof *entry_of, "a vocabulary");
    *ids = 0;
    for (int i = 0; i < tokens->count; i++) {
        const TokenId *entry = &tokens->entry[i];
        if (entry->id >= room)
            fail(EXIT_DATA, "%s: '%.48s' has the id %d (expected ids near 0 to %d: there are %d tokens)", path,
                 token_at(tokens, i), entry->id, tokens->count - 1, tokens->count);
        if (entry_of[entry->id])
            fail(EXIT_DATA, "%s: '%.48s' and '%.48s' both have the id %d", path,
                 token_at(tokens, entry_of[entry->id] - 1), token_at(tokens, i), entry->id);
        entry_of[entry->id] = i + 1;
        if (entry->id >= *ids) *ids = entry->id + 1;
    }
    return entry_of;
}

Vocab token_ids_vocab(const char *path, TokenIds *tokens) {
    if (tokens->odd)
        fail(EXIT_DATA, "%s: '%.48s' has the id %s (expected a whole number from 0 to %d, each once)", path,
             token_at(tokens, tokens->odd - 1), tokens->value, tokens->count - 1);
    int ids, *entry_of = places_of(path, tokens, &ids);
    Vocab vocab = {0};
    size_t bytes = 0; /* fits: the file has less than 2 GB */
    for (int i = 0; i < tokens->count; i++) bytes += tokens->entry[i].length;
    vocab_reserve(&vocab, ids, bytes);
    for (int id = 0; id < ids; id++) {
        int entry = entry_of[id] - 1;
        vocab_add(&vocab, entry < 0 ? "" : token_at(tokens, entry), entry < 0 ? 0 : tokens->entry[entry].length);
    }
    for (int id = 0; vocab.distinct < vocab.count && id < vocab.count; id++)
        if (entry_of[id] && vocab_id(&vocab, vocab_token(&vocab, id), vocab.length[id]) != id)
            fail(EXIT_DATA, "%s: '%.48s' is there twice", path, vocab_token(&vocab, id));
    memory_free(entry_of);
    memory_free(tokens->bytes);
    memory_free(tokens->entry);
    *tokens = (TokenIds){0};
    return vocab;
}

/* ---- the files ---- */

static Scan begin(const char *path, const char *bytes, size_t size) {
    if (size > INT_MAX) fail(EXIT_DATA, "%s: %zu bytes (expected at most 2 GB)", path, size);
    return scan_begin(path, (const unsigned char *)bytes, size);
}

Vocab vocab_json_parse(const char *path, const char *bytes, size_t size) {
    vocab_refuse_strangers(path, bytes, size);
    size_t mark = bytes_mark(path, bytes, size);
    Scan scan = begin(path, bytes + mark, size - mark);
    TokenIds tokens = read_entries(&scan);
    tokens.bytes = scan_end(&scan);
    if (tokens.count == 0) fail(EXIT_DATA, "%s: has no tokens", path);
    return token_ids_vocab(path, &tokens);
}

Vocab vocab_json_read(const char *path) {
    Bytes file = json_bytes(path);
    Vocab vocab = vocab_json_parse(path, file.data, file.size);
    bytes_free(&file);
    return vocab;
}

/* Past the whole file; *from and *to are where its vocabulary stands, both 0 when it has none. */
static TokenIds find_vocab(Scan *scan, size_t *from, size_t *to) {
    TokenIds tokens = {0};
    *from = *to = 0;
    for (ScanObject root = scan_object(scan); scan_key(scan, &root);) {
        if (strcmp(root.key, "model") != 0 || scan_peek(scan) != '{') {
            scan_skip(scan);
            continue;
        }
        for (ScanObject model = scan_object(scan); scan_key(scan, &model);) {
            if (strcmp(model.key, "vocab") != 0 || scan_peek(scan) != '{') {
                scan_skip(scan);
                continue;
            }
            *from = scan->at;
            tokens = read_entries(scan);
            *to = scan->at;
        }
    }
    return tokens;
}

json_t *token_ids_cut(const char *path, const char *bytes, size_t size, TokenIds *tokens) {
    vocab_refuse_strangers(path, bytes, size);
    size_t mark = bytes_mark(path, bytes, size), from, to;
    bytes += mark, size -= mark;
    Scan scan = begin(path, bytes, size);
    *tokens = find_vocab(&scan, &from, &to);
    tokens->bytes = scan_end(&scan);
    String rest = {0};
    string_add_bytes(&rest, bytes, from);
    string_add(&rest, "%s", to ? "{}" : "");
    string_add_bytes(&rest, bytes + to, size - to);
    json_t *root = json_parse(path, rest.text, rest.length);
    string_free(&rest);
    return root;
}
