#include "text/unicode_table.h"

#include <assert.h>
#include <stdint.h>
#include <utf8proc.h>

static void add_number(String *out, uint32_t number) {
    unsigned char byte;
    do {
        byte = (unsigned char)((number & 127) | (number > 127 ? 128u : 0u));
        string_add_bytes(out, &byte, 1);
    } while (number >>= 7);
}

static void add_signed(String *out, int32_t number) {
    add_number(out, number < 0 ? (uint32_t)(-2 * number - 1) : (uint32_t)(2 * number));
}

/* ---- runs of characters that are alike ---- */

static int category_of(int32_t character) {
    return (int)utf8proc_category(character);
}

static int class_of(int32_t character) {
    return utf8proc_get_property(character)->combining_class;
}

static void add_runs(String *out, int (*kind_of)(int32_t character)) {
    for (int32_t first = 0, end; first < UNICODE_END; first = end) {
        for (end = first + 1; end < UNICODE_END && kind_of(end) == kind_of(first);) end++;
        add_number(out, (uint32_t)(end - first));
        add_number(out, (uint32_t)kind_of(first));
    }
}

/* ---- lower case ---- */

static int32_t lowered_by(int32_t character) {
    return character < UNICODE_END ? utf8proc_tolower(character) - character : 0;
}

/* Capitals stand one behind the other, or each before its small letter. Returns the last of the run. */
static int32_t run_from(int32_t first, int32_t *step) {
    int32_t by = lowered_by(first), last = first;
    *step = lowered_by(first + 1) == by ? 1 : 2;
    while (lowered_by(last + *step) == by && (*step == 1 || lowered_by(last + 1) == 0)) last += *step;
    return last;
}

static void add_lower_case(String *out) {
    String runs = {0};
    uint32_t count = 0;
    int32_t before = 0, step;
    for (int32_t first = 0; first < UNICODE_END; first++) {
        if (lowered_by(first) == 0) continue;
        int32_t last = run_from(first, &step);
        add_number(&runs, (uint32_t)(first - before));
        add_number(&runs, (uint32_t)((last - first) / step + 1));
        add_number(&runs, (uint32_t)step);
        add_signed(&runs, lowered_by(first));
        first = before = last;
        count++;
    }
    add_number(out, count);
    string_add_bytes(out, runs.text, runs.length);
    string_free(&runs);
}

/* ---- decomposition ---- */

static int parts_of(int32_t character, utf8proc_int32_t parts[UNICODE_PARTS]) {
    if (character >= 0xD800 && character < 0xE000) return 0; /* surrogates are no characters */
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(character, parts, UNICODE_PARTS, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
    assert(count <= UNICODE_PARTS);
    return count == 1 && parts[0] == character ? 0 : (int)count;
}

static void add_decompositions(String *out) {
    String all = {0};
    uint32_t found = 0;
    utf8proc_int32_t parts[UNICODE_PARTS], last[UNICODE_PARTS] = {0};
    for (int32_t character = 0, before = 0; character < UNICODE_END; character++) {
        int count = character >= HANGUL_FIRST && character < HANGUL_END ? 0 : parts_of(character, parts);
        if (count < 1) continue;
        add_number(&all, (uint32_t)(character - before));
        add_number(&all, (uint32_t)count);
        for (int i = 0; i < count; i++) add_signed(&all, parts[i] - last[i]), last[i] = parts[i];
        before = character;
        found++;
    }
    add_number(out, found);
    string_add_bytes(out, all.text, all.length);
    string_free(&all);
}

String unicode_table(void) {
    String table = {0};
    add_runs(&table, category_of);
    add_runs(&table, class_of);
    add_lower_case(&table);
    add_decompositions(&table);
    return table;
}
