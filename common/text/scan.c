#include "text/scan.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 2048 }; /* jansson's; the scanner calls itself once a level, so this also bounds the stack */

Scan scan_begin(const char *file, const unsigned char *text, size_t size) {
    Scan scan = {.file = file, .text = text, .size = size};
    scan.decoded =
        memory_new(size + 2, 1, "the keys of a JSON text"); /* a decoded text is never longer than its source */
    return scan;
}

void scan_fail(const Scan *scan, size_t at, const char *format, ...) {
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < scan->size; i++) {
        if (scan->text[i] == '\n') {
            line++, column = 1;
        } else if ((scan->text[i] & 0xC0) != 0x80) { /* columns count characters, not their later bytes */
            column++;
        }
    }
    char what[400];
    va_list values;
    va_start(values, format);
    vsnprintf(what, sizeof what, format, values);
    va_end(values);
    fail(EXIT_DATA, "%s:%zu:%zu: %s%.120s%s%s. Try: fetch the file again", scan->file, line, column,
         scan->tensor ? "tensor \"" : "", scan->tensor ? scan->tensor : "", scan->tensor ? "\": " : "", what);
}

/* What stands at the offset, for messages. */
static const char *shown(const Scan *scan, size_t at, char out[40]) {
    if (at >= scan->size) return "the end of the text";
    unsigned char byte = scan->text[at];
    snprintf(out, 40, byte < 0x20 || byte >= 0x7f ? "byte 0x%02x" : "'%c'", byte);
    return out;
}

static bool is_space(unsigned char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(Scan *scan) {
    while (scan->at < scan->size && is_space(scan->text[scan->at])) scan->at++;
}

char scan_peek(Scan *scan) {
    skip_space(scan);
    return scan->at < scan->size ? (char)scan->text[scan->at] : '\0';
}

/* Takes the one character that must come next. */
static void expect(Scan *scan, char wanted) {
    char found[40];
    if ((scan->at >= scan->size || scan->text[scan->at] != wanted) && scan_peek(scan) != wanted)
        scan_fail(scan, scan->at, "not valid JSON: expected '%c', got %s", wanted, shown(scan, scan->at, found));
    scan->at++;
}

static void enter(Scan *scan) {
    if (++scan->depth > MOST_DEPTH) scan_fail(scan, scan->at, "JSON nested deeper than %d levels", MOST_DEPTH);
}

/* ---- texts ---- */

static int32_t hex4(const Scan *scan, size_t at) {
    int32_t value = 0;
    for (size_t i = at; i < at + 4; i++) {
        unsigned char c = i < scan->size ? scan->text[i] : 0;
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) scan_fail(scan, at, "not valid JSON: \\u needs four hexadecimal digits");
        value = value << 4 | digit;
    }
    return value;
}

/* \uXXXX, or the two of them that UTF-16 needs for a character above U+FFFF. scan->at stands behind the u. */
static int32_t escaped_character(Scan *scan) {
    size_t start = scan->at;
    int32_t first = hex4(scan, start), second = 0;
    scan->at += 4;
    if (first == 0) scan_fail(scan, start, "a text holds \\u0000, which is not accepted");
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first <= 0xDBFF && scan->size - scan->at >= 6 && memcmp(scan->text + scan->at, "\\u", 2) == 0)
        second = hex4(scan, scan->at + 2);
    if (second < 0xDC00 || second > 0xDFFF)
        scan_fail(scan, start, "not valid JSON: \\u%04X is one half of a character", (unsigned)first);
    scan->at += 6;
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

/* scan->at stands behind the backslash; writes the character to out and returns its length in bytes. */
static int decode_escape(Scan *scan, char *out) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char name = scan->at < scan->size ? (char)scan->text[scan->at] : '\0';
    const char *found = name ? strchr(names, name) : NULL;
    if (name != 'u' && !found)
        scan_fail(scan, scan->at, "not valid JSON: a backslash before %s", shown(scan, scan->at, (char[40]){0}));
    scan->at++;
    if (name == 'u') return utf8_encode(escaped_character(scan), out);
    *out = values[found - names];
    return 1;
}

