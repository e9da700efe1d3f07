#include "view/figures.h"
#include "attention/measures.h"
#include "attention/order.h"
#include "attention/positions.h"
#include "base/memory.h"
#include "show/markup.h"
#include "view/ablate.h"
#include "view/find.h"
#include "view/head_map.h"
#include "view/page.h"

#include <math.h>

/* ---- which heads look alike ---- */

/* With the types of stages/19_heads --seed 1: a file of maps has no twin, and so no noise to leave behind. */
static void add_head_map(String *out, const Reading *r) {
    HeadMap map = head_map_new(r);
    int *type = types_beyond_twin(r, TWIN_SEED);
    char *values = text_format(" data-stress=\"%.2f\"", map.stress);
    markup_open(out, "made_map", values);
    markup_points(out, map.points, r->heads, type);
    markup_line(out, r->reader->model ? "made_map_types" : "made_map_alone", "");
    markup_close(out);
    memory_free(values), memory_free(type), head_map_free(&map);
}

/* ---- how far each looks, under four masks ---- */

static void add_offsets(String *out, const Reading *r) {
    static const int kinds[MARKUP_CURVES] = {MASK_NONE, MASK_CAUSAL, MASK_LOCAL, MASK_GLOBAL_LOCAL};
    static const char *const names[MARKUP_CURVES] = {"mask_none", "mask_causal", "mask_local", "mask_global-local"};
    enum { REACH = 10 };
    Mat curve[MARKUP_CURVES];
    int window = 0;
    for (int m = 0; m < MARKUP_CURVES; m++) {
        MaskOptions asked = mask_options_new(MASK_NONE);
        asked.kind = kinds[m];
        NamedMask mask = mask_from_options(&asked, r->encoding.n);
        mask.rule.causal = mask.rule.causal || reading_pass_mask(r).causal;
        if (kinds[m] == MASK_LOCAL) window = mask_options_fill(&asked, r->encoding.n).said.window;
        curve[m] = mat_new(r->layers * r->heads, 2 * REACH + 1);
        for (int l = 0; l < r->layers; l++) {
            Mat maps = trace_maps_under(&r->trace, l, mask.rule);
            for (int h = 0; h < r->heads; h++)
                measure_offsets(attention_map(maps, r->encoding.n, h), mask.rule, REACH,
                                mat_row(curve[m], l * r->heads + h));
            mat_free(&maps);
        }
        named_mask_free(&mask);
    }
    char *values = text_format(" data-window=\"%d\"", window);
    markup_open(out, "made_offsets", values);
    markup_curves(out, curve, MARKUP_CURVES, r->heads, names);
    markup_close(out);
    for (int m = 0; m < MARKUP_CURVES; m++) mat_free(&curve[m]);
    memory_free(values);
}

/* ---- what is lost without each ---- */

static void add_ablation(String *out, const Reading *r, bool asked) {
    bool guesses = r->reader->model && model_card(r->reader->model).guesses;
    markup_open(out, "made_ablation", "");
    if (!r->reader->model || !asked) {
        markup_line(out, r->reader->model ? "made_ablation_ask" : "made_ablation_none", "");
        markup_close(out);
        return;
    }
    Mat moved = mat_new(r->layers, r->heads), guess = guesses ? mat_new(r->layers, r->heads) : (Mat){0};
    heads_ablated(r, moved, guess);
    markup_table(out, moved, 3, "made_ablation_moved");
    if (guesses) markup_table(out, guess, 3, "made_ablation_guess");
    else markup_line(out, "made_ablation_mute", "");
    markup_close(out);
    mat_free(&moved), mat_free(&guess);
}

/* ---- the order test, with the model's own places, with sinusoids, with none ---- */

typedef enum { PLACES_OWN, PLACES_SINUSOIDS, PLACES_NONE, PLACES } Places;

static double length_of(Mat m) {
    double sum = 0;
    for (int i = 0; i < m.rows; i++)
        for (int c = 0; c < m.cols; c++) sum += pow((double)mat_at(m, i, c), 2);
    return sqrt(sum);
}

/* (n, width) what is added for the places; sinusoids as long as the model's own rows, or the words' where it has none.
 * You free it. */
static Mat places_of(const Trace *own, Places places) {
    Mat rows = mat_new(own->n, own->width);
    if (places == PLACES_OWN) mat_copy(rows, own->position);
    if (places != PLACES_SINUSOIDS) return rows;
    sinusoidal_table(rows, 0, SINUSOIDS_INTERLEAVED);
    double wanted = length_of(own->position), is = length_of(rows);
    if (wanted <= 0) wanted = length_of(own->word);
    for (int i = 0; i < rows.rows; i++)
        for (int c = 0; c < rows.cols; c++) mat_row(rows, i)[c] *= (float)(wanted / is);
    return rows;
}

/* map (n, n) = the opened head's, with those places. */
static void map_with(Mat map, const Reading *r, Mat places, FiguresPlan plan) {
    Trace t = model_trace_new(r->reader->model, r->encoding.n);
    t.tokens = r->labels;
    model_run(r->reader->model, r->reader->workers, r->encoding.ids, r->encoding.types,
              (Run){.mask = reading_pass_mask(r), .places = &places}, &t);
    mat_copy(map, trace_map(&t, plan.one_layer, plan.one_head));
    trace_free(&t);
}

static void add_order(String *out, const Reading *r, FiguresPlan plan) {
    static const char *const keys[PLACES] = {"made_order_own", "made_order_sinusoids", "made_order_none"};
    int n = r->encoding.n;
    Mat a = mat_new(n, n), b = mat_new(n, n), back = mat_new(n, n);
    char *head = text_format(" data-layer=\"%d\" data-head=\"%d\"", plan.one_layer, plan.one_head);
    markup_open(out, "made_order", head);
    if (reading_pass_mask(r).causal) markup_line(out, "made_order_causal", "");
    for (Places p = PLACES_OWN; p < PLACES; p++) {
        Mat places = places_of(&r->trace, p);
        map_with(a, r, places, plan), map_with(b, plan.order, places, plan);
        OrderTest test = order_test(a, b, plan.from, back);
        char *values = text_format(" data-error=\"%.2g\" data-place=\"%.2f\" data-word=\"%.2f\"",
                                   (double)mat_max_diff(a, back), test.by_place, test.by_word);
        markup_line(out, keys[p], values);
        markup_map(out, a, "made_order_text", "", 3 * (int)p);
        markup_map(out, b, "made_order_other", "", 3 * (int)p + 1);
        markup_map(out, back, "made_order_back", "", 3 * (int)p + 2);
        memory_free(values), mat_free(&places);
    }
    markup_close(out);
    memory_free(head), mat_free(&a), mat_free(&b), mat_free(&back);
}

void figures_add(String *out, const Reading *r, FiguresPlan plan) {
    if (r->encoding.n <= FIGURES_MOST) {
        add_head_map(out, r);
        add_offsets(out, r);
    } else {
        char *values = text_format(" data-most=\"%d\"", FIGURES_MOST);
        markup_line(out, "made_long", values);
        memory_free(values);
    }
    add_ablation(out, r, plan.ablate);
    if (plan.order) add_order(out, r, plan);
}
