/* draw - attention maps as pictures: the grid of heads, one head large, lines and flow, one token. */
#include "page.h"
#include "show/grid.h"
#include "show/heat.h"
#include "show/lines.h"
#include "show/terminal.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"

#include <stdio.h>
#include <string.h>

/* ---- heat maps ---- */

static const bool *hidden_cells(const Sentence *s, const Window *w) {
    return mask_is_full(s->mask.rule) ? NULL : w->hidden;
}

static void draw_one(const Sentence *s, const Window *w, Shown *shown, int layer, int head) {
    Mat part = mat_new(w->rows, w->cols);
    window_fill(part, w, shown_map(shown, s, layer, head));
    Scale scale = (Scale)s->ask->scale;
    Page page =
        page_new(s, w, text_format("layer%d_head%d", layer, head), text_format("layer %d, head %d", layer, head));
    if (s->ask->terminal)
        terminal_map(terminal_of(stdout), page_line(&page), part,
                     (TerminalMap){w->row_labels, w->col_labels, hidden_cells(s, w), scale, s->ask->values});
    else
        heat_draw(page.sheet, part,
                  (HeatOptions){.from = w->row_labels,
                                .to = w->col_labels,
                                .hidden = hidden_cells(s, w),
                                .scale = scale,
                                .values = s->ask->values});
    page_done(&page, s);
    page_free(&page);
    mat_free(&part);
}

/* All chosen maps, layer by layer. Each is a matrix of its own; free them with maps_free. */
static Mat *maps_of(const Sentence *s, const Window *w, Shown *shown, const Selection *sel) {
    Mat *maps = memory_new((size_t)sel->layers * (size_t)sel->heads, sizeof *maps, "the maps shown");
    for (int l = 0; l < sel->layers; l++)
        for (int h = 0; h < sel->heads; h++) {
            Mat *map = &maps[l * sel->heads + h];
            *map = mat_new(w->rows, w->cols);
            window_fill(*map, w, shown_map(shown, s, sel->layer[l], sel->head[h]));
        }
    return maps;
}

static void maps_free(Mat *maps, int count) {
    for (int i = 0; i < count; i++) mat_free(&maps[i]);
    memory_free(maps);
}

/* "0", "3", "4" for the axes of a grid; free the array with names_free. */
static char **numbers_as_names(const int *numbers, int count) {
    char **names = memory_new((size_t)count, sizeof *names, "names");
    for (int i = 0; i < count; i++) names[i] = text_format("%d", numbers[i]);
    return names;
}

static void names_free(char **names, int count) {
    for (int i = 0; i < count; i++) memory_free(names[i]);
    memory_free(names);
}

static void draw_grid(const Sentence *s, const Window *w, Shown *shown, const Selection *sel) {
    Mat *maps = maps_of(s, w, shown, sel);
    char **rows = numbers_as_names(sel->layer, sel->layers), **cols = numbers_as_names(sel->head, sel->heads);
    bool square = w->rows == w->cols && memcmp(w->row, w->col, (size_t)w->rows * sizeof *w->row) == 0;
    GridOptions options = {.row_names = (const char *const *)rows,
                           .col_names = (const char *const *)cols,
                           .tokens = w->row_labels,
                           .keys = square ? NULL : w->col_labels,
                           .hidden = hidden_cells(s, w),
                           .scale = (Scale)s->ask->scale};
    char *tokens = square ? text_format("%d tokens", w->rows) : text_format("%d x %d tokens", w->rows, w->cols);
    Page page = page_new(s, w, text_format("heads"),
                         text_format("%d layer%s x %d head%s, %s", sel->layers, sel->layers == 1 ? "" : "s", sel->heads,
                                     sel->heads == 1 ? "" : "s", tokens));
    memory_free(tokens);
    grid_draw(page.sheet, maps, sel->layers, sel->heads, options);
    page_done(&page, s);
    page_free(&page);
    names_free(rows, sel->layers), names_free(cols, sel->heads);
    maps_free(maps, sel->layers * sel->heads);
}

/* One head if one is meant; all chosen ones if both layer and head were named; else the grid and one head that stands
 * for them. */
