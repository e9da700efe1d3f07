#include "attention/mask_options.h"
#include "attention/mask_cost.h"
#include "base/error.h"
#include "base/memory.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

MaskOptions mask_options_new(int usual) {
    MaskOptions o = {.kind = -1, .usual = usual};
    for (int k = 0; k < MASK_KNOBS; k++) *mask_knob_at(&o.said, &MASK_KNOB[k]) = -1;
    return o;
}

/* ---- the options, from the tables ---- */

static const char *kind_words(Options *list) {
    String words = {0};
    for (int kind = 0; kind < MASK_OPTIONS; kind++) string_add(&words, "%s%s", kind ? "|" : "", MASK_KIND[kind].name);
    return options_keep(list, words.text);
}

static const char *kind_help(Options *list, int usual) {
    String help = {0};
    string_add(&help, "token i sees token j when (default %s)", MASK_KIND[usual].name);
    for (int kind = 0; kind < MASK_OPTIONS; kind++)
        if (*MASK_KIND[kind].rule) string_add(&help, "\n%s: %s", MASK_KIND[kind].name, MASK_KIND[kind].rule);
    return options_keep(list, help.text);
}

static const char *knob_help(Options *list, const MaskKnob *knob) {
    String help = {0};
    string_add(&help, "%s (", knob->help);
    const char *comma = "";
    for (int kind = 0; kind < MASK_OPTIONS; kind++)
        if (mask_kind_takes(kind, knob)) string_add(&help, "%s%s", comma, MASK_KIND[kind].name), comma = ", ";
    if (knob->share > 0) string_add(&help, "; default: tokens / %d", knob->share);
    else string_add(&help, "; default: %d", knob->least);
    string_add(&help, ")");
    return options_keep(list, help.text);
}

void mask_options_add(Options *list, MaskOptions *o) {
    option_heading(list, "who may look at whom");
    option_choice(list, "mask", kind_words(list), &o->kind, kind_help(list, o->usual));
    for (int k = 0; k < MASK_KNOBS; k++) {
        const MaskKnob *knob = &MASK_KNOB[k];
        if (!knob->help) continue;
        const char *argument = options_keep(list, text_format("%c", knob->letter));
        option_int(list, knob->name, argument, mask_knob_at(&o->said, knob), knob->lowest, INT_MAX,
                   knob_help(list, knob));
    }
    option_flag(list, "causal", &o->said.causal, "and no key after the query, whatever the rule");
    option_text(list, "global-at", "0,7", &o->global_at, "make these tokens global too");
    option_text(list, "mask-file", "F", &o->file, "and only what F allows: n lines of n '#' or '.' (or 1 or 0)");
}

bool mask_options_named(const MaskOptions *o) {
    return o->kind >= 0;
}

bool mask_options_given(const MaskOptions *o) {
    return mask_options_named(o) || o->said.causal || o->global_at || o->file;
}

void mask_options_make_causal(MaskOptions *o) {
    int kind = mask_options_named(o) ? o->kind : o->usual;
    if (kind == MASK_NONE && !o->file) o->kind = MASK_CAUSAL, o->said.causal = false; /* what is left of it */
    else if (!mask_kind_is_causal(kind)) o->said.causal = true;
}

void mask_options_raise(MaskOptions *o) {
    for (int k = 0; k < MASK_KNOBS; k++) {
        int *value = mask_knob_at(&o->said, &MASK_KNOB[k]), lowest = mask_kind_lowest(o->kind, &MASK_KNOB[k]);
        if (MASK_KNOB[k].letter && *value >= 0 && *value < lowest) *value = lowest;
    }
}

/* ---- a picture in a file ---- */

/* Between cells: blanks, as in the pictures on the screen, and what tables have. */
static bool is_gap(char c) {
    return c == ' ' || c == '\t' || c == ',';
}

/* What stands for yes and no: '#' and '.', or 1 and 0, as the first cell has it. */
static const char *letters_of(Bytes text) {
    size_t at = strcspn(text.data, "#.10");
    return at < text.size && (text.data[at] == '1' || text.data[at] == '0') ? "10" : "#.";
}

static _Noreturn void refuse_cell(const char *path, int line, const char *letters, char c) {
    char got[16];
    snprintf(got, sizeof got, c > ' ' && c < 0x7f ? "'%c'" : "byte 0x%02x", (unsigned char)c);
    bool wide = c == '\xFF' || c == '\xFE';
    fail(EXIT_DATA, "%s:%d: expected only '%c' and '%c', got %s%s. Try: %s", path, line, letters[0], letters[1], got,
         wide ? ", as UTF-16 begins" : "", wide ? "save the file as UTF-8" : "the lines that 10_masks --print writes");
}

/* Ends the program unless the text is n lines of n cells. Comes before the n * n flags are made, because n may be
 * anything. */
