/* jansson - its names, on top of text/scan. A text that is refused is refused by scan at once, with its place; so a
 * caller who would go on without it (json_try) does not get to. */
#include "base/json.h"
#include "text/scan.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Those without a value of their own are never freed. */
static json_t yes = {.type = JSON_TRUE}, no = {.type = JSON_FALSE}, nothing = {.type = JSON_NULL};

static json_t *made(json_type type) {
    json_t *json = memory_new(1, sizeof *json, "a JSON value");
    *json = (json_t){.type = type, .refcount = 1};
    return json;
}

json_t *json_incref(json_t *json) {
    if (json && json->refcount) json->refcount++;
    return json;
}

void json_decref(json_t *json) {
    if (!json || !json->refcount || --json->refcount) return;
    for (size_t i = 0; i < json->count; i++) {
        json_decref(json->value[i]);
        if (json->key) memory_free(json->key[i]);
    }
    memory_free(json->value), memory_free(json->key), memory_free(json->string), memory_free(json);
}

void json_set_alloc_funcs(void *(*allocate)(size_t size), void (*release)(void *block)) {
    (void)allocate, (void)release; /* base/memory, as base/json asks for */
}

/* ---- made ---- */

static void push(json_t *list, const char *key, json_t *value) {
    list->value = memory_for_more(list->value, list->count, sizeof(json_t *), "a JSON value");
    if (key) {
        list->key = memory_for_more(list->key, list->count, sizeof(char *), "a JSON value");
        list->key[list->count] = text_copy(key, strlen(key));
    }
    list->value[list->count++] = value;
}

json_t *json_true(void) {
    return &yes;
}

json_t *json_false(void) {
    return &no;
}

json_t *json_string(const char *text) {
    json_t *json = made(JSON_STRING);
    json->string = text_copy(text, strlen(text));
    return json;
}

static size_t place_of(const json_t *object, const char *key) {
    size_t at = 0;
    while (at < object->count && strcmp(object->key[at], key) != 0) at++;
    return at;
}

int json_object_set_new(json_t *object, const char *key, json_t *value) {
    size_t at = place_of(object, key);
    if (at == object->count) push(object, key, value);
    else json_decref(object->value[at]), object->value[at] = value;
    return 0;
}

int json_array_remove(json_t *array, size_t at) {
    json_decref(array->value[at]);
    memmove(array->value + at, array->value + at + 1, (--array->count - at) * sizeof *array->value);
    return 0;
}

json_t *json_copy(json_t *json) {
    json_t *copy = made(json->type);
    for (size_t i = 0; i < json->count; i++) push(copy, json->key ? json->key[i] : NULL, json_incref(json->value[i]));
    return copy;
}

/* ---- read ---- */

static json_t *number_of(ScanValue text) {
    char *copy = text_copy(text.text, text.length);
    bool whole = !strpbrk(copy, ".eE");
    json_t *json = made(whole ? JSON_INTEGER : JSON_REAL);
    if (whole) json->integer = strtoll(copy, NULL, 10);
    else json->real = strtod(copy, NULL);
    memory_free(copy);
    return json;
}

static json_t *read_value(Scan *scan) {
    char first = scan_peek(scan);
    if (first == '{') {
        json_t *object = made(JSON_OBJECT);
        for (ScanObject o = scan_object(scan); scan_key(scan, &o);) {
            size_t at = object->count;
            push(object, o.key, NULL);
            object->value[at] = read_value(scan);
        }
        return object;
    }
    if (first == '[') {
        json_t *array = made(JSON_ARRAY);
        for (ScanArray a = scan_array(scan); scan_item(scan, &a);) push(array, NULL, read_value(scan));
        return array;
    }
    if (first == '"') return json_string(scan_text(scan));
    ScanValue value = scan_skip(scan);
    return first == 't' ? &yes : first == 'f' ? &no : first == 'n' ? &nothing : number_of(value);
}

json_t *json_loadb(const char *bytes, size_t size, size_t flags, json_error_t *error) {
    (void)flags; /* scan refuses a key that is there twice */
    Scan scan = scan_begin(*error->source ? error->source : "a JSON text", (const unsigned char *)bytes, size);
    char first = scan_peek(&scan);
    if (first != '{' && first != '[') scan_fail(&scan, scan.at, "not valid JSON: expected '[' or '{'");
    json_t *json = read_value(&scan);
    memory_free(scan_end(&scan));
    return json;
}

/* ---- asked ---- */

json_t *json_object_get(const json_t *object, const char *key) {
    if (!json_is_object(object)) return NULL;
    size_t at = place_of(object, key);
    return at < object->count ? object->value[at] : NULL;
}

