#include "view/weighted.h"
#include "base/plural.h"
#include "attention/mask_cost.h"
#include "attention/value_weighted.h"
#include "show/panels.h"

#include <stdio.h>

/* Has the text special tokens? */
static bool frames(const Reading *r) {
    for (int i = 0; i < r->encoding.n; i++)
        if (reading_is_special(r, i)) return true;
    return false;
}

/* The mean over rows of what lies on those columns. */
static double frame_share(const Reading *r, Mat map) {
    double sum = 0;
    bool any = frames(r);
    for (int j = 0; j < map.cols; j++)
        for (int i = 0; (any ? reading_is_special(r, j) : j == 0) && i < map.rows; i++)
            sum += (double)mat_at(map, i, j);
    return sum / map.rows;
}

static void print_shares(View *v) {
    const Trace *t = &v->reading->trace;
    Mat weighted = mat_new(t->n, t->n);
    printf("values  the share of %s, mean over %d head%s: of the weights, and of weights times |v|\n",
           frames(v->reading) ? "the special tokens" : "the first token", t->heads, PLURAL(t->heads));
    for (int l = 0; l < t->layers; l++) {
        double plain = 0, with_values = 0;
        for (int h = 0; h < t->heads; h++) {
            Mat map = shown_map(&v->shown, v->reading, l, h);
            attention_value_weighted(&t->attention[l], h, map, weighted, NULL);
            plain += frame_share(v->reading, map) / t->heads;
            with_values += frame_share(v->reading, weighted) / t->heads;
        }
        printf("        layer %d  %.4f -> %.4f\n", l, plain, with_values);
    }
    mat_free(&weighted);
}

static void draw_head(View *v, int layer, int head) {
    const Window *w = &v->window;
    const Trace *t = &v->reading->trace;
    Mat all = mat_new(t->n, t->n), plain = mat_new(w->rows, w->cols), weighted = mat_new(w->rows, w->cols);
    Mat apart = mat_new(w->rows, w->cols);
    attention_value_weighted(&t->attention[layer], head, shown_map(&v->shown, v->reading, layer, head), all, NULL);
    view_map(v, layer, head, plain);
    window_fill(v, weighted, all, v->renormalise);
    map_difference(apart, weighted, plain);
    const Panel panels[] = {
        {.title = "weights", .m = plain, .scale = v->scale, .hidden = w->hidden},
        {.title = "weights times |v|, rows to 1", .m = weighted, .scale = v->scale, .hidden = w->hidden},
        {.title = "difference", .m = apart, .scale = SCALE_SIGNED, .hidden = w->hidden}};
    Frame frame = frame_begin(v, FRAME_MAP, text_format("values_layer%d_head%d", layer, head),
                              text_format("layer %d, head %d: where it looks, and what it gets there", layer, head));
    panels_draw(frame.sheet, panels, 3,
                (PanelsOptions){.from = w->row_labels, .to = w->col_labels, .values = v->show->values});
    frame_end(&frame);
    mat_free(&all), mat_free(&plain), mat_free(&weighted), mat_free(&apart);
}

void view_draw_weighted(View *v) {
    int layers, heads;
    const int *layer = view_layers(v, &layers), *head = view_heads(v, &heads);
    print_shares(v);
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < heads; h++) draw_head(v, layer[l], head[h]);
}
