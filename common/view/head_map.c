#include "view/head_map.h"
#include "attention/divergence.h"
#include "attention/head_type.h"
#include "attention/rollout.h"
#include "math/scaling.h"
#include "show/label.h"
#include "show/scatter.h"
#include "view/export.h"

#include <stdio.h>

/* All maps of a reading as they are shown, (layers * heads * n, n). You free it. */
static Mat all_maps(const Reading *r) {
    const Trace *t = &r->trace;
    int rows = t->heads * t->n;
    size_t all;
    bool fits = size_multiply((size_t)t->layers, (size_t)rows, &all) && all <= INT32_MAX;
    Mat maps = mat_new(fits ? (int)all : INT32_MAX, t->n);
    Shown shown = shown_new();
    for (int l = 0; l < t->layers; l++) mat_copy(mat_rows(maps, l * rows, rows), shown_layer(&shown, r, l));
    shown_free(&shown);
    return maps;
}

/* (heads of the model, heads of the model); you free it. */
static Mat distances_of(const Reading *r, Mat maps) {
    int count = r->trace.layers * r->trace.heads, n = r->trace.n;
    Mat *heads = memory_new((size_t)count, sizeof *heads, "the heads"), distance = mat_new(count, count);
    for (int i = 0; i < count; i++) heads[i] = mat_rows(maps, i * n, n);
    head_distances(distance, heads, count, r->reader->workers);
    memory_free(heads);
    return distance;
}

void head_distances_write(const Reading *r, const char *path) {
    Mat maps = all_maps(r), distance = distances_of(r, maps);
    matrix_write(path, distance);
    mat_free(&maps), mat_free(&distance);
}

static double change_of(const Reading *r, Mat maps) {
    const Trace *t = &r->trace;
    Mat first = mat_new(t->n, t->n), last = mat_new(t->n, t->n);
    maps_mean(first, mat_rows(maps, 0, t->heads * t->n), t->heads);
    maps_mean(last, mat_rows(maps, (t->layers - 1) * t->heads * t->n, t->heads * t->n), t->heads);
    double change = flow_change(first, last);
    mat_free(&first), mat_free(&last);
    return change;
}

/* The pairs of the smallest distance, each head in one pair at most. */
static void print_alike(Mat distance, int heads) {
    enum { PAIRS = 5 };
    bool *used = memory_new((size_t)distance.rows, sizeof *used, "flags");
    for (int k = 0; k < PAIRS && 2 * k + 1 < distance.rows; k++) {
        int a = -1, b = -1;
        for (int i = 0; i < distance.rows; i++)
            for (int j = 0; j < i; j++)
                if (!used[i] && !used[j] && (a < 0 || mat_at(distance, j, i) < mat_at(distance, a, b))) a = j, b = i;
        used[a] = used[b] = true;
        printf("%s  %d.%d and %d.%d  %.4f\n", k ? "       " : "alike  ", a / heads, a % heads, b / heads, b % heads,
               (double)mat_at(distance, a, b));
    }
    memory_free(used);
}

static HeadMap map_of(const Reading *r, Mat maps) {
    HeadMap map = {.distance = distances_of(r, maps)};
    map.points = mat_new(map.distance.rows, 2);
    map.stress = scaling_plane(map.points, map.distance);
    return map;
}

HeadMap head_map_new(const Reading *r) {
    Mat maps = all_maps(r);
    HeadMap map = map_of(r, maps);
    mat_free(&maps);
    return map;
}

void head_map_free(HeadMap *map) {
    mat_free(&map->distance), mat_free(&map->points);
}

static void draw_points(View *v, const HeadMap *map, const char *const *names, const int *type) {
    const Trace *t = &v->reading->trace;
    int count = map->distance.rows, *layer = memory_new((size_t)count, sizeof *layer, "the layers");
    for (int i = 0; i < count; i++) layer[i] = i / t->heads;
    const char **layers = names_numbered("layer ", NULL, t->layers);
    char *note =
        text_format("near: alike; far: different (Jensen-Shannon). Stress %.2f: %s", map->stress,
                    map->stress > 0.2 ? "a flat map of these distances is a rough one, check a pair by its number"
                                      : "the plane has room for most of these distances");
    Frame frame =
        frame_begin(v, FRAME_ROW, text_format("head_map"),
                    text_format("which heads look alike, and types %s",
                                v->reading->reader->model ? "that random weights do not have" : "by thresholds alone"));
    scatter_draw(frame.sheet, map->points,
                 (ScatterOptions){.names = names,
                                  .hue = layer,
                                  .hues = layers,
                                  .hue_count = t->layers,
                                  .marker = type,
                                  .markers = HEAD_TYPE_NAME,
                                  .marker_count = HEAD_TYPES,
                                  .note = note});
    frame_end(&frame);
    names_free(layers, t->layers);
    memory_free(note), memory_free(layer);
}

void view_draw_head_map(View *v, const int *type) {
    const Trace *t = &v->reading->trace;
    Mat maps = all_maps(v->reading);
    HeadMap map = map_of(v->reading, maps);
    const char **names = names_of_heads(t->heads, map.distance.rows);
    print_alike(map.distance, t->heads);
    printf("change  %.4f from the mean of the first layer to that of the last (0 to 0.8326)\n",
           change_of(v->reading, maps));
    draw_points(v, &map, names, type);
    frame_heat(v, FRAME_ROW, text_format("head_distances"), text_format("how differently two heads look, 0 to 1"),
               map.distance,
               (HeatOptions){.from = names,
                             .to = names,
                             .from_axis = "head",
                             .to_axis = "head",
                             .bar = "distance",
                             .scale = SCALE_AMOUNT});
    names_free(names, map.distance.rows);
    mat_free(&maps), head_map_free(&map);
}