/* Checks and copies one character that is not ASCII; returns its length in bytes. */
static size_t copy_character(Scan *scan, char *out) {
    const char *from = (const char *)scan->text + scan->at;
    int length;
    if (utf8_decode(from, scan->size - scan->at, &length) < 0)
        scan_fail(scan, scan->at, "not valid UTF-8: byte 0x%02x", scan->text[scan->at]);
    memcpy(out, from, (size_t)length);
    scan->at += (size_t)length;
    return (size_t)length;
}

/* Copies the letters that stand for themselves, up to a quote, an escape, a control byte or what is not ASCII. */
static size_t copy_ascii(Scan *scan, char *out) {
    const unsigned char *from = scan->text + scan->at, *end = scan->text + scan->size, *at = from;
    while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\') *out++ = (char)*at++;
    scan->at += (size_t)(at - from);
    return (size_t)(at - from);
}

/* Decodes the text that comes next to decoded + used, ends it with a 0 and returns its length; `used` stays. */
static size_t decode_text(Scan *scan) {
    size_t start = scan->at, length = 0;
    char *out = scan->decoded + scan->used;
    expect(scan, '"');
    for (;;) {
        length += copy_ascii(scan, out + length);
        if (scan->at >= scan->size) scan_fail(scan, start, "not valid JSON: a text without its closing quote");
        unsigned char byte = scan->text[scan->at];
        if (byte == '"') break;
        if (byte < 0x20) scan_fail(scan, scan->at, "not valid JSON: control byte 0x%02x in a text", byte);
        if (byte >= 0x80) {
            length += copy_character(scan, out + length);
        } else {
            scan->at++;
            length += (size_t)decode_escape(scan, out + length);
        }
    }
    scan->at++;
    out[length] = '\0';
    return length;
}

const char *scan_text(Scan *scan) {
    decode_text(scan);
    return scan->decoded + scan->used;
}

/* ---- objects and arrays ---- */

static int compare_keys(const void *a, const void *b) {
    return strcmp(((const ScanKey *)a)->text, ((const ScanKey *)b)->text);
}

/* Sorting finds a key that appears twice in n log n steps, whatever the keys are; a hash can be made to collide. */
static void check_keys(Scan *scan, size_t first) {
    size_t n = scan->key_count - first;
    if (n < 2) return;
    ScanKey *keys = scan->keys + first;
    qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(keys[i - 1].text, keys[i].text) != 0) continue;
        size_t later = keys[i].at > keys[i - 1].at ? keys[i].at : keys[i - 1].at;
        scan_fail(scan, later, "the key \"%.120s\" appears twice", keys[i].text);
    }
}

ScanObject scan_object(Scan *scan) {
    enter(scan);
    expect(scan, '{');
    return (ScanObject){.first_key = scan->key_count, .used = scan->used};
}

ScanObject scan_loose_object(Scan *scan) {
    ScanObject object = scan_object(scan);
    object.loose = true;
    return object;
}

bool scan_key(Scan *scan, ScanObject *object) {
    if (scan_peek(scan) == '}') {
        check_keys(scan, object->first_key);
        scan->at++;
        scan->depth--;
        scan->key_count = object->first_key;
        if (!object->loose) scan->used = object->used;
        return false;
    }
    if (object->started) expect(scan, ',');
    object->started = true;
    skip_space(scan);
    ScanKey key = {scan->decoded + scan->used, scan->at};
    object->key = key.text;
    object->length = decode_text(scan);
    scan->used += object->length + 1;
    if (!object->loose) {
        scan->keys = memory_for_more(scan->keys, scan->key_count, sizeof *scan->keys, "the keys of a JSON text");
        scan->keys[scan->key_count++] = key;
    }
    expect(scan, ':');
    return true;
}

ScanArray scan_array(Scan *scan) {
    enter(scan);
    expect(scan, '[');
    return (ScanArray){false};
}

bool scan_item(Scan *scan, ScanArray *array) {
    if (scan_peek(scan) == ']') {
        scan->at++;
        scan->depth--;
        return false;
    }
    if (array->started) expect(scan, ',');
    array->started = true;
    return true;
}

