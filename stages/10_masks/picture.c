/* picture - one mask in detail: its rule in words, as '#' and '.', and what it does to one head. */
#include "attention/mask_cost.h"
#include "base/memory.h"
#include "base/plural.h"
#include "tool.h"
#include "show/label.h"
#include "show/panels.h"
#include "show/table.h"

#include <stdio.h>
#include <string.h>

/* In words, the conditions joined by `and`. You free it. */
static char *rule_text(const MaskOptions *o) {
    String out = {0};
    const char *and = "";
    mask_kind_rule(&out, o->kind, o->said);
    if (out.length) and = ", and ";
    if (o->global_at) string_add(&out, " (at any distance from %s)", o->global_at);
    if (o->said.causal && !mask_kind_is_causal(o->kind)) string_add(&out, "%sj <= i", and), and = ", and ";
    if (o->said.valid > 0 && o->kind != MASK_PADDING) string_add(&out, "%sj < %d", and, o->said.valid), and = ", and ";
    if (o->file) string_add(&out, "%s%s has a #", and, o->file), and = ", and ";
    if (!out.length) string_add(&out, "always");
    return out.text;
}

static void print_cells(const Heads *h, Mask mask, const float *lost, const float *moved) {
    enum { MOST = 64, NAMED = 12, WIDTH = 8 };
    bool named = h->n <= NAMED;
    if (named) {
        printf("  %-12s", "");
        for (int j = 0; j < h->n; j++) putchar(' '), name_print(stdout, h->words[j], WIDTH - 1, true);
        putchar('\n');
    }
    for (int i = 0; i < h->n && i < MOST; i++) {
        printf("  "), name_print(stdout, h->words[i], 12, false);
        for (int j = 0; j < h->n && j < MOST; j++) {
            char cell = mask_allows(mask, i, j) ? '#' : '.';
            if (named) printf("%*c", WIDTH, cell);
            else printf(" %c", cell);
        }
        printf("    lost %.4f, moved %.4f\n", (double)lost[i], (double)moved[i]);
    }
    if (h->n > MOST) printf("  ... the first %d of %d words\n", MOST, h->n);
}

void tell_rule(const Choices *ask, const Masked *m, int mask, int head) {
    const Heads *h = m->heads;
    const ListedMask *listed = &m->list.at[mask];
    Mask rule = listed->mask.rule;
    Taken t = taken_of(m, mask, head);
    char *text = rule_text(&listed->options);
    float *lost = memory_new((size_t)h->n * 2, sizeof *lost, "lost weight"), *moved = lost + h->n;
    rows_moved(moved, head_columns(h, m->context[mask], head), head_columns(h, h->context, head));
    mask_lost_mass(lost, mat_rows(h->maps, head * h->n, h->n), rule);
    printf("%s: word i sees word j when ", listed->mask.title);
    label_print(text, strlen(text), LABEL_ALL, 0);
    putchar('\n');
    printf("%lld of %lld pair%s (%.0f%%)", t.cells, (long long)h->n * h->n, PLURAL((long long)h->n * h->n),
           100 * (double)t.cells / ((double)h->n * h->n));
    printf(", on ");
    label_print(h->title, strlen(h->title), LABEL_ALL, 0);
    printf(", head %d (scope %s)\n", head, SCOPES[ask->scope]);
    print_cells(h, rule, lost, moved);
    if (ask->show.values)
        table_print(stdout, masked_map(m, mask, head),
                    (TableOptions){"weights under the mask", .rows = h->words, .cols = h->words});
    memory_free(lost), memory_free(text);
}

void draw_rule(const Choices *ask, const Masked *m, int mask, int head) {
    const Heads *h = m->heads;
    const ListedMask *listed = &m->list.at[mask];
    Mat before = mat_rows(h->maps, head * h->n, h->n), after = masked_map(m, mask, head);
    Mat difference = mat_new(h->n, h->n);
    map_difference(difference, after, before);
    char *subtitle = text_format("%s, head %d; mask %s; hatched: forbidden", h->title, head,
                                 h->in_model ? "in every layer (scope model)" : "on the finished head");
    const Panel panels[] = {
        {"before", before, SCALE_FIXED, .picture_only = true},
        {"under the mask", after, SCALE_FIXED, .hidden = m->hidden[mask], .line = "weights under the mask"},
        {"after - before", difference, SCALE_SIGNED, .line = "difference to no mask"}};
    bool values = show_values(&ask->show, h->n <= 10);
    panels_draw(show_sheet(&ask->show, "mask", listed->mask.title, subtitle), panels, 3,
                (PanelsOptions){h->words, h->words, values});
    memory_free(subtitle);
    mat_free(&difference);
}
