#include "attention/mask_options.h"
#include "base/error.h"
#include "base/memory.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Which parameters each mask takes: the letters of W(indow) G(lobal) D(ilation) P(refix) C(hunk). */
static const struct {
    const char *name, *takes;
} KINDS[] = {{"none", ""},     {"causal", ""},    {"local", "W"},  {"global-local", "WG"},
             {"sliding", "W"}, {"dilated", "WD"}, {"prefix", "P"}, {"chunked", "C"}};

const char *mask_parameters(const char *name) {
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(name, KINDS[i].name) == 0) return KINDS[i].takes;
    return NULL;
}

MaskOptions mask_options_new(const char *usual) {
    return (MaskOptions){
        .name = usual, .usual = usual, .window = -1, .global = -1, .dilation = -1, .prefix = -1, .chunk = -1};
}

void mask_options_add(Options *list, MaskOptions *o) {
    static char rule[64];
    snprintf(rule, sizeof rule, "the rule (default %s); its parameters follow", o->usual);
    option_heading(list, "who may look at whom");
    option_word(list, "mask", "none|causal|local|global-local|sliding|dilated|prefix|chunked", &o->name, rule);
    option_int(list, "window", "W", &o->window, 0, INT_MAX, "local: |i-j| <= W; sliding: 0 <= i-j < W; dilated: D*W");
    option_int(list, "global", "G", &o->global, 0, INT_MAX, "the first G tokens see all and are seen by all");
    option_int(list, "dilation", "D", &o->dilation, 1, INT_MAX, "dilated: only distances that D divides");
    option_int(list, "prefix", "P", &o->prefix, 0, INT_MAX, "causal, but the first P tokens see each other");
    option_int(list, "chunk", "C", &o->chunk, 1, INT_MAX, "blocks of C tokens that do not see each other");
    option_flag(list, "causal", &o->causal, "and no key after the query, whatever the rule");
    option_text(list, "global-at", "0,7", &o->global_at, "make these tokens global too");
    option_text(list, "mask-file", "F", &o->file, "and only what F allows: n lines of n '#' or '.'");
}

bool mask_options_named(const MaskOptions *o) {
    return o->name != o->usual; /* the words of the command line have addresses of their own */
}

bool mask_options_given(const MaskOptions *o) {
    return mask_options_named(o) || o->causal || o->global_at || o->file;
}

/* A parameter that the mask takes gets its default from n; one that it does not take is left out, with a note. */
static int parameter(const MaskOptions *o, const char *takes, char letter, const char *name, int given, int usual) {
    if (!strchr(takes, letter)) {
        if (given >= 0) note("--%s is not used by --mask %s", name, o->name);
        return -1;
    }
    if (given >= 0) return given;
    return usual > 1 ? usual : 1;
}

static int window_of(const MaskOptions *o, int width) {
    if (width < 0) return 0;
    if (strcmp(o->name, "sliding") == 0) {
        if (width == 0) fail(EXIT_USAGE, "--window 0: a sliding window counts the token itself, so 1 or more");
        return width;
    }
    return width < INT_MAX ? width + 1 : INT_MAX; /* a radius: distances up to and including it */
}

static void title_add(String *title, const char *name, int value) {
    if (value >= 0) string_add(title, ", %s %d", name, value);
}

/* Ends the program unless the text is n lines of n '#' or '.'. Comes before the n * n flags are made, because n may be
 * anything. */
static void check_picture(const char *path, Bytes text, int n) {
    int row = 0, column = 0;
    for (size_t at = 0; at <= text.size; at++) {
        char c = at < text.size ? text.data[at] : '\n';
        if (c == '\r' && at + 1 < text.size && text.data[at + 1] == '\n') continue;
        if (c == '\n') {
            if (column == 0 && at >= text.size) break; /* the end, after the last newline */
            if (column != n)
                fail(EXIT_DATA, "%s:%d: %d cells in this line (expected %d, one for each token)", path, row + 1, column,
                     n);
            row++, column = 0;
            continue;
        }
        if (c != '#' && c != '.')
            fail(EXIT_DATA, "%s:%d: expected only '#' and '.', got byte 0x%02x", path, row + 1, (unsigned char)c);
        column++;
    }
    if (row != n) fail(EXIT_DATA, "%s: %d lines (expected %d, one for each token)", path, row, n);
}

bool *mask_read_picture(const char *path, int n) {
    Bytes text = file_read(path);
    check_picture(path, text, n);
    bool *allowed = memory_new((size_t)n * (size_t)n, sizeof *allowed, "a drawn mask"), *cell = allowed;
    for (size_t at = 0; at < text.size; at++)
        if (text.data[at] == '#' || text.data[at] == '.') *cell++ = text.data[at] == '#';
    bytes_free(&text);
    return allowed;
}

static bool *read_global_at(const char *list, int n) {
    int count;
    int *tokens = options_ranges("global-at", list, n, &count);
    bool *global = memory_new((size_t)n, sizeof *global, "the global tokens");
    for (int i = 0; i < count; i++) global[tokens[i]] = true;
    memory_free(tokens);
    return global;
}

MaskOptions mask_options_fill(const MaskOptions *o, int n) {
    const char *takes = mask_parameters(o->name);
    MaskOptions full = *o;
    full.window = parameter(o, takes, 'W', "window", o->window, n / 4);
    full.global = parameter(o, takes, 'G', "global", o->global, n / 5);
    full.dilation = parameter(o, takes, 'D', "dilation", o->dilation, 2);
    full.prefix = parameter(o, takes, 'P', "prefix", o->prefix, n / 4);
    full.chunk = parameter(o, takes, 'C', "chunk", o->chunk, n / 2);
    return full;
}

NamedMask mask_from_options(const MaskOptions *options, int n) {
    MaskOptions full = mask_options_fill(options, n), *o = &full;
    bool sliding = strcmp(o->name, "sliding") == 0, prefix_rule = strcmp(o->name, "prefix") == 0;
    int window = o->window, global = o->global, dilation = o->dilation, prefix = o->prefix, chunk = o->chunk;
    NamedMask mask = {0};
    mask.rule = (Mask){.causal = o->causal || sliding || prefix_rule || strcmp(o->name, "causal") == 0,
                       .window = window_of(o, window),
                       .global = global > 0 ? global : 0,
                       .dilation = dilation > 0 ? dilation : 0,
                       .prefix = prefix > 0 && !o->causal ? prefix : 0,
                       .chunk = chunk > 0 ? chunk : 0,
                       .tokens = n};
    String title = {0};
    string_add(&title, "%s", o->name);
    title_add(&title, "window", window);
    title_add(&title, "global", global);
    title_add(&title, "dilation", dilation);
    title_add(&title, "prefix", prefix);
    title_add(&title, "chunk", chunk);
    if (o->causal && strcmp(o->name, "causal") != 0) string_add(&title, ", causal");
    if (o->global_at) {
        mask.rule.global_at = mask.global_at = read_global_at(o->global_at, n);
        string_add(&title, ", global at %s", o->global_at);
    }
    if (o->file) {
        mask.rule.picture = mask.picture = mask_read_picture(o->file, n);
        string_add(&title, ", drawn in a file");
    }
    mask.title = title.text;
    return mask;
}

void named_mask_free(NamedMask *mask) {
    memory_free(mask->global_at);
    memory_free(mask->picture);
    memory_free(mask->title);
    *mask = (NamedMask){0};
}
