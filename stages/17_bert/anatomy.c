/* anatomy - the whole way of the sentence through one layer, one figure a step, and one weight taken apart. */
#include "page.h"
#include "attention/attention.h"
#include "base/memory.h"
#include "show/bars.h"
#include "show/neuron.h"
#include "show/panels.h"
#include "show/strips.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

static void draw_strips(const Sentence *s, char *name, char *title, const Strip *strips, int count) {
    Page page = page_new(s, NULL, name, title);
    if (!s->ask->terminal) strips_draw(page.sheet, strips, count, (StripsOptions){.rows = s->labels});
    for (int i = 0; i < count && s->ask->terminal; i++)
        terminal_strip(terminal_of(stdout), strips[i].title, s->labels, strips[i].values);
    page_done(&page, s);
    page_free(&page);
}

static void draw_embeddings(const Sentence *s) {
    const Trace *t = &s->trace;
    const Strip strips[] = {{"word embedding: one row of a table for each id", t->word, 0},
                            {"position embedding: learned, one row for each place", t->position, 0},
                            {"segment embedding: sentence A or B", t->segment, 0},
                            {"their sum, after layer norm: what layer 0 reads", t->hidden[0], 0}};
    draw_strips(s, text_format("anatomy_1_embeddings"), text_format("step 1: three embeddings become one"), strips, 4);
}

static void draw_qkv(const Sentence *s, int layer) {
    const Trace *t = &s->trace;
    const Strip strips[] = {{"Q: what each token asks for", t->attention[layer].q, 0},
                            {"K: what each token answers to", t->attention[layer].k, 0},
                            {"V: what each token has to give", t->attention[layer].v, 0}};
    draw_strips(s, text_format("anatomy_2_qkv_layer%d", layer),
                text_format("step 2: queries, keys and values of layer %d (head h: columns %d h to %d h + %d)", layer,
                            t->width / t->heads, t->width / t->heads, t->width / t->heads - 1),
                strips, 3);
}

/* Scores, then scaled by 1/sqrt(d_head) and masked, then softmax: the same cell has the same place in all three. */
static void draw_weights(const Sentence *s, const Window *w, Shown *shown, int layer, int head) {
    const Trace *t = &s->trace;
    int n = t->n, d_head = t->width / t->heads;
    Mat scores = mat_new(n, n), part[3];
    mat_mul_nt(scores, 1, mat_cols(t->attention[layer].q, head * d_head, d_head),
               mat_cols(t->attention[layer].k, head * d_head, d_head), 0);
    for (int i = 0; i < 3; i++) part[i] = mat_new(w->rows, w->cols);
    Window raw = *w;
    raw.renormalise = false; /* scores are no shares: nothing to renormalise */
    window_fill(part[0], &raw, scores);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) mat_row(scores, i)[j] /= sqrtf((float)d_head);
    window_fill(part[1], &raw, scores);
    window_fill(part[2], w, shown_map(shown, s, layer, head));
    const bool *hidden = mask_is_full(s->mask.rule) ? NULL : w->hidden;
    char *scaled = text_format("scores / sqrt(%d)%s", d_head, hidden ? ", masked" : "");
    const Panel panels[] = {{"scores q . k", part[0], SCALE_SIGNED, NULL},
                            {scaled, part[1], SCALE_SIGNED, hidden},
                            {"weights: softmax of each row", part[2], (Scale)s->ask->scale, hidden}};
    Page page = page_new(s, w, text_format("anatomy_3_attention_layer%d_head%d", layer, head),
                         text_format("step 3: from scores to weights, layer %d, head %d", layer, head));
    if (!s->ask->terminal)
        panels_draw(page.sheet, panels, 3,
                    (PanelsOptions){.from = w->row_labels, .to = w->col_labels, .values = s->ask->values});
    for (int i = 0; i < 3 && s->ask->terminal; i++)
        terminal_map(terminal_of(stdout), panels[i].title, panels[i].m,
                     (TerminalMap){w->row_labels, w->col_labels, panels[i].hidden, panels[i].scale, s->ask->values});
    page_done(&page, s);
    page_free(&page);
    memory_free(scaled);
    for (int i = 0; i < 3; i++) mat_free(&part[i]);
    mat_free(&scores);
}

static void draw_feed_forward(const Sentence *s, int layer) {
    const Trace *t = &s->trace;
    const Strip strips[] = {
        {"context: the weighted values, heads side by side", t->context[layer], 0},
        {"after attention and Add & Norm", t->attended[layer], 0},
        {"feed-forward activity, after the activation", t->inner[layer], 0},
        {"after the feed-forward block and Add & Norm: the layer's output", t->hidden[layer + 1], 0}};
    draw_strips(s, text_format("anatomy_4_feed_forward_layer%d", layer),
                text_format("step 4: mixing and widening, layer %d", layer), strips, 4);
}