static void draw_heat(const Sentence *s, const Window *w, Shown *shown, const Selection *sel) {
    bool both = s->ask->layers && s->ask->heads, several = sel->layers * sel->heads > 1;
    if (several && !s->ask->terminal) draw_grid(s, w, shown, sel);
    if (!both) {
        draw_one(s, w, shown, sel->one_layer, sel->one_head);
        return;
    }
    Progress progress = progress_begin("drawing heads", (size_t)(sel->layers * sel->heads));
    for (int l = 0; l < sel->layers; l++)
        for (int h = 0; h < sel->heads; h++) {
            draw_one(s, w, shown, sel->layer[l], sel->head[h]);
            progress_step(&progress, (size_t)(l * sel->heads + h + 1));
        }
    progress_end(&progress);
}

/* ---- lines and flow ---- */

/* --token narrows lines to those that leave it. */
static int focus_of(const Sentence *s, const Window *w) {
    return s->token >= 0 ? window_row(w, s->token) : LINES_ALL;
}

static char *heads_name(const Selection *sel) {
    String text = {0};
    string_add(&text, "head%s ", sel->heads > 1 ? "s" : "");
    for (int h = 0; h < sel->heads; h++) string_add(&text, h ? ", %d" : "%d", sel->head[h]);
    return text.text;
}

static void draw_lines(const Sentence *s, const Window *w, Shown *shown, Selection sel, int layer) {
    sel.layer = &layer, sel.layers = 1;
    Mat *maps = maps_of(s, w, shown, &sel);
    char *heads = heads_name(&sel), **names = memory_new((size_t)sel.heads, sizeof *names, "names");
    for (int h = 0; h < sel.heads; h++) names[h] = text_format("head %d", sel.head[h]);
    LinesOptions options = {.from = w->row_labels,
                            .to = w->col_labels,
                            .names = (const char *const *)names,
                            .hues = sel.head,
                            .hidden = hidden_cells(s, w),
                            .focus = focus_of(s, w)};
    Page page = page_new(s, w, text_format("lines_layer%d", layer), text_format("layer %d, %s", layer, heads));
    lines_draw(page.sheet, maps, sel.heads, options);
    page_done(&page, s);
    page_free(&page);
    names_free(names, sel.heads);
    memory_free(heads);
    maps_free(maps, sel.heads);
}

static void draw_flow(const Sentence *s, const Window *w, Shown *shown, int layer, int head) {
    Mat part = mat_new(w->rows, w->cols);
    window_fill(part, w, shown_map(shown, s, layer, head));
    LinesOptions options = {.from = w->row_labels,
                            .to = w->col_labels,
                            .hidden = hidden_cells(s, w),
                            .focus = focus_of(s, w),
                            .threshold = s->ask->threshold};
    Page page = page_new(s, w, text_format("flow_layer%d_head%d", layer, head),
                         text_format("layer %d, head %d, as a flow", layer, head));
    flow_draw(page.sheet, part, options);
    page_done(&page, s);
    page_free(&page);
    mat_free(&part);
}

/* Lines: a picture a layer, its heads in one. Flow: a picture a head. Without --layer or --head, the one that stands
 * for all. */
static void draw_rails(const Sentence *s, const Window *w, Shown *shown, const Selection *sel) {
    bool flow = s->ask->view == VIEW_FLOW;
    int layers = s->ask->layers ? sel->layers : 1;
    for (int l = 0; l < layers; l++) {
        int layer = s->ask->layers ? sel->layer[l] : sel->one_layer;
        if (!flow) draw_lines(s, w, shown, *sel, layer);
        for (int h = 0; flow && h < (s->ask->heads ? sel->heads : 1); h++)
            draw_flow(s, w, shown, layer, s->ask->heads ? sel->head[h] : sel->one_head);
    }
}

void draw_maps(const Sentence *s) {
    Window w = window_new(s);
    Selection sel = selection_new(s);
    Shown shown = shown_new();
    bool heat = s->ask->view == VIEW_HEAT;
    if (s->ask->terminal && !heat) {
        char *view = options_word(VIEWS, s->ask->view);
        note("--view %s needs a picture: the terminal shows the heat map", view);
        memory_free(view);
    }
    if (heat || s->ask->terminal) draw_heat(s, &w, &shown, &sel);
    else draw_rails(s, &w, &shown, &sel);
    shown_free(&shown);
    selection_free(&sel);
    window_free(&w);
}
