/* json - jansson with our rules: duplicate keys refused, a byte-order mark skipped, errors with FILE:line:column, size
 * and number of values bounded, and getters that say which key is wrong and what it should be. All failures are
 * EXIT_DATA. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/files.h"
#include "base/memory.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { JSON_MOST_BYTES = 16 << 20 }; /* of a file */

/* Parses `size` bytes; `name` is the file, for messages. The result is a JSON object; free it with json_decref. */
json_t *json_parse(const char *name, const char *bytes, size_t size);
json_t *json_read(const char *path);

/* The bytes of a JSON file (file_read), refused before they are read when there are more than 16 MB. */
Bytes json_bytes(const char *path);

/* The value that the bytes hold, any kind, by the same rules, but a mark is skipped without a note; NULL, with *error,
 * when there is none (its line is 0 when there are too many values, or a byte that is 0). Inside the page it fails. */
json_t *json_try(const char *name, const char *bytes, size_t size, json_error_t *error);

/* object[key] as a whole number in [lowest, highest], a number, a text, a truth value. A missing or null key gives
 * `fallback`; a value of the wrong type or range fails: "config.json: hidden_size is 0 (expected a whole number from
 * 1 to 65536)". */
int json_int(const char *name, const json_t *object, const char *key, int lowest, int highest, int fallback);
double json_real_at(const char *name, const json_t *object, const char *key, double lowest, double highest,
                    double fallback);
const char *json_text(const char *name, const json_t *object, const char *key, const char *fallback); /* borrowed */
bool json_flag(const char *name, const json_t *object, const char *key, bool fallback);

/* Appends a text as JSON writes it, in quotes; what is no UTF-8 stays as it is. */
void json_add_text(String *out, const char *text, size_t length);

/* Appends a list of whole numbers: [1,2]. */
void json_add_numbers(String *out, const int *numbers, int count);

/* As json_int, and a missing key fails too. */
int json_int_needed(const char *name, const json_t *object, const char *key, int lowest, int highest);
#endif
