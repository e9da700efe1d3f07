/* The whole way of a text through one layer, one figure a step, and one weight taken apart. Declared in views.h. */
#include "show/bars.h"
#include "show/label.h"
#include "show/neuron.h"
#include "show/panels.h"
#include "show/strips.h"
#include "view/views.h"

#include <stdio.h>
#include <string.h>

static void draw_strips(const View *v, char *name, char *title, const Strip *strips, int count) {
    Frame frame = frame_begin(v, FRAME_PART_OF_MODEL, name, title);
    strips_draw(frame.sheet, strips, count, (StripsOptions){.rows = v->reading->labels});
    frame_end(&frame);
}

/* A model without segments, or without a table of positions, has no such step. */
static void draw_embeddings(const View *v) {
    const Trace *t = &v->reading->trace;
    const Strip all[] = {
        {"word embedding: one row of a table for each id", t->word, 0},
        {"position embedding: learned, one row for each place", t->position, 0},
        {"segment embedding: sentence A or B", t->segment, 0},
        {t->norm_first ? "their sum: what layer 0 reads" : "their sum, after layer norm: what layer 0 reads",
         t->hidden[0], 0}};
    static const char *const counts[] = {"", "one embedding is read", "two embeddings become one",
                                         "three embeddings become one"};
    Strip strips[4];
    int count = 0;
    for (int i = 0; i < 4; i++)
        if (i == 0 || i == 3 || mat_max_abs(all[i].values) > 0) strips[count++] = all[i];
    draw_strips(v, text_format("anatomy_1_embeddings"), text_format("step 1: %s", counts[count - 1]), strips, count);
}

static void draw_qkv(const View *v, int layer) {
    const Attention *a = &v->reading->trace.attention[layer];
    int d_head = a->q.cols / a->heads;
    const Strip strips[] = {{"Q: what each token asks for", a->q, 0},
                            {"K: what each token answers to", a->k, 0},
                            {"V: what each token has to give", a->v, 0}};
    draw_strips(v, text_format("anatomy_2_qkv_layer%d", layer),
                text_format("step 2: queries, keys and values of layer %d (head h: columns %d h to %d h + %d)", layer,
                            d_head, d_head, d_head - 1),
                strips, 3);
}

/* What was done to the scores before the softmax. You free it. */
static char *scaled_name(const Attention *a, int d_head, bool masked) {
    String name = {0};
    string_add(&name, "scores");
    if (a->scale <= 0) string_add(&name, " / sqrt(%d)", d_head);
    else if (a->scale < 1 || a->scale > 1) string_add(&name, " x %g", (double)a->scale);
    if (a->bias.data) string_add(&name, " + bias");
    if (masked) string_add(&name, ", masked");
    return name.text;
}

/* Scores, then scaled (and biased) and masked, then softmax: the same cell has the same place in all three. */
static void draw_weights(View *v, int layer, int head) {
    const Window *w = &v->window;
    const Attention *a = &v->reading->trace.attention[layer];
    Attention one = attention_head(*a, head);
    int n = one.q.rows, d_head = one.q.cols;
    Mat scores = mat_new(n, n), part[3];
    mat_mul_nt(scores, 1, one.q, one.k, 0);
    for (int i = 0; i < 3; i++) part[i] = mat_new(w->rows, w->cols);
    window_fill(v, part[0], scores, false); /* scores are no shares: nothing to renormalise */
    for (int i = 0; i < n; i++) {
        const float *bias = attention_bias_row(a, head, i);
        for (int j = 0; j < n; j++)
            mat_row(scores, i)[j] = attention_scale(a) * mat_at(scores, i, j) + (bias ? bias[j] : 0);
    }
    window_fill(v, part[1], scores, false);
    view_map(v, layer, head, part[2]);
    char *scaled = scaled_name(a, d_head, w->hidden != NULL);
    const Panel panels[] = {{"scores q . k", part[0], SCALE_SIGNED, .hidden = NULL},
                            {scaled, part[1], SCALE_SIGNED, .hidden = w->hidden},
                            {"weights: softmax of each row", part[2], v->scale, .hidden = w->hidden}};
    Frame frame = frame_begin(v, FRAME_MAP, text_format("anatomy_3_attention_layer%d_head%d", layer, head),
                              text_format("step 3: from scores to weights, layer %d, head %d", layer, head));
    panels_draw(frame.sheet, panels, 3,
                (PanelsOptions){.from = w->row_labels, .to = w->col_labels, .values = v->show->values});
    frame_end(&frame);
    memory_free(scaled);
    for (int i = 0; i < 3; i++) mat_free(&part[i]);
    mat_free(&scores);
}

