#include "attention/mask_list.h"
#include "base/error.h"

#include <limits.h>
#include <string.h>

/* ---- writing ---- */

void mask_list_forms(String *out, int columns) {
    size_t line = out->length;
    for (int kind = 0; kind < MASK_KINDS; kind++) {
        String form = {0};
        string_add(&form, "%s", MASK_KIND[kind].name);
        for (const char *letter = MASK_KIND[kind].takes; *letter; letter++) string_add(&form, ":%c", *letter);
        bool full = columns > 0 && out->length + form.length > line + (size_t)columns;
        if (full) line = out->length;
        string_add(out, "%s%s", kind == 0 ? "" : full ? ",\n" : ", ", form.text);
        string_free(&form);
    }
    string_add(out, " or file");
}

static char *spelling(const MaskOptions *o) {
    String out = {0};
    bool is_file = o->file && o->kind == MASK_NONE;
    if (!is_file) string_add(&out, "%s", MASK_KIND[o->kind].name);
    for (const char *letter = MASK_KIND[o->kind].takes; *letter; letter++)
        string_add(&out, ":%d", mask_knob(o->said, mask_knob_of(*letter)));
    if (o->file) string_add(&out, "%sfile", is_file ? "" : ", ");
    if (o->said.valid > 0 && o->kind != MASK_PADDING) string_add(&out, ", padding:%d", o->said.valid);
    if (o->said.causal) string_add(&out, "+causal");
    return out.text;
}

/* ---- reading ---- */

static _Noreturn void fail_item(const char *option, const char *before, const char *item, const char *behind) {
    String forms = {0};
    mask_list_forms(&forms, 0);
    fail(EXIT_USAGE, "--%s: %s%s%s (expected %s, each with +causal behind it if you like)", option, before, item,
         behind, forms.text);
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

/* What base has for this kind, and nothing that the kind does not take: no notes about the other kinds' knobs. */
static MaskOptions options_of(const MaskOptions *base, int kind, bool is_file) {
    MaskOptions o = mask_options_new(kind);
    for (int k = 0; k < MASK_KNOBS; k++) {
        const MaskKnob *knob = &MASK_KNOB[k];
        if (mask_kind_takes(kind, knob) || !knob->help) *mask_knob_at(&o.said, knob) = mask_knob(base->said, knob);
    }
    if (kind != MASK_NONE && kind != MASK_PADDING) o.global_at = base->global_at;
    if (is_file) o.file = base->file;
    return o;
}

/* The numbers behind an item's name, as far as they are there. */
static void read_numbers(const char *option, const char *item, char *numbers, int kind, Mask *said) {
    const char *letter = MASK_KIND[kind].takes;
    for (char *text; (text = cut(&numbers, ':')); letter++) {
        if (!*letter) fail_item(option, "", item, ": too many numbers");
        const MaskKnob *knob = mask_knob_of(*letter);
        int lowest = mask_kind_lowest(kind, knob);
        long number;
        if (!text_to_int(text, lowest, INT_MAX, &number))
            fail(EXIT_USAGE, "--%s: %s: `%s` (expected a whole number from %d to %d)", option, item, text, lowest,
                 INT_MAX);
        *mask_knob_at(said, knob) = (int)number;
    }
}

static ListedMask read_item(const char *option, const char *item, const MaskOptions *base, int n) {
    char *copy = text_copy(item, strlen(item)), *rest = copy;
    char *numbers = cut(&rest, '+'), *causal = rest, *name = cut(&numbers, ':');
    bool is_file = strcmp(name, "file") == 0;
    int kind = is_file ? MASK_NONE : mask_kind_find(name);
    if (kind < 0 || (causal && strcmp(causal, "causal") != 0)) fail_item(option, "no mask `", item, "`");
    if (is_file && !base->file) fail(EXIT_USAGE, "--%s: %s needs --mask-file F", option, item);
    MaskOptions o = options_of(base, kind, is_file);
    o.said.causal = causal != NULL;
    read_numbers(option, item, numbers, kind, &o.said);
    o = mask_options_fill(&o, n);
    memory_free(copy);
    return (ListedMask){o, mask_from_options(&o, n)};
}

static void add(MaskList *list, ListedMask mask) {
    list->at = memory_for_more(list->at, (size_t)list->count, sizeof *list->at, "the masks");
    list->names = memory_for_more(list->names, (size_t)list->count, sizeof *list->names, "the masks");
    list->names[list->count] = spelling(&mask.options);
    list->at[list->count++] = mask;
}

MaskList mask_list_read(const char *option, const char *text, const MaskOptions *base, int n) {
    MaskList list = {0};
    char *copy = text_copy(text, strlen(text)), *rest = copy;
    for (char *item; (item = cut(&rest, ','));) add(&list, read_item(option, item, base, n));
    memory_free(copy);
    return list;
}

MaskList mask_list_of(const MaskOptions *options, int n) {
    MaskList list = {0};
    MaskOptions full = mask_options_fill(options, n);
    add(&list, (ListedMask){full, mask_from_options(&full, n)});
    return list;
}

void mask_list_make_causal(MaskList *list) {
    MaskList causal = {0};
    for (int i = 0; i < list->count; i++) {
        MaskOptions options = list->at[i].options;
        mask_options_make_causal(&options);
        add(&causal, (ListedMask){options, mask_from_options(&options, list->at[i].mask.rule.tokens)});
    }
    mask_list_free(list);
    *list = causal;
}

void mask_list_free(MaskList *list) {
    for (int i = 0; i < list->count; i++) {
        named_mask_free(&list->at[i].mask);
        memory_free((void *)(size_t)list->names[i]);
    }
    memory_free(list->at), memory_free(list->names);
    *list = (MaskList){0};
}
