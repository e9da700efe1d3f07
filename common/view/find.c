#include "view/find.h"
#include "attention/head_type.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/ranked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the null ---- */

Null null_new(const Reading *r, uint64_t seed) {
    Null null = {.reader = *r->reader, .reading = *r};
    if (!r->reader->model) return null;
    null.reader.model = model_twin(r->reader->model, seed);
    null.reading.trace = (Trace){0};
    null.reading.reader = &null.reader;
    reading_pass(&null.reading); /* and no trace_check: a twin's heads are even, and may be */
    null.table = head_table_new(&null.reading);
    null.reading.reader = NULL; /* null moves when it is returned */
    return null;
}

void null_free(Null *null) {
    if (!null->table.value) return;
    trace_free(&null->reading.trace);
    head_table_free(&null->table);
    model_free(null->reader.model);
}

static double most_of(const double *values, int count) {
    double most = 0;
    for (int i = 0; i < count; i++)
        if (values[i] > most) most = values[i];
    return most;
}

/* ---- types ---- */

/* By HeadType: the measure whose value the type is a claim about. */
static const char *const CLAIMS[HEAD_TYPES] = {NULL,          "next", "previous",    "self",
                                               "first_token", "sep",  "punctuation", "focus_allowed"};

typedef struct {
    HeadType type;
    double share, margin; /* of the measure; above the twin's largest. margin <= 0: noise does as much */
} Typed;

/* [layers * heads] You free them. */
static Typed *types_of(const Reading *r, const HeadTable *t, const Null *null) {
    int count = t->layers * t->heads;
    Typed *typed = memory_new((size_t)count, sizeof *typed, "the heads' types");
    unsigned char *marks = reading_marks(r);
    Shown shown = shown_new();
    for (int i = 0; i < count; i++) {
        HeadType type = head_type(shown_map(&shown, r, i / t->heads, i % t->heads), r->mask.rule, marks);
        typed[i].type = type;
        if (type == HEAD_MIXED) continue;
        int place = measure_place(CLAIMS[type]);
        typed[i].share = typed[i].margin = head_values(t, place)[i];
        if (null->table.value) typed[i].margin -= most_of(head_values(&null->table, place), count);
    }
    shown_free(&shown), memory_free(marks);
    return typed;
}

int *types_beyond_noise(const Reading *r, const HeadTable *t, const Null *null) {
    int count = t->layers * t->heads, *type = memory_new((size_t)count, sizeof *type, "the heads' types");
    Typed *typed = types_of(r, t, null);
    for (int i = 0; i < count; i++) type[i] = (int)(typed[i].margin > 0 ? typed[i].type : HEAD_MIXED);
    memory_free(typed);
    return type;
}

int *types_beyond_twin(const Reading *r, uint64_t seed) {
    HeadTable table = head_table_new(r);
    Null null = null_new(r, seed);
    int *type = types_beyond_noise(r, &table, &null);
    null_free(&null), head_table_free(&table);
    return type;
}

static const char *type_name(const Typed *typed) {
    return typed->type == HEAD_MIXED || typed->margin > 0 ? HEAD_TYPE_NAME[typed->type] : "-";
}

static void add_type(String *out, const Typed *typed, int count, int heads, HeadType type) {
    enum { SHOWN = 3 };
    Ranked *clear = memory_new((size_t)count, sizeof *clear, "the heads of a type");
    int found = 0, noise = 0;
    for (int i = 0; i < count; i++) {
        if (typed[i].type != type) continue;
        if (typed[i].margin > 0) clear[found++] = (Ranked){typed[i].margin, i};
        else noise++;
    }
    ranked_sort(clear, (size_t)found);
    if (found + noise) string_add(out, "%-12s %5d", HEAD_TYPE_NAME[type], found);
    for (int k = 0; k < SHOWN && k < found; k++) {
        int i = clear[k].at;
        string_add(out, "   %d.%d %.2f (+%.2f)", i / heads, i % heads, typed[i].share, typed[i].margin);
    }
    if (noise) string_add(out, "   %d more that the random twin matches", noise);
    if (found + noise) string_add(out, "\n");
    memory_free(clear);
}