static void check_picture(const char *path, Bytes text, const char *letters, int n) {
    int row = 0, column = 0;
    for (size_t at = bytes_mark(path, text.data, text.size); at <= text.size; at++) {
        char c = at < text.size ? text.data[at] : '\n';
        if (is_gap(c) || (c == '\r' && at + 1 < text.size && text.data[at + 1] == '\n')) continue;
        if (c == '\n') {
            if (column == 0 && at >= text.size) break; /* the end, after the last newline */
            if (column != n)
                fail(EXIT_DATA, "%s:%d: %d cells in this line (expected %d, one for each token)", path, row + 1, column,
                     n);
            row++, column = 0;
            continue;
        }
        if (c != letters[0] && c != letters[1]) refuse_cell(path, row + 1, letters, c);
        column++;
    }
    if (row != n) fail(EXIT_DATA, "%s: %d lines (expected %d, one for each token)", path, row, n);
}

bool *mask_read_picture(const char *path, int n) {
    Bytes text = file_read(path);
    const char *letters = letters_of(text);
    check_picture(path, text, letters, n);
    bool *allowed = memory_new((size_t)n * (size_t)n, sizeof *allowed, "a drawn mask"), *cell = allowed;
    for (size_t at = 0; at < text.size; at++)
        if (text.data[at] == letters[0] || text.data[at] == letters[1]) *cell++ = text.data[at] == letters[0];
    bytes_free(&text);
    return allowed;
}

/* Those that a drawing leaves, alone or with what the other options forbid. */
static void note_empty_rows(const char *path, Mask rule, int n) {
    int first = -1, count = 0;
    for (int i = 0; i < n; i++)
        if (mask_row_count(rule, n, i) == 0 && count++ == 0) first = i;
    if (count)
        note("%s: token %d%s may look at nothing: its weights are 0, and so is what it takes home", path, first,
             count > 1 ? " (and others)" : "");
}

static bool *read_global_at(const char *list, int n) {
    int count;
    int *tokens = options_ranges("global-at", list, n, &count);
    bool *global = memory_new((size_t)n, sizeof *global, "the global tokens");
    for (int i = 0; i < count; i++) global[tokens[i]] = true;
    memory_free(tokens);
    return global;
}

/* ---- the rule ---- */

static int usual_value(const MaskKnob *knob, int n) {
    int part = knob->share ? n / abs(knob->share) : knob->least;
    if (part < knob->least) part = knob->least;
    if (knob->share < 0) part = n - part;
    return part > knob->least ? part : knob->least;
}

MaskOptions mask_options_fill(const MaskOptions *o, int n) {
    MaskOptions full = *o;
    if (full.kind < 0) full.kind = full.usual;
    for (int k = 0; k < MASK_KNOBS; k++) {
        const MaskKnob *knob = &MASK_KNOB[k];
        int *value = mask_knob_at(&full.said, knob);
        bool takes = mask_kind_takes(full.kind, knob);
        if (takes && *value < 0) *value = usual_value(knob, n);
        if (takes || !knob->help) continue;
        if (*value >= 0) note("--%s is not used by --mask %s", knob->name, MASK_KIND[full.kind].name);
        *value = -1;
    }
    if (full.kind == MASK_NONE && full.said.valid > 0) full.kind = MASK_PADDING;
    return full;
}

/* "local, window 2, causal, valid 5": the kind and its knobs, then what goes with every kind. */
static char *title_of(const MaskOptions *o) {
    String title = {0};
    bool only_drawn = o->file && o->kind == MASK_NONE;
    string_add(&title, "%s", only_drawn ? "drawn in a file" : MASK_KIND[o->kind].name);
    for (int k = 0; k < MASK_KNOBS; k++)
        if (mask_kind_takes(o->kind, &MASK_KNOB[k]))
            string_add(&title, ", %s %d", MASK_KNOB[k].name, mask_knob(o->said, &MASK_KNOB[k]));
    if (o->said.causal && o->kind != MASK_CAUSAL) string_add(&title, ", causal");
    if (o->global_at) string_add(&title, ", global at %s", o->global_at);
    if (o->file && !only_drawn) string_add(&title, ", drawn in a file");
    if (o->said.valid > 0 && o->kind != MASK_PADDING) string_add(&title, ", valid %d", o->said.valid);
    return title.text;
}

NamedMask mask_from_options(const MaskOptions *options, int n) {
    MaskOptions o = mask_options_fill(options, n);
    if (o.said.window == 0 && !(MASK_KIND[o.kind].traits & MASK_RADIUS))
        fail(EXIT_USAGE, "--window 0: a %s window counts the token itself, so 1 or more", MASK_KIND[o.kind].name);
    NamedMask mask = {.rule = mask_of_kind(o.kind, o.said), .title = title_of(&o)};
    mask.rule.tokens = n;
    if (o.global_at) mask.rule.global_at = mask.global_at = read_global_at(o.global_at, n);
    if (o.file) mask.rule.picture = mask.picture = mask_read_picture(o.file, n), note_empty_rows(o.file, mask.rule, n);
    return mask;
}

void named_mask_free(NamedMask *mask) {
    memory_free(mask->global_at);
    memory_free(mask->picture);
    memory_free(mask->title);
    *mask = (NamedMask){0};
}
