/* Attention maps as pictures: the grid of heads, one head large, lines and flow. Declared in views.h. */
#include "base/error.h"
#include "base/plural.h"
#include "base/progress.h"
#include "show/grid.h"
#include "show/label.h"
#include "show/lines.h"
#include "view/views.h"

#include <string.h>

/* ---- heat maps ---- */

static void draw_one(View *v, int layer, int head) {
    const Window *w = &v->window;
    Mat part = mat_new(w->rows, w->cols);
    view_map(v, layer, head, part);
    frame_heat(v, FRAME_MAP, text_format("layer%d_head%d", layer, head), text_format("layer %d, head %d", layer, head),
               part,
               (HeatOptions){.from = w->row_labels,
                             .to = w->col_labels,
                             .hidden = w->hidden,
                             .scale = v->scale,
                             .values = v->show->values});
    mat_free(&part);
}

/* The maps of so many layers and all chosen heads, layer by layer. Each is a matrix of its own; free them with
 * maps_free. */
static Mat *maps_of(View *v, const int *layer, int layers) {
    Mat *maps = memory_new((size_t)layers * (size_t)v->heads, sizeof *maps, "the maps shown");
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < v->heads; h++) {
            Mat *map = &maps[l * v->heads + h];
            *map = mat_new(v->window.rows, v->window.cols);
            view_map(v, layer[l], v->head[h], *map);
        }
    return maps;
}

static void maps_free(Mat *maps, int count) {
    for (int i = 0; i < count; i++) mat_free(&maps[i]);
    memory_free(maps);
}

static char *grid_title(const View *v, bool square) {
    const Window *w = &v->window;
    char *tokens = square ? text_format("%d token%s", w->rows, PLURAL(w->rows))
                          : text_format("%d x %d token%s", w->rows, w->cols, PLURAL(w->cols));
    char *title =
        text_format("%d layer%s x %d head%s, %s", v->layers, PLURAL(v->layers), v->heads, PLURAL(v->heads), tokens);
    memory_free(tokens);
    return title;
}

static void draw_grid(View *v) {
    const Window *w = &v->window;
    Mat *maps = maps_of(v, v->layer, v->layers);
    const char **rows = names_numbered("", v->layer, v->layers), **cols = names_numbered("", v->head, v->heads);
    bool square = w->rows == w->cols && memcmp(w->row, w->col, (size_t)w->rows * sizeof *w->row) == 0;
    Frame frame = frame_begin(v, FRAME_MAP, text_format("heads"), grid_title(v, square));
    grid_draw(frame.sheet, maps, v->layers, v->heads,
              (GridOptions){.row_names = rows,
                            .col_names = cols,
                            .tokens = w->row_labels,
                            .keys = square ? NULL : w->col_labels,
                            .hidden = w->hidden,
                            .scale = v->scale});
    frame_end(&frame);
    names_free(rows, v->layers), names_free(cols, v->heads);
    maps_free(maps, v->layers * v->heads);
}

/* One head if one is meant; all chosen ones if both layer and head were named; else the grid and one head that stands
 * for them. */
static void draw_heat(View *v) {
    if (v->layers * v->heads > 1 && !v->show->terminal) draw_grid(v);
    if (!v->layers_named || !v->heads_named) {
        draw_one(v, v->one_layer, v->one_head);
        return;
    }
    Progress progress = progress_begin("drawing heads", (size_t)(v->layers * v->heads));
    for (int l = 0; l < v->layers; l++)
        for (int h = 0; h < v->heads; h++) {
            draw_one(v, v->layer[l], v->head[h]);
            progress_step(&progress, (size_t)(l * v->heads + h + 1));
        }
    progress_end(&progress);
}

/* ---- lines and flow ---- */

/* --token narrows lines to those that leave it. */
static int focus_of(const View *v) {
    return v->token >= 0 ? window_row(&v->window, v->token) : LINES_ALL;
}

static char *lines_title(const View *v, int layer) {
    String text = {0};
    string_add(&text, "layer %d, head%s ", layer, v->heads > 1 ? "s" : "");
    for (int h = 0; h < v->heads; h++) string_add(&text, h ? ", %d" : "%d", v->head[h]);
    return text.text;
}

static void draw_lines(View *v, int layer) {
    Mat *maps = maps_of(v, &layer, 1);
    const char **names = names_numbered("head ", v->head, v->heads);
    Frame frame = frame_begin(v, FRAME_MAP, text_format("lines_layer%d", layer), lines_title(v, layer));
    lines_draw(frame.sheet, maps, v->heads,
               (LinesOptions){.from = v->window.row_labels,
                              .to = v->window.col_labels,
                              .names = names,
                              .hues = v->head,
                              .hidden = v->window.hidden,
                              .focus = focus_of(v)});
    frame_end(&frame);
    names_free(names, v->heads);
    maps_free(maps, v->heads);
}

static void draw_flow(View *v, int layer, int head) {
    Mat part = mat_new(v->window.rows, v->window.cols);
    view_map(v, layer, head, part);
    Frame frame = frame_begin(v, FRAME_MAP, text_format("flow_layer%d_head%d", layer, head),
                              text_format("layer %d, head %d, as a flow", layer, head));
    flow_draw(frame.sheet, part,
              (LinesOptions){.from = v->window.row_labels,
                             .to = v->window.col_labels,
                             .hidden = v->window.hidden,
                             .focus = focus_of(v),
                             .threshold = v->threshold});
    frame_end(&frame);
    mat_free(&part);
}

/* Lines: a picture a layer, its heads in one. Flow: a picture a head. Without --layer or --head, the one that stands
 * for all. */
static void draw_rails(View *v) {
    int layers, heads;
    const int *layer = view_layers(v, &layers), *head = view_heads(v, &heads);
    for (int l = 0; l < layers; l++) {
        if (v->kind == VIEW_LINES) draw_lines(v, layer[l]);
        for (int h = 0; v->kind == VIEW_FLOW && h < heads; h++) draw_flow(v, layer[l], head[h]);
    }
}

void view_draw_maps(View *v) {
    static const char *const names[] = {"heat", "lines", "flow", "neuron"};
    bool heat = v->kind == VIEW_HEAT || v->kind == VIEW_NEURON;
    if (v->show->terminal && !heat) note("--view %s needs a picture: the terminal shows the heat map", names[v->kind]);
    if (heat || v->show->terminal) draw_heat(v);
    else draw_rails(v);
}
