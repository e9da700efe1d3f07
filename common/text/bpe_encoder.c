#include "text/bpe_encoder.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <limits.h>

typedef struct {
    const char *at, *end;
} Cursor;

static bool take(Cursor *cursor, char expected) {
    while (cursor->at < cursor->end &&
           (*cursor->at == ' ' || *cursor->at == '\n' || *cursor->at == '\r' || *cursor->at == '\t'))
        cursor->at++;
    if (cursor->at == cursor->end || *cursor->at != expected) return false;
    cursor->at++;
    return true;
}

/* The four digits of a \u escape: a character from 1 on that is no half of a pair; or -1. */
static int32_t take_escape(Cursor *cursor) {
    int32_t character = 0;
    if (cursor->end - cursor->at < 4) return -1;
    for (int i = 0; i < 4; i++) {
        char c = *cursor->at++;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) return -1;
        character = character << 4 | digit;
    }
    return character == 0 || (character >= 0xD800 && character <= 0xDFFF) ? -1 : character;
}

/* A string whose opening quote has been taken, without its escapes, to bytes + *used; there is room: escapes shrink. */
static bool take_string(Cursor *cursor, char *bytes, size_t *used) {
    while (cursor->at < cursor->end) {
        char c = *cursor->at++;
        if (c == '"') return true;
        if ((unsigned char)c < 0x20) return false;
        if (c == '\\') {
            if (cursor->at == cursor->end) return false;
            c = *cursor->at++;
            if (c == 'u') {
                int32_t character = take_escape(cursor);
                if (character < 0) return false;
                *used += (size_t)utf8_encode(character, bytes + *used);
                continue;
            }
            if (c != '"' && c != '\\' && c != '/') return false;
        }
        bytes[(*used)++] = c;
    }
    return false;
}

/* A whole number of at most nine digits, without a sign or a zero in front. */
static bool take_id(Cursor *cursor, int *id) {
    take(cursor, (char)0xFF); /* passes over white space: no byte of UTF-8 is that one */
    const char *first = cursor->at;
    for (*id = 0; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++) {
        if (cursor->at - first == 9) return false;
        *id = *id * 10 + (*cursor->at - '0');
    }
    return cursor->at > first && (*first != '0' || cursor->at == first + 1);
}

static bool take_entries(Cursor *cursor, TokenIds *out) {
    do {
        size_t start = out->used;
        int id;
        if (!take(cursor, '"') || !take_string(cursor, out->bytes, &out->used)) return false;
        if (!take(cursor, ':') || !take_id(cursor, &id)) return false;
        if (out->count == out->slots) {
            out->slots = 2 * out->slots + 4096;
            out->entry = memory_grow(out->entry, (size_t)out->slots, sizeof *out->entry, "a vocabulary");
        }
        out->entry[out->count++] = (TokenId){(uint32_t)start, (uint32_t)(out->used - start), id};
    } while (take(cursor, ','));
    return take(cursor, '}');
}

bool bpe_encoder_scan(TokenIds *out, const char *json, size_t size) {
    Cursor cursor = {json, json + size};
    *out = (TokenIds){0};
    if (size > INT_MAX || utf8_first_invalid(json, size) < size || !take(&cursor, '{')) return false;
    out->room = size;
    out->bytes = memory_new(size, 1, "a vocabulary");
    bool plain = take_entries(&cursor, out);
    take(&cursor, (char)0xFF); /* passes over white space: no byte of UTF-8 is that one */
    plain = plain && cursor.at == cursor.end;
    if (!plain) token_ids_free(out);
    return plain;
}