size_t json_object_size(const json_t *object) {
    return json_is_object(object) ? object->count : 0;
}

json_t *json_array_get(const json_t *array, size_t at) {
    return json_is_array(array) && at < array->count ? array->value[at] : NULL;
}

size_t json_array_size(const json_t *array) {
    return json_is_array(array) ? array->count : 0;
}

const char *json_string_value(const json_t *json) {
    return json_is_string(json) ? json->string : NULL;
}

size_t json_string_length(const json_t *json) {
    return json_is_string(json) ? strlen(json->string) : 0;
}

json_int_t json_integer_value(const json_t *json) {
    return json_is_integer(json) ? json->integer : 0;
}

double json_number_value(const json_t *json) {
    return json_is_integer(json) ? (double)json->integer : json && json->type == JSON_REAL ? json->real : 0;
}

/* ---- written ---- */

static void add_value(String *out, const json_t *json);

static void add_all(String *out, const json_t *json) {
    for (size_t i = 0; i < json->count; i++) {
        if (i) string_add(out, ",");
        if (json->key) json_add_text(out, json->key[i], strlen(json->key[i])), string_add(out, ":");
        add_value(out, json->value[i]);
    }
}

/* As jansson does: a number that is no whole one keeps a point, and an exponent has no plus and no zeros before it. */
static void add_real(String *out, double real) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", real);
    char *e = strchr(text, 'e'), *digits = e ? e + 1 + (e[1] == '-' || e[1] == '+') : NULL;
    string_add(out, "%.*s", e ? (int)(e - text) : 40, text);
    if (!strpbrk(text, ".e")) string_add(out, ".0");
    if (e) string_add(out, "e%s%s", e[1] == '-' ? "-" : "", digits + strspn(digits, "0"));
}

static void add_value(String *out, const json_t *json) {
    switch (json->type) {
    case JSON_OBJECT: string_add(out, "{"), add_all(out, json), string_add(out, "}"); break;
    case JSON_ARRAY: string_add(out, "["), add_all(out, json), string_add(out, "]"); break;
    case JSON_STRING: json_add_text(out, json->string, strlen(json->string)); break;
    case JSON_INTEGER: string_add(out, "%lld", json->integer); break;
    case JSON_REAL: add_real(out, json->real); break;
    default: string_add(out, json == &yes ? "true" : json == &no ? "false" : "null");
    }
}

char *json_dumps(const json_t *json, size_t flags) {
    (void)flags;
    String out = {0};
    add_value(&out, json);
    return out.text;
}

/* ---- by a format ---- */

json_t *json_pack(const char *format, ...) {
    json_t *object = made(JSON_OBJECT);
    va_list values;
    va_start(values, format);
    assert(*format == '{');
    for (const char *at = format + 1; *at != '}'; at += at[3] == ',' ? 4 : 3) {
        const char *key = va_arg(values, const char *);
        assert(at[0] == 's' && at[1] == ':' && (at[2] == 's' || at[2] == 'b'));
        push(object, key, at[2] == 's' ? json_string(va_arg(values, const char *)) : va_arg(values, int) ? &yes : &no);
    }
    va_end(values);
    return object;
}

/* Takes what the format says at *at from the value; false when the value is another. */
static bool take(const json_t *json, const char **at, va_list *values) {
    char kind = *(*at)++;
    bool fits = true;
    if (kind == 's') {
        *va_arg(*values, const char **) = json_string_value(json);
        return json_is_string(json);
    }
    if (kind == 'i') {
        *va_arg(*values, int *) = (int)json_integer_value(json);
        return json_is_integer(json);
    }
    if (kind == '{') {
        while (fits && **at != '}') {
            const char *key = va_arg(*values, const char *);
            *at += 2; /* s: */
            fits = take(json_object_get(json, key), at, values);
            if (**at == ',') ++*at;
        }
        ++*at;
        return fits && json_is_object(json);
    }
    assert(kind == '[');
    size_t i = 0;
    while (fits && **at != ']' && **at != '!') {
        fits = take(json_array_get(json, i++), at, values);
        if (**at == ',') ++*at;
    }
    if (fits && **at == '!') {
        ++*at;
        fits = json_array_size(json) == i;
    }
    ++*at;
    return fits && json_is_array(json);
}

int json_unpack(json_t *json, const char *format, ...) {
    va_list values;
    va_start(values, format);
    bool fits = take(json, &format, &values);
    va_end(values);
    return fits ? 0 : -1;
}
