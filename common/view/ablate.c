#include "view/ablate.h"
#include "base/error.h"
#include "base/progress.h"
#include "model/change.h"
#include "show/label.h"
#include "view/head_pictures.h"

#include <stdio.h>
#include <string.h>

/* ---- which heads ---- */

static _Noreturn void fail_heads(const char *option, const char *text, int layers, int heads) {
    fail(EXIT_USAGE,
         "%s %s: no such head. Expected LAYER.HEAD, LAYER, several (0.3,2) or all; layers 0 to %d, "
         "heads 0 to %d",
         option, text, layers - 1, heads - 1);
}

/* False for what is no head. */
static bool mark_heads(bool *marked, const char *item, int layers, int heads) {
    const char *dot = strchr(item, '.');
    char *layer_text = text_copy(item, dot ? (size_t)(dot - item) : strlen(item));
    long layer, head = 0;
    bool found = text_to_int(layer_text, 0, layers - 1, &layer) && (!dot || text_to_int(dot + 1, 0, heads - 1, &head));
    for (int h = 0; found && h < heads; h++)
        if (!dot || h == head) marked[layer * heads + h] = true;
    memory_free(layer_text);
    return found;
}

bool *heads_parse(const char *option, const char *text, int layers, int heads) {
    if (strcmp(text, "all") == 0) return NULL;
    bool *marked = memory_new((size_t)layers * (size_t)heads, sizeof *marked, "which heads");
    for (const char *at = text;;) {
        size_t length = strcspn(at, ",");
        char *item = text_copy(at, length);
        if (!mark_heads(marked, item, layers, heads)) fail_heads(option, text, layers, heads);
        memory_free(item);
        if (at[length] == '\0') return marked;
        at += length + 1;
    }
}

/* ---- the pass without them ---- */

/* Below the first layer that lacks a head all is as it was. */
static void run_without(const Reading *r, const bool *off, Trace *trace) {
    int head = 0, heads = trace->layers * trace->heads;
    while (head < heads && !off[head]) head++;
    Run run = {.mask = reading_pass_mask(r), .heads_off = off, .known = &r->trace, .from = head / trace->heads};
    model_run(r->reader->model, r->reader->workers, r->encoding.ids, r->encoding.types, run, trace);
}

static char *names_off(const bool *off, int layers, int heads) {
    String text = {0};
    for (int l = 0; l < layers; l++) {
        int count = 0;
        for (int h = 0; h < heads; h++) count += off[l * heads + h];
        if (count == heads) string_add(&text, "%slayer %d", text.length ? ", " : "", l);
        for (int h = 0; h < heads && count < heads; h++)
            if (off[l * heads + h]) string_add(&text, "%shead %d.%d", text.length ? ", " : "", l, h);
    }
    return text.text;
}

static void print_guess_change(const Reading *r, const Trace *without) {
    const Model *model = r->reader->model;
    if (!model_card(model).guesses) {
        printf("predict this model names no tokens: only its hidden states can move\n");
        return;
    }
    Mat before = model_logits(model, r->reader->workers, &r->trace);
    Mat after = model_logits(model, r->reader->workers, without);
    GuessChange change = guess_change(after, before);
    printf(
        "predict the likeliest token is another one at %d of %d places; its mean probability goes from %.4f to %.4f, "
        "divergence %.4f\n",
        change.changed, before.rows, change.before, change.after, change.divergence);
    mat_free(&before), mat_free(&after);
}

static void draw_moved(View *v, Mat moved, const char *what) {
    Mat part = mat_new(moved.rows, v->window.cols);
    for (int l = 0; l < moved.rows; l++)
        for (int j = 0; j < part.cols; j++) mat_row(part, l)[j] = mat_at(moved, l, v->window.col[j]);
    const char **layers = names_numbered("layer ", NULL, moved.rows);
    frame_heat(v, FRAME_MAP, text_format("ablated"), text_format("how far each token moves without %s", what), part,
               (HeatOptions){.from = layers,
                             .to = v->window.col_labels,
                             .from_axis = "after layer",
                             .to_axis = "token",
                             .bar = "|moved| / |state|",
                             .scale = SCALE_AMOUNT,
                             .values = v->show->values});
    names_free(layers, moved.rows);
    mat_free(&part);
}

static void tell_without(View *v, const bool *off) {
    const Reading *r = v->reading;
    const Trace *t = &r->trace;
    Trace without = model_trace_new(r->reader->model, t->n);
    char *what = names_off(off, t->layers, t->heads);
    Mat moved = mat_new(t->layers, t->n);
    run_without(r, off, &without);
    printf("ablate  without %s; hidden states against those of the whole model\nlayer   cosine    moved\n", what);
    for (int l = 0; l < t->layers; l++) {
        StateChange change = state_change(without.hidden[l + 1], t->hidden[l + 1]);
        printf("%5d   %.4f   %.4f\n", l, change.cosine, change.moved);
        state_moved(mat_row(moved, l), without.hidden[l + 1], t->hidden[l + 1]);
    }
    print_guess_change(r, &without);
    draw_moved(v, moved, what);
    mat_free(&moved), memory_free(what);
    trace_free(&without);
}

/* ---- each head for itself ---- */

void heads_ablated(const Reading *r, Mat moved, Mat guess) {
    const Trace *t = &r->trace;
    const Model *model = r->reader->model;
    Mat before = guess.data ? model_logits(model, r->reader->workers, t) : (Mat){0};
    Trace without = model_trace_new(r->reader->model, t->n);
    bool *off = memory_new((size_t)(t->layers * t->heads), sizeof *off, "the heads that are off");
    Progress progress = progress_begin("heads switched off, one by one", (size_t)(t->layers * t->heads));
    for (int at = 0; at < t->layers * t->heads; at++) {
        off[at] = true;
        run_without(r, off, &without);
        off[at] = false;
        StateChange change = state_change(without.hidden[t->layers], t->hidden[t->layers]);
        mat_row(moved, at / t->heads)[at % t->heads] = (float)change.moved;
        if (guess.data) {
            Mat after = model_logits(model, r->reader->workers, &without);
            mat_row(guess, at / t->heads)[at % t->heads] = (float)guess_change(after, before).divergence;
            mat_free(&after);
        }
        progress_step(&progress, (size_t)at + 1);
    }
    progress_end(&progress);
    memory_free(off), mat_free(&before);
    trace_free(&without);
}

static void tell_each(View *v) {
    Mat moved = mat_new(v->reading->trace.layers, v->reading->trace.heads);
    heads_ablated(v->reading, moved, (Mat){0});
    printf("ablate  each head for itself: how far the last layer's states move, of their length\n");
    tell_heads(v, FRAME_PART_OF_MODEL, text_format("ablated_heads"),
               text_format("how far the last layer's states move without one head"), moved, "       ",
               "|moved| / |state|");
    mat_free(&moved);
}

void view_ablate(View *v, const bool *off) {
    if (off) tell_without(v, off);
    else tell_each(v);
}
