#include "view/beside.h"
#include "attention/divergence.h"
#include "attention/mask_cost.h"
#include "show/heat.h"
#include "show/label.h"
#include "show/panels.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    View *view;
    const Reading *a, *b;
    const char *name_a, *name_b;
    int layers, heads; /* that both have */
    Shown shown;       /* b's */
} Beside;

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/* ---- as many tokens ---- */

static double divergence_of(Mat a, Mat b, double *rows) {
    double sum = 0;
    map_row_divergence(rows, a, b);
    for (int i = 0; i < a.rows; i++) sum += rows[i] / a.rows;
    return sum;
}

/* What changed most in a row: the key that lost, the key that won. */
static void print_row(const Beside *s, Mat a, Mat b, int row, double divergence) {
    int lost = 0, won = 0;
    for (int j = 1; j < a.cols; j++) {
        double moved = (double)mat_at(b, row, j) - (double)mat_at(a, row, j);
        if (moved < (double)mat_at(b, row, lost) - (double)mat_at(a, row, lost)) lost = j;
        if (moved > (double)mat_at(b, row, won) - (double)mat_at(a, row, won)) won = j;
    }
    const char *const *from = s->a->labels, *const *to = s->b->labels;
    printf("%5d  ", row);
    label_print(from[row], strlen(from[row]), LABEL_TOKEN, 14);
    printf(" %.4f  %+.4f ", divergence, (double)mat_at(b, row, lost) - (double)mat_at(a, row, lost));
    label_print(from[lost], strlen(from[lost]), LABEL_TOKEN, 14);
    printf(" %+.4f ", (double)mat_at(b, row, won) - (double)mat_at(a, row, won));
    label_print(to[won], strlen(to[won]), LABEL_TOKEN, 0);
    putchar('\n');
}

static void draw_pair(Beside *s, Mat a, Mat b, int layer, int head) {
    View *v = s->view;
    const Window *w = &v->window;
    Mat part[3];
    bool *hidden = window_hidden(w, s->b->mask.rule);
    for (int k = 0; k < 3; k++) part[k] = mat_new(w->rows, w->cols);
    window_fill(v, part[0], a, v->renormalise), window_fill(v, part[1], b, v->renormalise);
    map_difference(part[2], part[1], part[0]);
    const Panel panels[] = {{.title = s->name_a, .m = part[0], .scale = v->scale, .hidden = w->hidden},
                            {.title = s->name_b, .m = part[1], .scale = v->scale, .hidden = hidden},
                            {.title = "second less first", .m = part[2], .scale = SCALE_SIGNED}};
    Frame frame = frame_begin(v, FRAME_MAP, text_format("beside_layer%d_head%d", layer, head),
                              text_format("layer %d, head %d: %s beside %s", layer, head, s->name_a, s->name_b));
    panels_draw(frame.sheet, panels, 3,
                (PanelsOptions){.from = w->row_labels, .to = w->col_labels, .values = v->show->values});
    frame_end(&frame);
    for (int k = 0; k < 3; k++) mat_free(&part[k]);
    memory_free(hidden);
}

static void tell_pair(Beside *s, int layer, int head) {
    int n = s->a->trace.n;
    double *rows = memory_new((size_t)n, sizeof *rows, "the rows' divergences");
    Mat a = shown_map(&s->view->shown, s->a, layer, head), b = shown_map(&s->shown, s->b, layer, head);
    double mean = divergence_of(a, b, rows);
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
                (float)divergence_of(shown_map(&s->view->shown, s->a, l, h), shown_map(&s->shown, s->b, l, h), rows);
    memory_free(rows);
}

static void tell_heads(Beside *s) {
    enum { BEST = 5 };
    Mat mean = mat_new(s->layers, s->heads), left = mat_new(s->layers, s->heads);
    fill_divergences(s, mean);
    mat_copy(left, mean);
    for (int k = 0; k < BEST && k < s->layers * s->heads; k++) {
        int best = 0;
        for (int at = 1; at < s->layers * s->heads; at++)
            if (mat_at(left, at / s->heads, at % s->heads) > mat_at(left, best / s->heads, best % s->heads)) best = at;
        printf("%s layer %d head %-2d  %.4f\n", k ? "       " : "differ ", best / s->heads, best % s->heads,
               (double)mat_at(mean, best / s->heads, best % s->heads));
        mat_row(left, best / s->heads)[best % s->heads] = -1;
    }
    const char **layers = names_numbered("", NULL, s->layers), **heads = names_numbered("", NULL, s->heads);
    Frame frame = frame_begin(s->view, FRAME_ROW, text_format("beside"),
                              text_format("how differently each head looks: %s beside %s", s->name_a, s->name_b));
    heat_draw(frame.sheet, mean,
              (HeatOptions){.from = layers,
                            .to = heads,
                            .from_axis = "layer",
                            .to_axis = "head",
                            .bar = "mean divergence of the rows",
                            .scale = SCALE_AMOUNT,
                            .values = s->view->show->values});
    frame_end(&frame);
    names_free(layers, s->layers), names_free(heads, s->heads);
    mat_free(&mean), mat_free(&left);
}

/* ---- texts of different lengths ---- */

static void draw_alone(Beside *s, const Reading *r, Mat map, const char *file, const char *name, int layer, int head) {
    Frame frame = frame_begin(s->view, FRAME_ROW, text_format("beside_%s_layer%d_head%d", file, layer, head),
                              text_format("layer %d, head %d: %s", layer, head, name));
    bool *hidden = mask_hidden_cells(r->mask.rule, map.rows, map.cols);
    heat_draw(frame.sheet, map,
              (HeatOptions){.from = r->labels,
                            .to = r->labels,
                            .hidden = hidden,
                            .scale = s->view->scale,
                            .values = s->view->show->values});
    frame_end(&frame);
    memory_free(hidden);
}

void view_draw_beside(View *v, const Reading *other, const char *name, const char *other_name) {
    const Trace *a = &v->reading->trace, *b = &other->trace;
    Beside s = {
        v,          v->reading, other, name, other_name, smaller(a->layers, b->layers), smaller(a->heads, b->heads),
        shown_new()};
    bool same = a->n == b->n;
    printf("beside  %s (%d tokens) and %s (%d tokens)\n", name, a->n, other_name, b->n);
    if (!same) printf("        rows of different lengths have no difference: compare the maps and the measures\n");
    beside_measures_print(v->reading, other);
    if (same) tell_heads(&s);
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
    shown_free(&s.shown);
}
