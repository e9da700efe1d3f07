/* For WebAssembly there is no jansson: jansson.c has its names, those of them that common/ calls, on top of text/scan,
 * which refuses what jansson refuses. tests/wasm holds one against the other. */
#ifndef SHOW_PAGE_JANSSON_H
#define SHOW_PAGE_JANSSON_H
#include <stddef.h>

typedef enum {
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_STRING,
    JSON_INTEGER,
    JSON_REAL,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
} json_type;
typedef long long json_int_t;

typedef struct json_t {
    json_type type;
    size_t refcount;
    json_int_t integer;
    double real;
    char *string;          /* owned */
    struct json_t **value; /* [count] of an array or an object; owned */
    char **key;            /* [count] of an object; owned */
    size_t count;
} json_t;

typedef struct {
    int line, column, position;
    char source[80]; /* what base/json calls the text */
    char text[160];
} json_error_t;

enum { JSON_REJECT_DUPLICATES = 1, JSON_ENCODE_ANY = 2, JSON_COMPACT = 4, JSON_PARSER_MAX_DEPTH = 2048 };

#define json_is_object(json) ((json) && (json)->type == JSON_OBJECT)
#define json_is_array(json) ((json) && (json)->type == JSON_ARRAY)
#define json_is_string(json) ((json) && (json)->type == JSON_STRING)
#define json_is_integer(json) ((json) && (json)->type == JSON_INTEGER)
#define json_is_number(json) ((json) && ((json)->type == JSON_INTEGER || (json)->type == JSON_REAL))
#define json_is_true(json) ((json) && (json)->type == JSON_TRUE)
#define json_is_false(json) ((json) && (json)->type == JSON_FALSE)
#define json_is_boolean(json) (json_is_true(json) || json_is_false(json))
#define json_is_null(json) ((json) && (json)->type == JSON_NULL)
#define json_array_foreach(array, i, item)                                                                             \
    for ((i) = 0; (i) < json_array_size(array) && ((item) = json_array_get(array, i)); (i)++)
#define json_object_foreach(object, name, item)                                                                        \
    for (size_t at_ = 0;                                                                                               \
         at_ < json_object_size(object) && ((name) = (object)->key[at_], (item) = (object)->value[at_]); at_++)

json_t *json_loadb(const char *bytes, size_t size, size_t flags, json_error_t *error);
void json_set_alloc_funcs(void *(*allocate)(size_t size), void (*release)(void *block));
json_t *json_incref(json_t *json);
void json_decref(json_t *json);

json_t *json_object_get(const json_t *object, const char *key);
size_t json_object_size(const json_t *object);
int json_object_set_new(json_t *object, const char *key, json_t *value);
json_t *json_array_get(const json_t *array, size_t at);
size_t json_array_size(const json_t *array);
int json_array_remove(json_t *array, size_t at);
const char *json_string_value(const json_t *json);
size_t json_string_length(const json_t *json);
json_int_t json_integer_value(const json_t *json);
double json_number_value(const json_t *json);

json_t *json_string(const char *text);
json_t *json_true(void);
json_t *json_false(void);
json_t *json_copy(json_t *json);
char *json_dumps(const json_t *json, size_t flags);

/* Formats: of json_pack {s:s,s:b}, of json_unpack {} [] s i, and ! for "and no more". */
json_t *json_pack(const char *format, ...);
int json_unpack(json_t *json, const char *format, ...);
#endif
