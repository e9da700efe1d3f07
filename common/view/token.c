/* One token up close: whom it looks at, and who looks at it. Declared in views.h. */
#include "show/bars.h"
#include "base/plural.h"
#include "model/sampling.h"
#include "show/label.h"
#include "text/utf8.h"
#include "view/views.h"

#include <stdio.h>
#include <string.h>

/* One side of a token in the maps as they are shown: its row, the keys that it looks at; or its column, the queries
 * that look at it. With --segments it may be among the rows only, or the columns only: then a side is not shown. */
typedef struct {
    bool looks;
    int at;                    /* its row or its column of the window; -1: this side is not shown */
    const int *other;          /* [count] the tokens on the other side, and what they are called */
    const char *const *labels; /* [count] */
    int count;
    const char *file, *axis;
} Side;

static Side side_of(const View *v, bool looks) {
    const Window *w = &v->window;
    if (looks) return (Side){true, window_row(w, v->token), w->col, w->col_labels, w->cols, "looks_at", "to (key)"};
    return (Side){false, window_col(w, v->token), w->row, w->row_labels, w->rows, "seen_by", "from (query)"};
}

/* out (heads, side.count): this side of the token in one layer, head by head; zeros when it is not shown. */
static void side_fill(View *v, const Side *side, int layer, const int *head, Mat out) {
    Mat part = mat_new(v->window.rows, v->window.cols);
    for (int h = 0; h < out.rows && side->at >= 0; h++) {
        view_map(v, layer, head[h], part);
        for (int i = 0; i < side->count; i++)
            mat_row(out, h)[i] = side->looks ? mat_at(part, side->at, i) : mat_at(part, i, side->at);
    }
    mat_free(&part);
}

/* [count * times] which of these pairs the mask forbids, the same for each of `times` rows; NULL when it forbids
 * nothing. */
static bool *hidden_pairs(const View *v, const Side *side, int times) {
    Mask mask = v->reading->mask.rule;
    if (mask_is_full(mask)) return NULL;
    bool *hidden = memory_new((size_t)side->count * (size_t)times, sizeof *hidden, "the masked cells");
    for (int i = 0; i < side->count * times; i++) {
        int other = side->other[i % side->count];
        hidden[i] = side->looks ? !mask_allows(mask, v->token, other) : !mask_allows(mask, other, v->token);
    }
    return hidden;
}

/* Bars head by head in one layer. */
static void draw_bars(View *v, Side side, int layer) {
    if (side.at < 0) return;
    Mat values = mat_new(v->heads, side.count);
    side_fill(v, &side, layer, v->head, values);
    const char **series = names_numbered("head ", v->head, v->heads);
    bool *hidden = hidden_pairs(v, &side, v->heads);
    const char *what =
        side.looks ? "whom \"%s\" (token %d) looks at in layer %d" : "who looks at \"%s\" (token %d) in layer %d";
    Frame frame = frame_begin(v, FRAME_MAP, text_format("token%d_layer%d_%s", v->token, layer, side.file),
                              text_format(what, v->reading->labels[v->token], v->token, layer));
    bars_draw(frame.sheet, values,
              (BarsOptions){.names = side.labels,
                            .series = series,
                            .hues = v->head,
                            .hidden = hidden,
                            .most = 1,
                            .mark = side.looks ? window_col(&v->window, v->token) : window_row(&v->window, v->token)});
    frame_end(&frame);
    memory_free(hidden);
    names_free(series, v->heads);
    mat_free(&values);
}

/* The three largest of the weights; "-" when this side of the token is not shown. Filled up to `columns`. */
static void print_top(const Side *side, const float *weights, int columns) {
    enum { TOP = 3 };
    int best[TOP], found = sampling_likeliest(best, TOP, weights, side->count);
    String text = {0};
    if (side->at < 0) string_add(&text, "-");
    for (int k = 0; side->at >= 0 && k < found; k++) {
        string_add(&text, "%s", k ? ", " : "");
        utf8_label(&text, side->labels[best[k]], strlen(side->labels[best[k]]), 10);
        string_add(&text, " %.2f", (double)weights[best[k]]);
    }
    printf("  ");
    label_print(text.text, text.length, LABEL_ALL, columns);
    string_free(&text);
}

/* values (layers, side.count), the mean over all heads. */
static void draw_layers(const View *v, const Side *side, Mat values, const char *const *layers) {
    if (side->at < 0) return;
    const char *title = side->looks ? "whom \"%s\" (token %d) looks at, all layers, mean over heads"
                                    : "who looks at \"%s\" (token %d), all layers, mean over heads";
    bool *hidden = hidden_pairs(v, side, values.rows);
    frame_heat(v, FRAME_MAP, text_format("token%d_layers_%s", v->token, side->file),
               text_format(title, v->reading->labels[v->token], v->token), values,
               (HeatOptions){.from = layers,
                             .to = side->labels,
                             .from_axis = "layer",
                             .to_axis = side->axis,
                             .bar = "mean weight",
                             .hidden = hidden,
                             .scale = v->scale,
                             .values = v->show->values});
    memory_free(hidden);
}

/* out [side.count] = the mean over all heads of one layer. */
static void mean_side(View *v, const Side *side, int layer, const int *all, float *out) {
    int heads = v->reading->trace.heads;
    Mat each = mat_new(heads, side->count);
    side_fill(v, side, layer, all, each);
    for (int j = 0; j < each.cols; j++) {
        double sum = 0;
        for (int h = 0; h < heads; h++) sum += (double)mat_at(each, h, j);
        out[j] = (float)(sum / heads);
    }
    mat_free(&each);
}

/* All layers, the mean over all heads: as text, and as two pictures. */
static void all_layers(View *v, const Side side[2]) {
    int layers = v->reading->trace.layers, heads;
    int *all = options_ranges("head", NULL, v->reading->trace.heads, &heads);
    Mat mean[2] = {mat_new(layers, side[0].count), mat_new(layers, side[1].count)};
    const char **names = names_numbered("layer ", NULL, layers);
    printf("token   %d, ", v->token);
    token_print(v->reading->labels[v->token], 0);
    printf("; the mean over %d head%s\nlayer   %-42s  %s\n", heads, PLURAL(heads), "looks at", "is looked at by");
    for (int l = 0; l < layers; l++) {
        printf("%5d ", l);
        for (int s = 0; s < 2; s++) {
            mean_side(v, &side[s], l, all, mat_row(mean[s], l));
            print_top(&side[s], mat_row(mean[s], l), s == 0 ? 42 : 0);
        }
        putchar('\n');
    }
    for (int s = 0; s < 2; s++) draw_layers(v, &side[s], mean[s], names);
    names_free(names, layers), memory_free(all);
    mat_free(&mean[0]), mat_free(&mean[1]);
}

void view_draw_token(View *v) {
    const Side side[2] = {side_of(v, true), side_of(v, false)};
    int layers;
    const int *layer = view_layers(v, &layers);
    all_layers(v, side);
    for (int l = 0; l < layers && !v->show->terminal; l++) /* the text has said as much */
        for (int s = 0; s < 2; s++) draw_bars(v, side[s], layer[l]);
}
