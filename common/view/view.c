#include "view/view.h"
#include "base/error.h"
#include "show/label.h"

/* ---- options ---- */

ViewOptions view_options_new(void) {
    return (ViewOptions){.scale = SCALE_FIXED, .threshold = 0.04};
}

void view_options_add_what(Options *list, ViewOptions *o) {
    option_heading(list, "what to look at");
    option_text(list, "layer", "L", &o->layers, "layers, counted from 0: 2 or 0,3-5 (default: all)");
    option_text(list, "head", "H", &o->heads, "heads, counted from 0: 3 or 1,8-11 (default: all)");
    option_text(list, "token", "WORD", &o->token, "one token, by its word or its place: bars per head and per layer");
    option_choice(list, "segments", "all|aa|bb|ab|ba", &o->segments,
                  "of a pair: rows from the first letter's text, columns the second's");
    option_flag(list, "no-special", &o->no_special, "hide [CLS], [SEP] and <|endoftext|>");
    option_flag(list, "renormalise", &o->renormalise, "make what is left of each row sum to 1 again");
}

void view_options_add_how(Options *list, ViewOptions *o, ShowOptions *show) {
    option_heading(list, "how to draw it");
    option_choice(list, "view", "heat|lines|flow|neuron", &o->kind,
                  "heat map, lines between tokens, flow, or one query's neurons");
    option_choice(list, "scale", "fixed|fit|log", &o->scale,
                  "colours from 0 to 1 (default), to the largest weight, or logarithmic");
    option_flag(list, "values", &show->values, "print the weight in each cell");
    option_real(list, "threshold", "W", &o->threshold, 0, 1, "flow: leave out weights below W (default 0.04)");
    option_text(list, "format", "png,svg,pdf", &show->format, "picture formats (default png)");
    option_flag(list, "terminal", &show->terminal, "draw here, in the terminal, instead of into files");
}

/* ---- the window ---- */

/* The tokens of segment 0 or 1, or of both for -1. */
static int *choose(const View *v, int segment, int *count) {
    const Reading *r = v->reading;
    int *list = memory_new((size_t)r->encoding.n, sizeof *list, "the tokens shown");
    *count = 0;
    for (int i = 0; i < r->encoding.n; i++) {
        if (v->no_special && reading_is_special(r, i)) continue;
        if (segment >= 0 && r->encoding.types[i] != segment) continue;
        list[(*count)++] = i;
    }
    return list;
}

bool *window_hidden(const Window *w, Mask mask) {
    if (mask_is_full(mask)) return NULL;
    bool *hidden = memory_new((size_t)w->rows * (size_t)w->cols, sizeof *hidden, "the masked cells");
    for (int i = 0; i < w->rows; i++)
        for (int j = 0; j < w->cols; j++)
            hidden[(size_t)i * (size_t)w->cols + (size_t)j] = !mask_allows(mask, w->row[i], w->col[j]);
    return hidden;
}

static Window window_new(const View *v) {
    static const int from[] = {-1, 0, 1, 0, 1}, to[] = {-1, 0, 1, 1, 0}; /* by Segments */
    const Reading *r = v->reading;
    Window w = {0};
    w.row = choose(v, from[v->segments], &w.rows);
    w.col = choose(v, to[v->segments], &w.cols);
    w.row_labels = names_chosen(r->labels, w.row, w.rows);
    w.col_labels = names_chosen(r->labels, w.col, w.cols);
    w.hidden = window_hidden(&w, r->mask.rule);
    w.part = w.rows < r->encoding.n || w.cols < r->encoding.n;
    return w;
}

static void window_free(Window *w) {
    memory_free(w->row), memory_free(w->col);
    memory_free(w->row_labels), memory_free(w->col_labels);
    memory_free(w->hidden);
}

void window_fill(const View *v, Mat out, Mat m, bool renormalise) {
    const Window *w = &v->window;
    for (int i = 0; i < w->rows; i++) {
        double sum = 0;
        for (int j = 0; j < w->cols; j++) sum += (double)(mat_row(out, i)[j] = mat_at(m, w->row[i], w->col[j]));
        for (int j = 0; j < w->cols && renormalise && sum > 0; j++)
            mat_row(out, i)[j] = (float)((double)mat_row(out, i)[j] / sum);
    }
}

void view_map(View *v, int layer, int head, Mat out) {
    window_fill(v, out, shown_map(&v->shown, v->reading, layer, head), v->renormalise);
}

static int place_in(const int *list, int count, int token) {
    for (int i = 0; i < count; i++)
        if (list[i] == token) return i;
    return -1;
}

int window_row(const Window *w, int token) {
    return place_in(w->row, w->rows, token);
}

int window_col(const Window *w, int token) {
    return place_in(w->col, w->cols, token);
}

/* ---- opening ---- */

/* What is asked of a map must be on it. */
static void check_window(const View *v) {
    if (v->window.rows == 0 || v->window.cols == 0)
        fail(EXIT_DATA, "no token is left to show. Try: a text with words in it, or without --no-special");
    bool leaves = window_row(&v->window, v->token) >= 0, arrives = window_col(&v->window, v->token) >= 0;
    if (v->token >= 0 && !leaves && (!arrives || v->kind != VIEW_HEAT))
        fail(EXIT_USAGE, "--token %d is not among the tokens shown. Try: other --segments, or without --no-special",
             v->token);
}

View view_open(const Reading *reading, const ViewOptions *o, const ShowOptions *show, bool draws) {
    View v = {.reading = reading,
              .show = show,
              .kind = (ViewKind)o->kind,
              .segments = (Segments)o->segments,
              .scale = (Scale)o->scale,
              .no_special = o->no_special,
              .renormalise = o->renormalise,
              .threshold = o->threshold,
              .layers_named = o->layers != NULL,
              .heads_named = o->heads != NULL,
              .token = -1,
              .shown = shown_new()};
    v.layer = options_ranges("layer", o->layers, reading->layers, &v.layers);
    v.head = options_ranges("head", o->heads, reading->heads, &v.heads);
    v.one_layer = o->layers ? v.layer[0] : reading->layers > 2 ? 2 : reading->layers - 1;
    v.one_head = o->heads ? v.head[0] : reading->heads > 8 ? 8 : reading->heads - 1;
    if (draws && o->anatomy) reading_needs(reading, NEEDS_MODEL, "--anatomy");
    if (draws && v.kind == VIEW_NEURON) reading_needs(reading, NEEDS_QUERIES, "--view neuron");
    if (o->token) v.token = reading_find(reading, "token", o->token);
    v.window = window_new(&v);
    if (draws && (v.kind != VIEW_NEURON || o->anatomy))
        check_window(&v); /* a neuron view shows one query, and all keys */
    return v;
}

void view_free(View *v) {
    memory_free(v->layer), memory_free(v->head);
    window_free(&v->window);
    shown_free(&v->shown);
    *v = (View){0};
}

const int *view_layers(const View *v, int *count) {
    *count = v->layers_named ? v->layers : 1;
    return v->layers_named ? v->layer : &v->one_layer;
}

const int *view_heads(const View *v, int *count) {
    *count = v->heads_named ? v->heads : 1;
    return v->heads_named ? v->head : &v->one_head;
}
