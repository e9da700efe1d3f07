#include "base/json.h"
#include "base/error.h"

#include <string.h>
#include <sys/stat.h>

/* Real files have far less: a tokenizer.json of 500,000 tokens has 10 MB, its part that jansson reads a few hundred
 * values. A value costs up to 400 bytes however short it is written, so both are bounded, and with them the memory
 * (about 150 MB) and the time (half a second) that a hostile file can take. */
enum { MOST_COST = 600000 };

static void *allocate(size_t size) {
    return memory_new(size, 1, "a JSON value");
}

/* What the text's values will cost, from its punctuation outside of strings: an entry's block, its key's, a list's.
 * Counted up to where jansson refuses to go deeper. */
static size_t cost_of(const char *at, size_t size) {
    const char *end = at + size;
    size_t cost = 0;
    for (int depth = 0; at < end && depth <= JSON_PARSER_MAX_DEPTH; at++) {
        int opens = *at == '[' || *at == '{', closes = *at == ']' || *at == '}';
        cost += (size_t)(2 * opens + (*at == ',') + (*at == ':'));
        depth += opens - closes;
        if (*at != '"') continue;
        for (at++; at < end && *at != '"'; at++) at += *at == '\\';
    }
    return cost;
}

json_t *json_try(const char *name, const char *bytes, size_t size, json_error_t *error) {
    size_t mark = bytes_mark(NULL, bytes, size); /* jansson refuses it */
    bytes += mark, size -= mark;
    *error = (json_error_t){0};
    snprintf(error->source, sizeof error->source, "%s", name); /* for who reads JSON inside the page */
    if (cost_of(bytes, size) > MOST_COST) {
        *error = (json_error_t){.text = "it holds far more values than the files of a model do"};
        return NULL;
    }
    json_set_alloc_funcs(allocate, memory_free);
    json_t *value = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, error);
    if (!value || !memchr(bytes, '\0', size)) return value;
    json_decref(value); /* jansson passes over one that stands behind a number */
    *error = (json_error_t){.text = "not valid JSON: it holds a byte that is 0"};
    return NULL;
}

json_t *json_parse(const char *name, const char *bytes, size_t size) {
    bytes_mark(name, bytes, size); /* for its note */
    json_error_t error;
    json_t *root = json_try(name, bytes, size, &error);
    if (!root && error.line == 0) fail(EXIT_DATA, "%s: %s. Try: fetch the file again", name, error.text);
    if (!root)
        fail(EXIT_DATA, "%s:%d:%d: not valid JSON: %s. Try: fetch the file again", name, error.line, error.column,
             error.text);
    if (!json_is_object(root)) {
        json_decref(root);
        fail(EXIT_DATA, "%s: expected a JSON object {...}. Try: fetch the file again", name);
    }
    return root;
}

Bytes json_bytes(const char *path) {
    struct stat status;
    if (stat(path, &status) == 0 && status.st_size > JSON_MOST_BYTES)
        fail(EXIT_DATA, "%s: %lld bytes (expected a JSON file of at most %d). Try: fetch the file again", path,
             (long long)status.st_size, JSON_MOST_BYTES);
    return file_read(path);
}

json_t *json_read(const char *path) {
    Bytes bytes = json_bytes(path);
    json_t *root = json_parse(path, bytes.data, bytes.size);
    bytes_free(&bytes);
    return root;
}

/* NULL for a missing key and for null: configurations write both for "not set". */
static json_t *value_at(const json_t *object, const char *key) {
    json_t *value = json_object_get(object, key);
    return value && !json_is_null(value) ? value : NULL;
}

static _Noreturn void fail_value(const char *name, const char *key, const json_t *value, const char *expected) {
    char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    fail(EXIT_DATA, "%s: %s is %.80s (expected %s)", name, key, shown ? shown : "?", expected);
}

int json_int(const char *name, const json_t *object, const char *key, int lowest, int highest, int fallback) {
    json_t *value = value_at(object, key);
    if (!value) return fallback;
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < lowest || number > highest) {
        char expected[80];
        snprintf(expected, sizeof expected, "a whole number from %d to %d", lowest, highest);
        fail_value(name, key, value, expected);
    }
    return (int)number;
}

int json_int_needed(const char *name, const json_t *object, const char *key, int lowest, int highest) {
    if (!value_at(object, key)) fail(EXIT_DATA, "%s: the key %s is missing. Try: fetch the file again", name, key);
    return json_int(name, object, key, lowest, highest, lowest);
}

double json_real_at(const char *name, const json_t *object, const char *key, double lowest, double highest,
                    double fallback) {
    json_t *value = value_at(object, key);
    if (!value) return fallback;
    double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= lowest && number <= highest)) {
        char expected[80];
        snprintf(expected, sizeof expected, "a number from %g to %g", lowest, highest);
        fail_value(name, key, value, expected);
    }
    return number;
}

const char *json_text(const char *name, const json_t *object, const char *key, const char *fallback) {
    json_t *value = value_at(object, key);
    if (!value) return fallback;
    if (!json_is_string(value)) fail_value(name, key, value, "a text");
    return json_string_value(value);
}

bool json_flag(const char *name, const json_t *object, const char *key, bool fallback) {
    json_t *value = value_at(object, key);
    if (!value) return fallback;
    if (!json_is_boolean(value)) fail_value(name, key, value, "true or false");
    return json_is_true(value);
}

void json_add_text(String *out, const char *text, size_t length) {
    static const char plain[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    string_add(out, "\"");
    for (size_t i = 0; i < length; i++) {
        const char *found = text[i] ? strchr(plain, text[i]) : NULL;
        if (found) string_add(out, "\\%c", names[found - plain]);
        else if ((unsigned char)text[i] < 0x20) string_add(out, "\\u%04x", (unsigned)text[i]);
        else string_add_bytes(out, text + i, 1);
    }
    string_add(out, "\"");
}

void json_add_numbers(String *out, const int *numbers, int count) {
    string_add(out, "[");
    for (int i = 0; i < count; i++) string_add(out, i ? ",%d" : "%d", numbers[i]);
    string_add(out, "]");
}
