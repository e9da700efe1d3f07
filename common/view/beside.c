#include "view/beside.h"
#include "base/plural.h"
#include "attention/divergence.h"
#include "attention/mask_cost.h"
#include "show/label.h"
#include "show/panels.h"
#include "view/head_pictures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    View *view;
    const Reading *a, *b;
    const char *name_a, *name_b;
    int layers, heads;   /* that both have */
    Shown shown;         /* b's */
    const char **labels; /* [tokens] of both, where both have as many: "cat|dog" where they differ; owned */
} Beside;

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/* ---- as many tokens ---- */

/* A token's name may be a's, b's or both's: a picture of two texts with the names of one would be of one text. */
static void name_tokens(Beside *s) {
    int n = s->a->trace.n;
    s->labels = memory_new((size_t)n, sizeof *s->labels, "the names of the tokens");
    for (int i = 0; i < n; i++) {
        const char *a = s->a->labels[i], *b = s->b->labels[i];
        s->labels[i] = strcmp(a, b) == 0 ? text_copy(a, strlen(a)) : text_format("%s|%s", a, b);
    }
}

/* Where a key's weight moved by less than is printed, no key is named. */
static void print_moved(const Beside *s, double moved, int key, int columns) {
    if (fabs(moved) < 5e-5) {
        printf("%*s", columns ? -(columns + 8) : 0, "      -");
        return;
    }
    printf("%+.4f ", moved);
    token_print(s->labels[key], columns);
}

/* What changed most in a row: the key that lost, the key that won. */
static void print_row(const Beside *s, Mat a, Mat b, int row, double divergence) {
    int lost = 0, won = 0;
    for (int j = 1; j < a.cols; j++) {
        double moved = (double)mat_at(b, row, j) - (double)mat_at(a, row, j);
        if (moved < (double)mat_at(b, row, lost) - (double)mat_at(a, row, lost)) lost = j;
        if (moved > (double)mat_at(b, row, won) - (double)mat_at(a, row, won)) won = j;
    }
    printf("%5d  ", row);
    token_print(s->labels[row], 14);
    printf(" %.4f  ", divergence);
    print_moved(s, (double)mat_at(b, row, lost) - (double)mat_at(a, row, lost), lost, 14);
    putchar(' ');
    print_moved(s, (double)mat_at(b, row, won) - (double)mat_at(a, row, won), won, 0);
    putchar('\n');
}

/* [count] What both forbid has no difference: it is no 0. NULL where one of them forbids nothing. You free it. */
static bool *hidden_in_both(const bool *a, const bool *b, int count) {
    if (!a || !b) return NULL;
    bool *both = memory_new((size_t)count, sizeof *both, "hidden cells");
    for (int i = 0; i < count; i++) both[i] = a[i] && b[i];
    return both;
}

static void draw_pair(Beside *s, Mat a, Mat b, int layer, int head) {
    View *v = s->view;
    const Window *w = &v->window;
    Mat part[3];
    bool *hidden = window_hidden(w, s->b->mask.rule), *both = hidden_in_both(w->hidden, hidden, w->rows * w->cols);
    const char **from = names_chosen(s->labels, w->row, w->rows), **to = names_chosen(s->labels, w->col, w->cols);
    for (int k = 0; k < 3; k++) part[k] = mat_new(w->rows, w->cols);
    window_fill(v, part[0], a, v->renormalise), window_fill(v, part[1], b, v->renormalise);
    map_difference(part[2], part[1], part[0]);
    const Panel panels[] = {{.title = s->name_a, .m = part[0], .scale = v->scale, .hidden = w->hidden},
                            {.title = s->name_b, .m = part[1], .scale = v->scale, .hidden = hidden},
                            {.title = "second less first", .m = part[2], .scale = SCALE_SIGNED, .hidden = both}};
    Frame frame = frame_begin(v, FRAME_MAP, text_format("beside_layer%d_head%d", layer, head),
                              text_format("layer %d, head %d: %s beside %s", layer, head, s->name_a, s->name_b));
    panels_draw(frame.sheet, panels, 3, (PanelsOptions){.from = from, .to = to, .values = v->show->values});
    frame_end(&frame);
    for (int k = 0; k < 3; k++) mat_free(&part[k]);
    memory_free(hidden), memory_free(both), memory_free(from), memory_free(to);
}

