#include "view/head_pictures.h"
#include "base/memory.h"
#include "base/plural.h"
#include "model/sampling.h"
#include "show/curves.h"
#include "show/grid.h"
#include "show/label.h"

#include <math.h>
#include <stdio.h>

/* ---- a cell a head ---- */

/* What cannot be above 1 has one scale on all pictures, as asked; nats and tokens have ends of their own, even where a
 * short text leaves them all below 1. */
static Scale scale_of(const Measure *m, Scale asked) {
    if (!m->grows) return asked;
    return *m->range == '-' ? SCALE_SIGNED : SCALE_FIT;
}

void draw_head_index(const View *v, const HeadTable *t, int place) {
    const Measure *m = measure_at(place);
    Mat values = mat_new(t->layers, t->heads);
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) mat_row(values, l)[h] = (float)head_value(t, place, l, h);
    int n = v->reading->trace.n;
    frame_heat(
        v, FRAME_ROW, text_format("index_%s", m->name),
        text_format("%s of every head, %d token%s", m->name, n, PLURAL(n)), values,
        (HeatOptions){
            .from_axis = "layer", .to_axis = "head", .bar = m->name, .scale = scale_of(m, v->scale), .values = true});
    mat_free(&values);
}

/* ---- the heads of the largest values ---- */

void tell_heads(const View *v, FrameKind kind, char *name, char *title, Mat values, const char *word, const char *bar) {
    enum { BEST = 5 };
    int best[BEST], found = sampling_likeliest(best, BEST, values.data, values.rows * values.cols);
    for (int k = 0; k < found; k++)
        printf("%s layer %d head %-2d  %.4f\n", k ? "       " : word, best[k] / values.cols, best[k] % values.cols,
               (double)values.data[best[k]]);
    frame_heat(
        v, kind, name, title, values,
        (HeatOptions){
            .from_axis = "layer", .to_axis = "head", .bar = bar, .scale = SCALE_AMOUNT, .values = v->show->values});
}

/* ---- against depth ---- */

/* (4, layers): which layer, least, mean, most. You free it. */
static Mat depth_of(const HeadTable *t, int place) {
    Mat depth = mat_new(4, t->layers);
    for (int l = 0; l < t->layers; l++) {
        double least = INFINITY, most = -INFINITY, sum = 0;
        for (int h = 0; h < t->heads; h++) {
            double value = head_value(t, place, l, h);
            least = fmin(least, value), most = fmax(most, value), sum += value;
        }
        const double column[] = {l, least, sum / t->heads, most};
        for (int i = 0; i < 4; i++) mat_row(depth, i)[l] = (float)column[i];
    }
    return depth;
}

static Curve curve_of(Mat depth, const char *name, bool dashed) {
    return (Curve){.name = name, .x = mat_row(depth, 0), .y = mat_row(depth, 2), .n = depth.cols, .dashed = dashed};
}

static CurveBand band_of(Mat depth) {
    return (CurveBand){mat_row(depth, 1), mat_row(depth, 3)};
}

void draw_head_depth(const View *v, const HeadTable *t, const HeadTable *null, int place) {
    if (v->show->terminal) return;
    const Measure *m = measure_at(place);
    Mat real = depth_of(t, place), noise = null ? depth_of(null, place) : (Mat){0};
    Curve curves[2] = {curve_of(real, "the mean over a layer's heads; the band: least to most", false)};
    CurveBand bands[2] = {band_of(real)};
    if (null) curves[1] = curve_of(noise, "the random twin", true), bands[1] = band_of(noise);
    const char **layers = names_numbered("", NULL, t->layers);
    Frame frame = frame_begin(
        v, FRAME_ROW, text_format("depth_%s", m->name),
        text_format("%s against depth, %d token%s", m->name, v->reading->trace.n, PLURAL(v->reading->trace.n)));
    curves_draw(frame.sheet, curves, null ? 2 : 1,
                (CurvesOptions){
                    .x_axis = "layer", .y_axis = m->name, .names = layers, .names_count = t->layers, .bands = bands});
    frame_end(&frame);
    names_free(layers, t->layers);
    mat_free(&real), mat_free(&noise);
}

/* ---- fingerprints ---- */

enum { REACH = 10, OFFSETS = 2 * REACH + 1, HEIGHT = 12 };

/* Bars on squared paper: of column o, the lowest cells are filled in proportion to the weight, and coloured by it. */
static Mat bars_of(const float *weights) {
    Mat bars = mat_new(HEIGHT, OFFSETS);
    for (int o = 0; o < OFFSETS; o++) {
        int filled = (int)ceil(HEIGHT * (double)weights[o]);
        for (int y = 0; y < filled && y < HEIGHT; y++) mat_row(bars, HEIGHT - 1 - y)[o] = weights[o];
    }
    return bars;
}

/* Distances that no pair of tokens has which may see each other. */
static bool *no_such_distance(const Reading *r) {
    int n = r->trace.n;
    bool *hidden = memory_new((size_t)HEIGHT * OFFSETS, sizeof *hidden, "the distances");
    for (int o = -REACH; o <= REACH; o++) {
        bool any = false;
        for (int i = 0; i < n && !any; i++) any = i + o >= 0 && i + o < n && mask_allows(r->mask.rule, i, i + o);
        for (int y = 0; y < HEIGHT && !any; y++) hidden[y * OFFSETS + o + REACH] = true;
    }
    return hidden;
}

void draw_fingerprints(const View *v) {
    const Reading *r = v->reading;
    int layers = r->trace.layers, heads = r->trace.heads;
    if (v->show->terminal) return;
    Mat *bars = memory_new((size_t)layers * (size_t)heads, sizeof *bars, "the fingerprints");
    Shown shown = shown_new();
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < heads; h++) {
            float weights[OFFSETS];
            measure_offsets(shown_map(&shown, r, l, h), r->mask.rule, REACH, weights);
            bars[l * heads + h] = bars_of(weights);
        }
    bool *hidden = no_such_distance(r);
    Frame frame =
        frame_begin(v, FRAME_ROW, text_format("fingerprints"),
                    text_format("how far each head looks: fingerprints, %d token%s", r->trace.n, PLURAL(r->trace.n)));
    char *each = text_format("the mean weight of keys %d before the query, ..., itself (the middle), ..., %d behind it",
                             REACH, REACH);
    grid_draw(
        frame.sheet, bars, layers, heads,
        (GridOptions){
            .hidden = hidden, .bar = "mean weight", .each = each, .grey = "a distance that no two tokens have here"});
    frame_end(&frame);
    memory_free(each);
    shown_free(&shown), memory_free(hidden);
    for (int i = 0; i < layers * heads; i++) mat_free(&bars[i]);
    memory_free(bars);
}
