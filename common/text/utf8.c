#include "text/utf8.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

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
    for (size_t at = 0; at < size; count++) utf8_next(bytes, size, &at);
    return count;
}

int utf8_width(const char *text) {
    int width = 0;
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        int32_t character = utf8_next(text, size, &at);
        width += character < 0 ? 1 : utf8proc_charwidth(character);
    }
    return width;
}

static void add_label_character(String *out, int32_t character) {
    if (character == '\n' || character == 0x2028 || character == 0x2029) character = 0x23CE;
    if (character == '\t') character = 0x2409;
    if (character < 0 || character == 0xFFFE || character == 0xFFFF) character = UTF8_REPLACEMENT;
    if (character_controls(character)) {
        string_add(out, "\\x%02x", (unsigned)character);
    } else if (character_turns(character)) {
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
        int32_t character = utf8_next(bytes, size, &at);
        bool cut = shown == most - 1 && at < size;
        add_label_character(out, cut ? 0x2026 : character);
        if (cut) return;
    }
}

char *utf8_shown(const char *bytes, size_t size, int most) {
    String label = {0};
    utf8_label(&label, bytes, size, most);
    return label.text;
}

static bool is_right_to_left(int32_t character) {
    if (character < 0x590) return false; /* Hebrew is the first */
    utf8proc_bidi_class_t class = (utf8proc_bidi_class_t)utf8proc_get_property(character)->bidi_class;
    return class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL;
}

/* How many of the bytes at the start are right-to-left letters and the marks on them; 0 when no letter begins them. */
static size_t right_to_left_letters(const char *bytes, size_t size) {
    size_t at = 0;
    while (at < size) {
        int length;
        int32_t character = utf8_decode(bytes + at, size - at, &length);
        bool mark =
            at > 0 && character >= 0x300 && utf8proc_get_property(character)->bidi_class == UTF8PROC_BIDI_CLASS_NSM;
        if (!mark && !is_right_to_left(character)) break;
        at += (size_t)length;
    }
    return at;
}

char *utf8_drawn(const char *bytes, size_t size, int most) {
    String label = {0}, out = {0};
    utf8_label(&label, bytes, size, most);
    string_add_bytes(&out, "", 0);
    for (size_t at = 0, taken; at < label.length; at += taken) {
        const char *rest = label.text + at;
        size_t left = label.length - at, letters = right_to_left_letters(rest, left), piece = 0;
        if (left > 2 && memcmp(rest, "##", 2) == 0) piece = right_to_left_letters(rest + 2, left - 2);
        taken = piece ? 2 + piece : letters ? letters : 1;
        if (piece) string_add_bytes(&out, "\u200F", 3);
        string_add_bytes(&out, rest, taken);
        if (piece || (letters && taken == left)) string_add_bytes(&out, "\u200E", 3);
    }
    string_free(&label);
    return out.text;
}
