/* token - one token up close: whom it looks at, and who looks at it. */
#include "page.h"
#include "show/bars.h"
#include "show/heat.h"
#include "show/label.h"
#include "show/terminal.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- whom it looks at, and who looks at it ---- */

/* One token in the maps of one layer as they are shown, head by head. With --segments it may be among the rows only, or
 * among the columns only: then the other matrix stays 0, and nobody shows it. */
typedef struct {
    Mat looks;   /* (heads, cols): its row of each map */
    Mat seen_by; /* (heads, rows): its column of each map */
} Look;

static bool is_shown(const Window *w, int token, bool looks) {
    return (looks ? window_row(w, token) : window_col(w, token)) >= 0;
}

static Look look_new(const Sentence *s, const Window *w, Shown *shown, int layer, const int *head, int heads,
                     int token) {
    Look look = {mat_new(heads, w->cols), mat_new(heads, w->rows)};
    Mat part = mat_new(w->rows, w->cols);
    int row = window_row(w, token), col = window_col(w, token);
    for (int h = 0; h < heads; h++) {
        window_fill(part, w, shown_map(shown, s, layer, head[h]));
        for (int j = 0; j < w->cols && row >= 0; j++) mat_row(look.looks, h)[j] = mat_at(part, row, j);
        for (int i = 0; i < w->rows && col >= 0; i++) mat_row(look.seen_by, h)[i] = mat_at(part, i, col);
    }
    mat_free(&part);
    return look;
}

static void look_free(Look *look) {
    mat_free(&look->looks), mat_free(&look->seen_by);
}

static void mean_of_rows(float *out, Mat m) {
    for (int j = 0; j < m.cols; j++) {
        double sum = 0;
        for (int i = 0; i < m.rows; i++) sum += (double)mat_at(m, i, j);
        out[j] = (float)(sum / m.rows);
    }
}

/* [count * times] which of these pairs the mask forbids, the same for each of `times` rows; NULL when it forbids
 * nothing. */
static bool *hidden_pairs(const Sentence *s, int token, bool token_looks, const int *other, int count, int times) {
    if (mask_is_full(s->mask.rule)) return NULL;
    bool *hidden = memory_new((size_t)count * (size_t)times, sizeof *hidden, "the masked cells");
    for (int i = 0; i < count * times; i++) {
        int to = other[i % count];
        hidden[i] = token_looks ? !mask_allows(s->mask.rule, token, to) : !mask_allows(s->mask.rule, to, token);
    }
    return hidden;
}

/* Bars head by head in one layer: `looks` chooses the direction. */
static void draw_bars(const Sentence *s, const Window *w, Mat values, const Selection *sel, int layer, int token,
                      bool looks) {
    if (!is_shown(w, token, looks)) return;
    const int *other = looks ? w->col : w->row;
    int count = looks ? w->cols : w->rows;
    char **series = memory_new((size_t)sel->heads, sizeof *series, "names");
    for (int h = 0; h < sel->heads; h++) series[h] = text_format("head %d", sel->head[h]);
    bool *hidden = hidden_pairs(s, token, looks, other, count, values.rows);
    BarsOptions options = {.names = looks ? w->col_labels : w->row_labels,
                           .series = (const char *const *)series,
                           .hues = sel->head,
                           .hidden = hidden,
                           .most = 1,
                           .mark = looks ? window_col(w, token) : window_row(w, token)};
    const char *what =
        looks ? "whom \"%s\" (token %d) looks at in layer %d" : "who looks at \"%s\" (token %d) in layer %d";
    Page page = page_new(s, w, text_format("token%d_layer%d_%s", token, layer, looks ? "looks_at" : "seen_by"),
                         text_format(what, s->labels[token], token, layer));
    bars_draw(page.sheet, values, options);
    page_done(&page, s);
    page_free(&page);
    memory_free(hidden);
    for (int h = 0; h < sel->heads; h++) memory_free(series[h]);
    memory_free(series);
}