static void tell_pair(Beside *s, int layer, int head) {
    int n = s->a->trace.n;
    double *rows = memory_new((size_t)n, sizeof *rows, "the rows' divergences");
    Mat a = shown_map(&s->view->shown, s->a, layer, head), b = shown_map(&s->shown, s->b, layer, head);
    double mean = map_divergence(rows, a, b);
    printf("layer %d head %d: mean divergence of the rows %.4f (0 to ln 2 = 0.6931)\n", layer, head, mean);
    printf("   at  token          diverges  lost most              won most\n");
    for (int i = 0; i < n; i++) print_row(s, a, b, i, rows[i]);
    draw_pair(s, a, b, layer, head);
    memory_free(rows);
}

/* mean (layers, heads): every head's divergence. */
static void fill_divergences(Beside *s, Mat mean) {
    double *rows = memory_new((size_t)s->a->trace.n, sizeof *rows, "the rows' divergences");
    for (int l = 0; l < s->layers; l++)
        for (int h = 0; h < s->heads; h++)
            mat_row(mean, l)[h] =
                (float)map_divergence(rows, shown_map(&s->view->shown, s->a, l, h), shown_map(&s->shown, s->b, l, h));
    memory_free(rows);
}

static void tell_divergences(Beside *s) {
    Mat mean = mat_new(s->layers, s->heads);
    fill_divergences(s, mean);
    tell_heads(s->view, FRAME_ROW, text_format("beside"),
               text_format("how differently each head looks: %s beside %s", s->name_a, s->name_b), mean, "differ ",
               "mean divergence of the rows");
    mat_free(&mean);
}

/* ---- texts of different lengths ---- */

static void draw_alone(Beside *s, const Reading *r, Mat map, const char *file, const char *name, int layer, int head) {
    bool *hidden = mask_hidden_cells(r->mask.rule, map.rows, map.cols);
    frame_heat(s->view, FRAME_ROW, text_format("beside_%s_layer%d_head%d", file, layer, head),
               text_format("layer %d, head %d: %s", layer, head, name), map,
               (HeatOptions){.from = r->labels,
                             .to = r->labels,
                             .hidden = hidden,
                             .scale = s->view->scale,
                             .values = s->view->show->values});
    memory_free(hidden);
}

void view_draw_beside(View *v, const Reading *other, const char *name, const char *other_name) {
    const Trace *a = &v->reading->trace, *b = &other->trace;
    Beside s = {.view = v,
                .a = v->reading,
                .b = other,
                .name_a = name,
                .name_b = other_name,
                .layers = smaller(a->layers, b->layers),
                .heads = smaller(a->heads, b->heads),
                .shown = shown_new()};
    bool same = a->n == b->n;
    v->beside = same ? other : NULL;
    printf("beside  %s (%d token%s) and %s (%d token%s)\n", name, a->n, PLURAL(a->n), other_name, b->n, PLURAL(b->n));
    if (!same) printf("        rows of different lengths have no difference: compare the maps and the measures\n");
    if (a->layers != b->layers || a->heads != b->heads)
        printf("        compared are the %d layer%s x %d head%s that both have\n", s.layers, PLURAL(s.layers), s.heads,
               PLURAL(s.heads));
    beside_measures_print(v->reading, other);
    if (same) name_tokens(&s), tell_divergences(&s);
    int layers, heads;
    const int *layer = view_layers(v, &layers), *head = view_heads(v, &heads);
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < heads; h++) {
            if (layer[l] >= s.layers || head[h] >= s.heads) continue;
            if (same) tell_pair(&s, layer[l], head[h]);
            if (same) continue;
            draw_alone(&s, s.a, shown_map(&v->shown, s.a, layer[l], head[h]), "first", name, layer[l], head[h]);
            draw_alone(&s, s.b, shown_map(&s.shown, s.b, layer[l], head[h]), "second", other_name, layer[l], head[h]);
        }
    v->beside = NULL;
    names_free(s.labels, same ? a->n : 0), shown_free(&s.shown);
}
