#include "weights/mask_json.h"
#include "base/error.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* ---- writing ---- */

static void add_named(String *out, Mask mask) {
    const char *comma = "";
    string_add(out, ", \"global_at\": [");
    for (int token = 0; token < mask.tokens; token++)
        if (mask.global_at[token]) string_add(out, "%s%d", comma, token), comma = ", ";
    string_add(out, "]");
}

static void add_picture(String *out, Mask mask) {
    assert(mask.tokens <= MASK_JSON_MOST);
    const bool *cell = mask.picture;
    for (int query = 0; query < mask.tokens; query++) {
        string_add(out, query ? ", \"" : ", \"picture\": [\"");
        for (int key = 0; key < mask.tokens; key++) string_add_bytes(out, *cell++ ? "#" : ".", 1);
        string_add(out, "\"");
    }
    string_add(out, "]");
}

void mask_json_add(String *out, Mask mask) {
    string_add(out, "\"causal\": %s", mask.causal ? "true" : "false");
    for (int k = 0; k < MASK_KNOBS; k++)
        string_add(out, ", \"%s\": %d", MASK_KNOB[k].name, mask_knob(mask, &MASK_KNOB[k]));
    if (mask.global_at) add_named(out, mask);
    if (mask.picture) add_picture(out, mask);
}

/* ---- reading ---- */

/* object[key] when it is a list, NULL when it is not there. */
static const json_t *list_at(const char *file, const json_t *object, const char *key, const char *expected) {
    const json_t *list = json_object_get(object, key);
    if (!list || json_is_null(list)) return NULL;
    if (!json_is_array(list)) fail(EXIT_DATA, "%s: %s is no list (expected %s)", file, key, expected);
    return list;
}

static bool *read_named(const char *file, const json_t *object, int n) {
    const json_t *list = list_at(file, object, "global_at", "numbers of tokens");
    if (!list) return NULL;
    bool *named = memory_new((size_t)n, sizeof *named, "the global tokens");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *token = json_array_get(list, i);
        json_int_t number = json_integer_value(token);
        if (!json_is_integer(token) || number < 0 || number >= n)
            fail(EXIT_DATA, "%s: global_at[%zu] is no token (expected a whole number from 0 to %d)", file, i, n - 1);
        named[number] = true;
    }
    return named;
}

static bool *read_picture(const char *file, const json_t *object, int n) {
    const json_t *list = list_at(file, object, "picture", "lines of '#' and '.'");
    if (!list) return NULL;
    if (json_array_size(list) != (size_t)n)
        fail(EXIT_DATA, "%s: picture has %zu lines (expected %d, one for each token)", file, json_array_size(list), n);
    bool *allowed = memory_new((size_t)n * (size_t)n, sizeof *allowed, "a drawn mask"), *cell = allowed;
    for (int query = 0; query < n; query++) {
        const char *line = json_string_value(json_array_get(list, (size_t)query));
        if (!line || strlen(line) != (size_t)n || strspn(line, "#.") != (size_t)n)
            fail(EXIT_DATA, "%s: picture[%d] is no line of it (expected %d times '#' or '.')", file, query, n);
        for (int key = 0; key < n; key++) *cell++ = line[key] == '#';
    }
    return allowed;
}

NamedMask mask_json_read(const char *file, const json_t *object, int n) {
    NamedMask mask = {.rule = {.causal = json_flag(file, object, "causal", true), .tokens = n}};
    for (int k = 0; k < MASK_KNOBS; k++)
        *mask_knob_at(&mask.rule, &MASK_KNOB[k]) = json_int(file, object, MASK_KNOB[k].name, 0, INT_MAX, 0);
    mask.rule.global_at = mask.global_at = read_named(file, object, n);
    mask.rule.picture = mask.picture = read_picture(file, object, n);
    return mask;
}
