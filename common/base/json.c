#include "base/json.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <string.h>

static void *allocate(size_t size) {
    return memory_new(size, 1, "a JSON value");
}

json_t *json_parse(const char *name, const char *bytes, size_t size) {
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) { /* Windows editors write one; jansson refuses it */
        note("%s: starts with a byte-order mark, which is skipped", name);
        bytes += 3, size -= 3;
    }
    json_set_alloc_funcs(allocate, memory_free);
    json_error_t error;
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail(EXIT_DATA, "%s:%d:%d: not valid JSON: %s. Try: fetch the file again", name, error.line, error.column,
             error.text);
    if (!json_is_object(root)) {
        json_decref(root);
        fail(EXIT_DATA, "%s: expected a JSON object {...}", name);
    }
    return root;
}

json_t *json_read(const char *path) {
    Bytes bytes = file_read(path);
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
    char text[80];
    error_quote(text, sizeof text, shown ? shown : "?");
    memory_free(shown);
    fail(EXIT_DATA, "%s: %s is %s (expected %s)", name, key, text, expected);
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
    if (!value_at(object, key)) fail(EXIT_DATA, "%s: the key %s is missing", name, key);
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