/* The three largest of n weights; "-" without weights, when this side of the token is not shown. */
static void print_top(const char *const *names, const float *weights, int n) {
    enum { TOP = 3 };
    bool *used = memory_new((size_t)n, sizeof *used, "flags");
    String text = {0};
    if (!weights) string_add(&text, "-");
    for (int k = 0; weights && k < TOP && k < n; k++) {
        int best = -1;
        for (int i = 0; i < n; i++)
            if (!used[i] && (best < 0 || weights[i] > weights[best])) best = i;
        used[best] = true;
        string_add(&text, "%s", k ? ", " : "");
        utf8_label(&text, names[best], strlen(names[best]), 10);
        string_add(&text, " %.2f", (double)weights[best]);
    }
    printf("  ");
    print_label(text.text, LABEL_ALL, 42);
    string_free(&text);
    memory_free(used);
}

/* values (layers, tokens): `looks` chooses the direction. */
static void draw_layers(const Sentence *s, const Window *w, Mat values, const char *const *names, const bool *hidden,
                        int token, bool looks) {
    if (!is_shown(w, token, looks)) return;
    const char *title = looks ? "whom \"%s\" (token %d) looks at, all layers, mean over heads"
                              : "who looks at \"%s\" (token %d), all layers, mean over heads";
    const char *const *tokens = looks ? w->col_labels : w->row_labels;
    const char *axis = looks ? "to (key)" : "from (query)";
    Scale scale = (Scale)s->ask->scale;
    Page page = page_new(s, w, text_format("token%d_layers_%s", token, looks ? "looks_at" : "seen_by"),
                         text_format(title, s->labels[token], token));
    if (s->ask->terminal)
        terminal_table(terminal_of(stdout), page_line(&page), "layer", axis, values,
                       (TerminalMap){names, tokens, hidden, scale, s->ask->values});
    else
        heat_draw(page.sheet, values,
                  (HeatOptions){.from = names,
                                .to = tokens,
                                .from_axis = "layer",
                                .to_axis = axis,
                                .bar = "mean weight",
                                .hidden = hidden,
                                .scale = scale,
                                .values = s->ask->values});
    page_done(&page, s);
    page_free(&page);
}

/* All layers, the mean over all heads: as text, and as two pictures. */
static void all_layers(const Sentence *s, const Window *w, Shown *shown, int token) {
    int layers = s->trace.layers, heads = s->trace.heads, count;
    int *head = options_ranges("head", NULL, heads, &count);
    Mat looks = mat_new(layers, w->cols), seen = mat_new(layers, w->rows);
    char **names = memory_new((size_t)layers, sizeof *names, "names");
    printf("token   %d, ", token);
    print_label(s->labels[token], LABEL_TOKEN, 0);
    printf("; the mean over %d heads\nlayer   %-42s  %s\n", heads, "looks at", "is looked at by");
    for (int l = 0; l < layers; l++) {
        Look look = look_new(s, w, shown, l, head, heads, token);
        mean_of_rows(mat_row(looks, l), look.looks);
        mean_of_rows(mat_row(seen, l), look.seen_by);
        look_free(&look);
        names[l] = text_format("layer %d", l);
        printf("%5d ", l);
        print_top(w->col_labels, is_shown(w, token, true) ? mat_row(looks, l) : NULL, w->cols);
        print_top(w->row_labels, is_shown(w, token, false) ? mat_row(seen, l) : NULL, w->rows);
        putchar('\n');
    }
    bool *hidden[2] = {hidden_pairs(s, token, true, w->col, w->cols, layers),
                       hidden_pairs(s, token, false, w->row, w->rows, layers)};
    for (int side = 0; side < 2; side++)
        draw_layers(s, w, side ? seen : looks, (const char *const *)names, hidden[side], token, side == 0);
    for (int l = 0; l < layers; l++) memory_free(names[l]);
    memory_free(names), memory_free(hidden[0]), memory_free(hidden[1]), memory_free(head);
    mat_free(&looks), mat_free(&seen);
}

void draw_token(const Sentence *s) {
    int token = s->token;
    Window w = window_new(s);
    Selection sel = selection_new(s);
    Shown shown = shown_new();
    all_layers(s, &w, &shown, token);
    for (int l = 0; l < (s->ask->layers ? sel.layers : 1) && !s->ask->terminal; l++) {
        int layer = s->ask->layers ? sel.layer[l] : sel.one_layer;
        Look look = look_new(s, &w, &shown, layer, sel.head, sel.heads, token);
        draw_bars(s, &w, look.looks, &sel, layer, token, true);
        draw_bars(s, &w, look.seen_by, &sel, layer, token, false);
        look_free(&look);
    }
    shown_free(&shown);
    selection_free(&sel);
    window_free(&w);
}
