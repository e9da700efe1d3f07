#include "text/vocab_json.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <limits.h>
#include <string.h>

/* ---- the list ---- */

/* Sizes fit: what comes here lies in a file of less than 2 GB. */
static void add(TokenIds *tokens, const char *token, size_t length, int id) {
    if (tokens->used + length > tokens->room) {
        tokens->room = 2 * tokens->room + length + 256;
        tokens->bytes = memory_grow(tokens->bytes, tokens->room, 1, "a vocabulary");
    }
    if (tokens->count == tokens->slots) {
        tokens->slots = 2 * tokens->slots + 4096;
        tokens->entry = memory_grow(tokens->entry, (size_t)tokens->slots, sizeof *tokens->entry, "a vocabulary");
    }
    if (length) memcpy(tokens->bytes + tokens->used, token, length);
    tokens->entry[tokens->count++] = (TokenId){(uint32_t)tokens->used, (uint32_t)length, id};
    tokens->used += length;
}

void token_ids_free(TokenIds *tokens) {
    memory_free(tokens->bytes);
    memory_free(tokens->entry);
    *tokens = (TokenIds){0};
}

/* A token as a 0-terminated text for a message, cut where it is long. */
static const char *shown(const TokenIds *tokens, const TokenId *entry, char out[64]) {
    size_t length = entry->length < 48 ? entry->length : 48;
    if (length) memcpy(out, tokens->bytes + entry->start, length);
    out[length] = '\0';
    return out;
}

Vocab token_ids_vocab(const char *path, const TokenIds *tokens) {
    char one[64], other[64];
    int *entry_of = memory_new((size_t)tokens->count + 1, sizeof *entry_of, "a vocabulary"); /* [id] entry + 1, or 0 */
    for (int i = 0; i < tokens->count; i++) {
        const TokenId *entry = &tokens->entry[i];
        if (entry->id < 0 || entry->id >= tokens->count)
            fail(EXIT_DATA, "%s: model.vocab: '%s' has the id %d (%d tokens have the ids 0 to %d, each once)", path,
                 shown(tokens, entry, one), entry->id, tokens->count, tokens->count - 1);
        if (entry_of[entry->id])
            fail(EXIT_DATA, "%s: model.vocab: '%s' and '%s' both have the id %d", path,
                 shown(tokens, &tokens->entry[entry_of[entry->id] - 1], one), shown(tokens, entry, other), entry->id);
        entry_of[entry->id] = i + 1;
    }
    Vocab vocab = {0};
    vocab_reserve(&vocab, tokens->count, tokens->used);
    for (int id = 0; id < tokens->count; id++) {
        const TokenId *entry = &tokens->entry[entry_of[id] - 1];
        vocab_add(&vocab, tokens->bytes + entry->start, entry->length);
    }
    for (int id = 0; vocab.distinct < vocab.count && id < vocab.count; id++)
        if (vocab_id(&vocab, vocab_token(&vocab, id), vocab.length[id]) != id)
            fail(EXIT_DATA, "%s: model.vocab: '%.48s' is there twice", path, vocab_token(&vocab, id));
    memory_free(entry_of);
    return vocab;
}

TokenIds token_ids_from_json(const char *path, const json_t *vocab) {
    TokenIds tokens = {0};
    const char *token;
    json_t *value;
    size_t count = json_object_size(vocab), bytes = 0;
    json_object_foreach((json_t *)vocab, token, value) {
        json_int_t id = json_integer_value(value);
        if (!json_is_integer(value) || id < 0 || (size_t)id >= count || id >= INT_MAX) {
            char *number = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
            char text[24];
            snprintf(text, sizeof text, "%s", number ? number : "?");
            memory_free(number);
            fail(EXIT_DATA, "%s: model.vocab: '%.48s' has the id %s (expected a whole number from 0 to %zu, each once)",
                 path, token, text, count - 1);
        }
        bytes += strlen(token);
        if (bytes > INT_MAX) fail(EXIT_DATA, "%s: model.vocab is larger than 2 GB", path);
        add(&tokens, token, strlen(token), (int)id);
    }
    return tokens;
}

/* ---- the scanner ---- */

typedef struct {
    const char *at, *end;
} Cursor;