static void draw_feed_forward(const View *v, int layer) {
    const Trace *t = &v->reading->trace;
    bool last = layer == t->layers - 1;
    const Strip strips[] = {{"context: the weighted values, heads side by side", t->context[layer], 0},
                            {t->norm_first ? "the stream after attention was added" : "after attention and Add & Norm",
                             t->attended[layer], 0},
                            {"feed-forward activity, after the activation", t->inner[layer], 0},
                            {!t->norm_first ? "after the feed-forward block and Add & Norm: the layer's output"
                             : last         ? "the stream after the feed-forward block was added, and the last norm"
                                            : "the stream after the feed-forward block was added: the layer's output",
                             t->hidden[layer + 1], 0}};
    draw_strips(v, text_format("anatomy_4_feed_forward_layer%d", layer),
                text_format("step 4: mixing and widening, layer %d", layer), strips, 4);
}

/* How far attention and feed-forward moved each token: the length of output minus input. */
static void draw_changes(const View *v, int layer) {
    static const char *const series[] = {"by attention", "by feed-forward"};
    const Reading *r = v->reading;
    const Trace *t = &r->trace;
    Mat change = mat_new(2, t->n);
    layer_moves(t, layer, change);
    printf("moved   token            by attention  by feed-forward  in layer %d\n", layer);
    for (int i = 0; i < t->n; i++) {
        printf("%7d ", i);
        label_print(r->labels[i], strlen(r->labels[i]), 16, 16);
        printf(" %12.2f %16.2f\n", (double)mat_at(change, 0, i), (double)mat_at(change, 1, i));
    }
    if (!v->show->terminal) {
        Frame frame = frame_begin(v, FRAME_PART_OF_MODEL, text_format("anatomy_5_changes_layer%d", layer),
                                  text_format("step 5: how far %s of layer %d moved each token",
                                              t->norm_first ? "each half" : "each Add & Norm", layer));
        bars_draw(frame.sheet, change,
                  (BarsOptions){.names = r->labels, .series = series, .value_axis = "distance", .mark = BARS_NONE});
        frame_end(&frame);
    }
    mat_free(&change);
}

void view_draw_anatomy(View *v) {
    int heads;
    const int *head = view_heads(v, &heads), first = 0;
    int layers = v->layers_named ? v->layers : 1;
    draw_embeddings(v);
    for (int l = 0; l < layers; l++) {
        int layer = v->layers_named ? v->layer[l] : first; /* its way begins where the text enters */
        draw_qkv(v, layer);
        for (int h = 0; h < heads; h++) draw_weights(v, layer, head[h]);
        draw_feed_forward(v, layer);
        draw_changes(v, layer);
    }
}

/* ---- one query ---- */

static void draw_one_neuron(View *v, int layer, int head) {
    const Reading *r = v->reading;
    const Trace *t = &r->trace;
    Attention one = attention_head(t->attention[layer], head);
    int token = v->token >= 0 ? v->token : t->n > 1 ? 1 : 0;
    bool *hidden = memory_new((size_t)t->n, sizeof *hidden, "the masked keys");
    for (int j = 0; j < t->n; j++) hidden[j] = !mask_allows(r->mask.rule, token, j);
    Neuron neuron = {.query = mat_rows(one.q, token, 1),
                     .keys = one.k,
                     .weights = mat_rows(shown_map(&v->shown, r, layer, head), token, 1),
                     .query_name = r->labels[token],
                     .names = r->labels,
                     .scale = (double)one.scale,
                     .bias = attention_bias_row(&t->attention[layer], head, token),
                     .hidden = mask_is_full(r->mask.rule) ? NULL : hidden};
    Frame frame = frame_begin(v, FRAME_ROW, text_format("neuron_layer%d_head%d_token%d", layer, head, token),
                              text_format("layer %d, head %d: how \"%s\" chooses", layer, head, r->labels[token]));
    neuron_draw(frame.sheet, neuron);
    frame_end(&frame);
    memory_free(hidden);
}

void view_draw_neuron(View *v) {
    int layers, heads;
    const int *layer = view_layers(v, &layers), *head = view_heads(v, &heads);
    for (int l = 0; l < layers; l++)
        for (int h = 0; h < heads; h++) draw_one_neuron(v, layer[l], head[h]);
}
