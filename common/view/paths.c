#include "view/paths.h"
#include "attention/flow.h"
#include "attention/rollout.h"
#include "base/progress.h"
#include "model/sampling.h"
#include "show/label.h"
#include "view/export.h"

#include <stdio.h>
#include <string.h>

/* ---- the layers of a reading ---- */

typedef struct {
    int layers, n;
    Mat *mix, *rolled; /* [layers] (n, n); owned */
    Mask mask;         /* that the maps are under */
} Paths;

static Mat *squares_new(int count, int n) {
    Mat *all = memory_new((size_t)count, sizeof *all, "the paths through the layers");
    for (int l = 0; l < count; l++) all[l] = mat_new(n, n);
    return all;
}

static void squares_free(Mat *all, int count) {
    for (int l = 0; l < count; l++) mat_free(&all[l]);
    memory_free(all);
}

static Paths paths_new(const Reading *r) {
    const Trace *t = &r->trace;
    Paths p = {.layers = t->layers, .n = t->n, .mask = r->mask.rule};
    p.mix = squares_new(t->layers, t->n), p.rolled = squares_new(t->layers, t->n);
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++) rollout_mix(p.mix[l], shown_layer(&shown, r, l), t->heads);
    shown_free(&shown);
    rollout_roll(p.rolled, p.mix, p.layers);
    return p;
}

static void paths_free(Paths *p) {
    squares_free(p->mix, p->layers), squares_free(p->rolled, p->layers);
}

/* out (rows, n): the flow of tokens first, first + 1, ... in shares of 1. Evens p->mix: rollout comes before. */
static void fill_flow(Paths *p, Workers *workers, int first, Mat out) {
    for (int l = 0; l < p->layers; l++) rollout_even_field(p->mix[l], p->mask);
    Flow *flow = flow_new(p->mix, p->layers, workers);
    Progress progress = progress_begin("flow through the layers", (size_t)out.rows);
    int together = 4 * workers_count(workers);
    for (int i = 0; i < out.rows; i += together) {
        flow_rows(flow, workers, first + i, mat_rows(out, i, together < out.rows - i ? together : out.rows - i));
        progress_step(&progress, (size_t)i);
    }
    progress_end(&progress);
    flow_free(flow);
    map_shares(out);
}

/* ---- numbers ---- */

Mat paths_rollout(const Reading *r) {
    Paths p = paths_new(r);
    Mat out = mat_new(p.n, p.n);
    mat_copy(out, p.rolled[p.layers - 1]);
    paths_free(&p);
    return out;
}

void paths_write_rollout(const Reading *r, const char *path) {
    Mat rollout = paths_rollout(r);
    matrix_write(path, rollout);
    mat_free(&rollout);
}

void paths_write_flow(const Reading *r, const char *path) {
    Paths p = paths_new(r);
    Mat flow = mat_new(p.n, p.n);
    fill_flow(&p, r->reader->workers, 0, flow);
    matrix_write(path, flow);
    mat_free(&flow);
    paths_free(&p);
}

/* ---- one token ---- */

/* rows (count, shown keys), names [count]: rollout after each layer, then flow. */
static void draw_token(View *v, Mat rows, const char *const *names, int token) {
    frame_heat(v, FRAME_MAP, text_format("paths_token%d", token),
               text_format("what \"%s\" (token %d) has gathered from where, through the layers",
                           v->reading->labels[token], token),
               rows,
               (HeatOptions){.from = names,
                             .to = v->window.col_labels,
                             .from_axis = "after layer",
                             .to_axis = "from token",
                             .bar = "share",
                             .scale = v->scale,
                             .values = v->show->values});
}

static void print_best(const View *v, const char *name, const float *row) {
    enum { BEST = 4 };
    const Window *w = &v->window;
    int best[BEST], found = sampling_likeliest(best, BEST, row, w->cols);
    printf("%-9s", name);
    for (int k = 0; k < found; k++) {
        printf("  %.3f ", (double)row[best[k]]);
        token_print(w->col_labels[best[k]], k + 1 < found ? 10 : 0);
    }
    putchar('\n');
}

static void show_token(View *v, Paths *p, int token) {
    Mat all = mat_new(p->layers + 1, p->n), shown = mat_new(p->layers + 1, v->window.cols);
    const char **names = names_numbered("layer ", NULL, p->layers + 1);
    memory_free((void *)(size_t)names[p->layers]);
    names[p->layers] = text_format("flow");
    for (int l = 0; l < p->layers; l++) mat_copy(mat_rows(all, l, 1), mat_rows(p->rolled[l], token, 1));
    fill_flow(p, v->reading->reader->workers, token, mat_rows(all, p->layers, 1));
    printf("paths   what \"");
    token_print(v->reading->labels[token], 0);
    printf("\" (token %d) has gathered from where: rollout after each layer, and the flow through all\n", token);
    for (int l = 0; l <= p->layers; l++) {
        for (int j = 0; j < v->window.cols; j++) mat_row(shown, l)[j] = mat_at(all, l, v->window.col[j]);
        print_best(v, names[l], mat_row(shown, l));
    }
    draw_token(v, shown, names, token);
    names_free(names, p->layers + 1);
    mat_free(&all), mat_free(&shown);
}

/* ---- all tokens ---- */

static void draw_matrix(View *v, Mat m, Scale scale, const char *name, const char *title) {
    Mat part = mat_new(v->window.rows, v->window.cols);
    window_fill(v, part, m, v->renormalise);
    frame_heat(v, FRAME_MAP, text_format("%s", name), text_format("%s", title), part,
               (HeatOptions){.from = v->window.row_labels,
                             .to = v->window.col_labels,
                             .from_axis = "token of the last layer",
                             .to_axis = "from token",
                             .bar = "share",
                             .scale = scale,
                             .values = v->show->values});
    mat_free(&part);
}

void view_draw_paths(View *v) {
    Paths p = paths_new(v->reading);
    if (v->token >= 0) {
        show_token(v, &p, v->token);
    } else {
        Mat flow = mat_new(p.n, p.n);
        draw_matrix(v, p.rolled[p.layers - 1], v->scale, "rollout",
                    "rollout: attention and residual, multiplied through all layers");
        fill_flow(&p, v->reading->reader->workers, 0, flow);
        draw_matrix(v, flow, SCALE_AMOUNT, "flow",
                    "flow: how much the narrowest places of all paths let through, in shares");
        mat_free(&flow);
    }
    paths_free(&p);
}
