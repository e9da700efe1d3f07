#include "attention/mask_list.h"
#include "base/error.h"
#include "base/memory.h"

#include <limits.h>
#include <string.h>

static const char *const KINDS = "none, causal, local:W, global-local:W:G, sliding:W, dilated:W:D, prefix:P, "
                                 "chunked:C, padding:L or file, each with +causal behind it if you like";

void named_mask_pad(NamedMask *mask, int valid) {
    char *old = mask->title;
    mask->rule.valid = valid;
    mask->title =
        strcmp(old, "none") == 0 ? text_format("padding, valid %d", valid) : text_format("%s, valid %d", old, valid);
    memory_free(old);
}

/* Where the number that a letter stands for is kept, and the smallest that makes sense. */
static int *place_of(MaskOptions *o, char letter, int *lowest) {
    *lowest = letter == 'D' || letter == 'C' || (letter == 'W' && strcmp(o->name, "sliding") == 0) ? 1 : 0;
    return letter == 'W'   ? &o->window
           : letter == 'G' ? &o->global
           : letter == 'D' ? &o->dilation
           : letter == 'P' ? &o->prefix
                           : &o->chunk;
}

static int read_number(const char *option, const char *item, const char *text, int lowest) {
    long number;
    if (!text_to_int(text, lowest, INT_MAX, &number))
        fail(EXIT_USAGE, "--%s: %s: `%s` (expected a whole number from %d to %d)", option, item, text, lowest, INT_MAX);
    return (int)number;
}

/* The next word of *rest, cut off at `mark`; NULL when there is none. */
static char *cut(char **rest, char mark) {
    char *word = *rest;
    if (!word) return NULL;
    char *end = strchr(word, mark);
    if (end) *end = 0;
    *rest = end ? end + 1 : NULL;
    return word;
}

/* The table's own spelling of a mask's name, which outlives the item; padding and file stand on `none`. */
static const char *name_of(const char *word) {
    static const char *const names[] = {"none",    "causal",  "local",  "global-local",
                                        "sliding", "dilated", "prefix", "chunked"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(word, names[i]) == 0) return names[i];
    return strcmp(word, "padding") == 0 || strcmp(word, "file") == 0 ? "none" : NULL;
}

/* What base has for this mask, and nothing that the mask does not take: no notes about the other masks' parameters. */
static MaskOptions options_of(const MaskOptions *base, const char *name, bool is_file) {
    MaskOptions o = mask_options_new("none");
    const char *takes = mask_parameters(name);
    o.name = name;
    if (strchr(takes, 'W')) o.window = base->window;
    if (strchr(takes, 'G')) o.global = base->global;
    if (strchr(takes, 'D')) o.dilation = base->dilation;
    if (strchr(takes, 'P')) o.prefix = base->prefix;
    if (strchr(takes, 'C')) o.chunk = base->chunk;
    if (strcmp(name, "none") != 0) o.global_at = base->global_at;
    if (is_file) o.file = base->file;
    return o;
}

static ListedMask read_item(const char *option, const char *item, const MaskOptions *base, int n) {
    char *copy = text_copy(item, strlen(item)), *rest = copy;
    char *before = cut(&rest, '+'), *causal = rest;
    char *numbers = before, *kind = cut(&numbers, ':');
    const char *name = name_of(kind);
    bool is_padding = strcmp(kind, "padding") == 0, is_file = strcmp(kind, "file") == 0;
    if (!name || (causal && strcmp(causal, "causal") != 0))
        fail(EXIT_USAGE, "--%s: no mask `%s` (expected %s)", option, item, KINDS);
    if (is_file && !base->file) fail(EXIT_USAGE, "--%s: %s needs --mask-file F", option, item);
    ListedMask listed = {.options = options_of(base, name, is_file)};
    listed.options.causal = causal != NULL;
    int valid = n >= 8 ? n - n / 4 : n > 1 ? n - 1 : 1; /* the last quarter is padding, one token at least */
    const char *letters = is_padding ? "L" : mask_parameters(name);
    for (char *number; (number = cut(&numbers, ':')); letters++) {
        if (!*letters) fail(EXIT_USAGE, "--%s: %s: too many numbers (expected %s)", option, item, KINDS);
        int lowest = 1, *place = *letters == 'L' ? &valid : place_of(&listed.options, *letters, &lowest);
        *place = read_number(option, item, number, lowest);
    }
    listed.options = mask_options_fill(&listed.options, n);
    listed.mask = mask_from_options(&listed.options, n);
    if (is_padding) named_mask_pad(&listed.mask, valid);
    memory_free(copy);
    return listed;
}

MaskList mask_list_read(const char *option, const char *text, const MaskOptions *base, int n) {
    MaskList list = {0};
    char *copy = text_copy(text, strlen(text)), *rest = copy;
    for (char *item; (item = cut(&rest, ','));) {
        list.at = memory_grow(list.at, (size_t)list.count + 1, sizeof *list.at, "the masks");
        list.at[list.count] = read_item(option, item, base, n);
        list.count++;
    }
    memory_free(copy);
    return list;
}

MaskList mask_list_of(const MaskOptions *options, int valid, int n) {
    MaskList list = {memory_new(1, sizeof *list.at, "the masks"), 1};
    list.at[0].options = mask_options_fill(options, n);
    list.at[0].mask = mask_from_options(&list.at[0].options, n);
    if (valid) named_mask_pad(&list.at[0].mask, valid);
    return list;
}

void mask_list_free(MaskList *list) {
    for (int i = 0; i < list->count; i++) named_mask_free(&list->at[i].mask);
    memory_free(list->at);
    *list = (MaskList){0};
}