static void skip_space(Cursor *cursor) {
    while (cursor->at < cursor->end &&
           (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\r' || *cursor->at == '\t'))
        cursor->at++;
}

static bool take(Cursor *cursor, char expected) {
    skip_space(cursor);
    if (cursor->at == cursor->end || *cursor->at != expected) return false;
    cursor->at++;
    return true;
}

/* Past the closing quote of a string whose opening quote has been taken; escapes are passed over, not read. */
static bool skip_string(Cursor *cursor) {
    for (; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '"') {
            cursor->at++;
            return true;
        }
        if (*cursor->at == '\\' && ++cursor->at == cursor->end) break;
    }
    return false;
}

/* Past one value of any kind. Only its strings and brackets are looked at: jansson will check the rest. */
static bool skip_value(Cursor *cursor) {
    int depth = 0;
    for (skip_space(cursor); cursor->at < cursor->end;) {
        char c = *cursor->at;
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return true;
        cursor->at++;
        if (c == '"' && !skip_string(cursor)) return false;
        if (c == '{' || c == '[') depth++;
        if (c == '}' || c == ']') depth--;
    }
    return false;
}

/* The cursor stands at an object; moves it to the value of `key`, or gives false. */
static bool enter(Cursor *cursor, const char *key) {
    if (!take(cursor, '{')) return false;
    do {
        if (!take(cursor, '"')) return false;
        const char *name = cursor->at;
        if (!skip_string(cursor) || !take(cursor, ':')) return false;
        size_t length = strlen(key);
        if ((size_t)(cursor->end - name) > length && memcmp(name, key, length) == 0 && name[length] == '"') {
            skip_space(cursor);
            return true;
        }
        if (!skip_value(cursor)) return false;
    } while (take(cursor, ','));
    return false;
}

/* The string of which the opening quote has been taken, its simple escapes resolved in `room`. Otherwise NULL. */
static const char *take_string(Cursor *cursor, String *room, size_t *length) {
    static const char letter[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    const char *start = cursor->at;
    room->length = 0;
    for (; cursor->at < cursor->end && (unsigned char)*cursor->at >= 0x20; cursor->at++) {
        if (*cursor->at == '"') {
            if (room->length) string_add_bytes(room, start, (size_t)(cursor->at - start));
            const char *text = room->length ? room->text : start;
            *length = room->length ? room->length : (size_t)(cursor->at - start);
            cursor->at++;
            return text;
        }
        if (*cursor->at == '\\') {
            string_add_bytes(room, start, (size_t)(cursor->at - start));
            const char *known = ++cursor->at < cursor->end && *cursor->at ? strchr(letter, *cursor->at) : NULL;
            if (!known) return NULL;
            string_add_bytes(room, &meaning[known - letter], 1);
            start = cursor->at + 1;
        }
    }
    return NULL;
}

/* A whole number of at most nine digits, without sign or leading zeros; or -1. */
static int take_id(Cursor *cursor) {
    skip_space(cursor);
    const char *start = cursor->at;
    int id = 0;
    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9' && cursor->at - start < 9)
        id = 10 * id + (*cursor->at++ - '0');
    ptrdiff_t digits = cursor->at - start;
    return digits == 0 || (*start == '0' && digits > 1) ? -1 : id;
}

static bool scan_object(TokenIds *out, Cursor *cursor) {
    String room = {0};
    bool fine = take(cursor, '{'), more = fine && !take(cursor, '}');
    while (fine && more) {
        size_t length = 0;
        const char *token = take(cursor, '"') ? take_string(cursor, &room, &length) : NULL;
        int id = token && take(cursor, ':') ? take_id(cursor) : -1;
        fine = id >= 0;
        if (fine) add(out, token, length, id);
        more = fine && take(cursor, ',');
        if (fine && !more) fine = take(cursor, '}'); /* anything else, such as the .5 of 7.5, is not plain */
    }
    string_free(&room);
    return fine;
}

bool token_ids_scan(TokenIds *out, const char *json, size_t size, size_t *begin, size_t *end) {
    *out = (TokenIds){0};
    if (size > INT_MAX) return false;
    Cursor cursor = {json, json + size};
    if (!enter(&cursor, "model") || !enter(&cursor, "vocab")) return false;
    *begin = (size_t)(cursor.at - json);
    bool plain = scan_object(out, &cursor);
    *end = (size_t)(cursor.at - json);
    if (plain && utf8_first_invalid(json + *begin, *end - *begin) == *end - *begin) return true;
    token_ids_free(out);
    return false;
}
