#include "text/utf8.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

/* The first byte says how many follow: 110xxxxx one, 1110xxxx two, 11110xxx three; each of those is 10xxxxxx. C0, C1
 * and F5 to FF never occur. Three things fit this pattern and are still wrong: a character written longer than it
 * needs (so that a check for its short form misses it), half of a UTF-16 pair, and numbers past U+10FFFF. */
int32_t utf8_decode(const char *bytes, size_t size, int *length) {
    static const int32_t smallest[4] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)bytes;
    *length = 1;
    if (byte[0] < 0x80) return byte[0];
    int more = byte[0] >= 0xF0 ? 3 : byte[0] >= 0xE0 ? 2 : 1;
    if (byte[0] < 0xC2 || byte[0] > 0xF4 || size <= (size_t)more) return -1;
    int32_t character = byte[0] & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
        if ((byte[i] & 0xC0) != 0x80) return -1;
        character = character << 6 | (byte[i] & 0x3F);
    }
    bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < smallest[more] || surrogate || character > 0x10FFFF) return -1;
    *length = more + 1;
    return character;
}

int utf8_encode(int32_t character, char out[4]) {
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    for (int i = more; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    static const int mark[4] = {0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(mark[more] | character);
    return more + 1;
}

/* How many of the bytes at the start are ASCII, eight at a time: most text is. */
static size_t ascii_prefix(const char *bytes, size_t size) {
    size_t at = 0;
    for (uint64_t eight; at + 8 <= size; at += 8) {
        memcpy(&eight, bytes + at, 8);
        if (eight & UINT64_C(0x8080808080808080)) break;
    }
    while (at < size && (unsigned char)bytes[at] < 0x80) at++;
    return at;
}

size_t utf8_first_invalid(const char *bytes, size_t size) {
    size_t at = ascii_prefix(bytes, size);
    while (at < size) {
        int length;
        if (utf8_decode(bytes + at, size - at, &length) < 0) return at;
        at += (size_t)length;
        if (at < size && (unsigned char)bytes[at] < 0x80) at += ascii_prefix(bytes + at, size - at);
    }
    return size;
}

size_t utf8_count(const char *bytes, size_t size) {
    size_t count = 0;
    for (size_t at = 0; at < size; count++) {
        int length;
        utf8_decode(bytes + at, size - at, &length);
        at += (size_t)length;
    }
    return count;
}

int utf8_width(const char *text) {
    int width = 0;
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        int length;
        int32_t character = utf8_decode(text + at, size - at, &length);
        width += character < 0 ? 1 : utf8proc_charwidth(character);
        at += (size_t)length;
    }
    return width;
}

/* The embeddings, overrides and isolates of the bidirectional algorithm: one of them left open turns what follows
 * around. */
static bool turns_direction(int32_t character) {
    return character == 0x061C || (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}

static void add_label_character(String *out, int32_t character) {
    if (character == '\n' || character == 0x2028 || character == 0x2029) character = 0x23CE;
    if (character == '\t') character = 0x2409;
    if (character < 0 || character == 0xFFFE || character == 0xFFFF) character = UTF8_REPLACEMENT;
    if (character < 0x20 || (character >= 0x7F && character < 0xA0)) {
        string_add(out, "\\x%02x", (unsigned)character);
    } else if (turns_direction(character)) {
        string_add(out, "\\u%04x", (unsigned)character);
    } else {
        char bytes[4];
        string_add_bytes(out, bytes, (size_t)utf8_encode(character, bytes));
    }
}

void utf8_label(String *out, const char *bytes, size_t size, int most) {
    assert(most >= 1);
    string_add_bytes(out, "", 0); /* an empty label is a text too, not NULL */
    size_t at = 0;
    for (int shown = 0; at < size; shown++) {
        int length;
        int32_t character = utf8_decode(bytes + at, size - at, &length);
        bool more = at + (size_t)length < size;
        if (shown == most - 1 && more) {
            add_label_character(out, 0x2026);
            return;
        }
        add_label_character(out, character);
        at += (size_t)length;
    }
}

char *utf8_shown(const char *bytes, size_t size, int most) {
    String label = {0};
    utf8_label(&label, bytes, size, most);
    return label.text;
}