/* ---- numbers and words ---- */

static bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}

static void skip_digits(Scan *scan) {
    char found[40];
    size_t start = scan->at;
    while (scan->at < scan->size && is_digit(scan->text[scan->at])) scan->at++;
    if (scan->at == start)
        scan_fail(scan, start, "not valid JSON: expected a digit, got %s", shown(scan, start, found));
}

static bool take(Scan *scan, const char *any_of) {
    bool found = scan->at < scan->size && scan->text[scan->at] && strchr(any_of, scan->text[scan->at]);
    scan->at += found;
    return found;
}

static void skip_number(Scan *scan) {
    size_t start = scan->at;
    take(scan, "-");
    bool zero = scan->at < scan->size && scan->text[scan->at] == '0', whole = true;
    size_t first = scan->at;
    skip_digits(scan);
    if (zero && scan->at - first > 1) scan_fail(scan, start, "not valid JSON: a number with a leading zero");
    if (take(scan, ".")) {
        whole = false;
        skip_digits(scan);
    }
    if (take(scan, "eE")) {
        whole = false;
        take(scan, "+-");
        skip_digits(scan);
    }
    size_t length = scan->at - start; /* strtoll needs a 0 at the end, and the file has none */
    char *copy = scan->decoded + scan->used;
    memcpy(copy, scan->text + start, length);
    copy[length] = '\0';
    errno = 0;
    bool fits = whole ? (strtoll(copy, NULL, 10), errno != ERANGE) : isfinite(strtod(copy, NULL));
    if (!fits) scan_fail(scan, start, "the number %.24s does not fit 64 bits", copy);
}

bool scan_whole(Scan *scan, int *number) {
    bool minus = scan_peek(scan) == '-' && scan->size - scan->at > 1 && scan->text[scan->at + 1] == '0';
    size_t start = scan->at + minus, at = start; /* -0 is 0 */
    int value = 0;
    for (; at < scan->size && at - start < 9 && is_digit(scan->text[at]); at++)
        value = 10 * value + (scan->text[at] - '0');
    unsigned char next = at < scan->size ? scan->text[at] : 0;
    bool more = is_digit(next) || next == '.' || next == 'e' || next == 'E';
    if (at == start || more || (scan->text[start] == '0' && at - start > 1)) return false;
    scan->at = at;
    *number = value;
    return true;
}

static void skip_word(Scan *scan, const char *word) {
    size_t length = strlen(word);
    if (scan->size - scan->at < length || memcmp(scan->text + scan->at, word, length) != 0)
        scan_fail(scan, scan->at, "not valid JSON: expected %s", word);
    scan->at += length;
}

ScanValue scan_skip(Scan *scan) {
    char first = scan_peek(scan), found[40];
    size_t start = scan->at;
    if (scan->depth >= MOST_DEPTH) enter(scan);
    switch (first) {
    case '{':
        for (ScanObject object = scan_object(scan); scan_key(scan, &object);) scan_skip(scan);
        break;
    case '[':
        for (ScanArray array = scan_array(scan); scan_item(scan, &array);) scan_skip(scan);
        break;
    case '"': decode_text(scan); break;
    case 't': skip_word(scan, "true"); break;
    case 'f': skip_word(scan, "false"); break;
    case 'n': skip_word(scan, "null"); break;
    default:
        if (first != '-' && (first < '0' || first > '9'))
            scan_fail(scan, start, "not valid JSON: expected a value, got %s", shown(scan, start, found));
        skip_number(scan);
    }
    return (ScanValue){(const char *)scan->text + start, scan->at - start};
}

char *scan_end(Scan *scan) {
    char found[40];
    skip_space(scan);
    if (scan->at < scan->size)
        scan_fail(scan, scan->at, "expected the end of the JSON text, got %s", shown(scan, scan->at, found));
    memory_free(scan->keys);
    char *decoded = scan->decoded;
    *scan = (Scan){0};
    return decoded;
}

void scan_drop(Scan *scan) {
    memory_free(scan->keys);
    memory_free(scan->decoded);
    *scan = (Scan){0};
}