static float distance(const float *a, const float *b, int n) {
    double sum = 0;
    for (int c = 0; c < n; c++) sum += ((double)a[c] - (double)b[c]) * ((double)a[c] - (double)b[c]);
    return (float)sqrt(sum);
}

/* How far each Add & Norm moved each token: the length of output minus input. */
static void draw_changes(const Sentence *s, int layer) {
    static const char *const series[] = {"by attention", "by feed-forward"};
    const Trace *t = &s->trace;
    Mat change = mat_new(2, t->n);
    for (int i = 0; i < t->n; i++) {
        mat_row(change, 0)[i] = distance(mat_row(t->attended[layer], i), mat_row(t->hidden[layer], i), t->width);
        mat_row(change, 1)[i] = distance(mat_row(t->hidden[layer + 1], i), mat_row(t->attended[layer], i), t->width);
    }
    printf("moved   token            by attention  by feed-forward  in layer %d\n", layer);
    for (int i = 0; i < t->n; i++) {
        printf("%7d ", i);
        print_label(s->labels[i], 16, 16);
        printf(" %12.2f %16.2f\n", (double)mat_at(change, 0, i), (double)mat_at(change, 1, i));
    }
    if (!s->ask->terminal) {
        Page page = page_new(s, NULL, text_format("anatomy_5_changes_layer%d", layer),
                             text_format("step 5: how far each Add & Norm of layer %d moved each token", layer));
        bars_draw(page.sheet, change,
                  (BarsOptions){.names = s->labels, .series = series, .value_axis = "distance", .mark = BARS_NONE});
        page_done(&page, s);
        page_free(&page);
    }
    mat_free(&change);
}

void draw_anatomy(const Sentence *s) {
    Window w = window_new(s);
    Selection sel = selection_new(s);
    Shown shown = shown_new();
    draw_embeddings(s);
    for (int l = 0; l < (s->ask->layers ? sel.layers : 1); l++) {
        int layer = s->ask->layers ? sel.layer[l] : 0;
        draw_qkv(s, layer);
        for (int h = 0; h < (s->ask->heads ? sel.heads : 1); h++)
            draw_weights(s, &w, &shown, layer, s->ask->heads ? sel.head[h] : sel.one_head);
        draw_feed_forward(s, layer);
        draw_changes(s, layer);
    }
    shown_free(&shown);
    selection_free(&sel);
    window_free(&w);
}

static void draw_one_neuron(const Sentence *s, Shown *shown, int layer, int head) {
    const Trace *t = &s->trace;
    int d_head = t->width / t->heads, from = head * d_head;
    int token = s->token >= 0 ? s->token : t->n > 1 ? 1 : 0;
    bool *hidden = memory_new((size_t)t->n, sizeof *hidden, "the masked keys");
    for (int j = 0; j < t->n; j++) hidden[j] = !mask_allows(s->mask.rule, token, j);
    Neuron neuron = {.query = mat_rows(mat_cols(t->attention[layer].q, from, d_head), token, 1),
                     .keys = mat_cols(t->attention[layer].k, from, d_head),
                     .weights = mat_rows(shown_map(shown, s, layer, head), token, 1),
                     .query_name = s->labels[token],
                     .names = s->labels,
                     .hidden = mask_is_full(s->mask.rule) ? NULL : hidden};
    Window whole = {0}; /* a map's row, all of it */
    Page page = page_new(s, &whole, text_format("neuron_layer%d_head%d_token%d", layer, head, token),
                         text_format("layer %d, head %d: how \"%s\" chooses", layer, head, s->labels[token]));
    if (s->ask->terminal) terminal_bars(terminal_of(stdout), page_line(&page), s->labels, neuron.weights.data, t->n, 1);
    else neuron_draw(page.sheet, neuron);
    page_done(&page, s);
    page_free(&page);
    memory_free(hidden);
}

void draw_neuron(const Sentence *s) {
    Selection sel = selection_new(s);
    Shown shown = shown_new();
    for (int l = 0; l < (s->ask->layers ? sel.layers : 1); l++)
        for (int h = 0; h < (s->ask->heads ? sel.heads : 1); h++)
            draw_one_neuron(s, &shown, s->ask->layers ? sel.layer[l] : sel.one_layer,
                            s->ask->heads ? sel.head[h] : sel.one_head);
    shown_free(&shown);
    selection_free(&sel);
}