void types_add(String *out, const Reading *r, const HeadTable *t, const Null *null) {
    int count = t->layers * t->heads, mixed = 0;
    Typed *typed = types_of(r, t, null);
    string_add(out, "type         heads   the clearest: head, share%s\n",
               null->table.value ? " (how far above the random twin's largest)" : " (no model, so no random twin)");
    for (HeadType type = HEAD_NEXT; type < HEAD_TYPES; type++) add_type(out, typed, count, t->heads, type);
    for (int i = 0; i < count; i++) mixed += typed[i].type == HEAD_MIXED;
    string_add(out, "%-12s %5d\n", HEAD_TYPE_NAME[HEAD_MIXED], mixed);
    memory_free(typed);
}

void print_types(const Reading *r, const HeadTable *t, const Null *null) {
    String types = {0};
    types_add(&types, r, t, null);
    fputs(types.text, stdout);
    string_free(&types);
}

/* ---- a pattern ---- */

static const struct {
    const char *word, *measure;
} PATTERNS[] = {{"first", "first_token"}, {"separator", "sep"}, {"same-word", "same_word"}};

static int place_of(const char *pattern) {
    for (size_t i = 0; i < sizeof PATTERNS / sizeof *PATTERNS; i++)
        if (strcmp(PATTERNS[i].word, pattern) == 0) return measure_place(PATTERNS[i].measure);
    return measure_place(pattern);
}

_Noreturn static void no_pattern(const char *pattern, int n) {
    fail(EXIT_USAGE,
         "--find %s: no such pattern (expected next, previous, self, first, separator, same-word, induction, a "
         "measure's name, or pairs of tokens from 0 to %d: \"3,1 4,2\")",
         pattern, n - 1);
}

/* [n * n] which cells "3,1 4,2" means. You free it. */
static bool *cells_of(const char *pattern, int n) {
    bool *cells = memory_new((size_t)n * (size_t)n, sizeof *cells, "the pattern");
    const char *at = pattern + strspn(pattern, " ");
    if (!*at) no_pattern(pattern, n);
    while (*at) {
        char *end;
        long query = strtol(at, &end, 10), key;
        bool pair = end != at && *end == ',' && end[1] != ' ';
        const char *second = end + 1;
        if (!pair) no_pattern(pattern, n);
        key = strtol(second, &end, 10);
        if (end == second || (*end && *end != ' ') || query < 0 || key < 0 || query >= n || key >= n)
            no_pattern(pattern, n);
        cells[query * n + key] = true;
        at = end + strspn(end, " ");
    }
    return cells;
}

static double share_of_cells(Mat map, const bool *cells) {
    double sum = 0, rows = 0;
    for (int i = 0; i < map.rows; i++) {
        bool named = false;
        for (int j = 0; j < map.cols; j++)
            if (cells[i * map.cols + j]) named = true, sum += (double)mat_at(map, i, j);
        rows += named;
    }
    return sum / rows;
}

/* [layers * heads] every head's share of the pattern. You free it. */
static double *shares_of(const Reading *r, const HeadTable *t, const char *pattern) {
    int place = place_of(pattern), count = t->layers * t->heads;
    double *shares = memory_new((size_t)count, sizeof *shares, "the shares");
    if (place >= 0) {
        memcpy(shares, head_values(t, place), (size_t)count * sizeof *shares);
        return shares;
    }
    bool *cells = cells_of(pattern, r->trace.n);
    Shown shown = shown_new();
    for (int i = 0; i < count; i++) shares[i] = share_of_cells(shown_map(&shown, r, i / t->heads, i % t->heads), cells);
    shown_free(&shown), memory_free(cells);
    return shares;
}

void print_found(const Reading *r, const HeadTable *t, const Null *null, const char *pattern) {
    enum { SHOWN = 10 };
    int count = t->layers * t->heads;
    double *real = shares_of(r, t, pattern);
    double *noise = null->table.value ? shares_of(&null->reading, &null->table, pattern) : NULL;
    Typed *typed = types_of(r, t, null);
    Ranked *order = memory_new((size_t)count, sizeof *order, "the ranks");
    for (int i = 0; i < count; i++) order[i] = (Ranked){real[i], i};
    ranked_sort(order, (size_t)count);
    double most = noise ? most_of(noise, count) : 0;
    printf("heads by %s\nrank   head    share%s   type\n", pattern, noise ? "   above the random twin's most" : "");
    for (int rank = 1; rank <= SHOWN && rank <= count; rank++) {
        int best = order[rank - 1].at;
        printf("%4d  %2d.%-3d %8.4f", rank, best / t->heads, best % t->heads, real[best]);
        if (noise) printf("   %+27.4f", real[best] - most);
        printf("   %s\n", type_name(&typed[best]));
    }
    memory_free(order), memory_free(typed), memory_free(real), memory_free(noise);
}
