/* meaning - one word in two sentences, each read alone: at layer 0 the two are the same row of a table, and layer by
 * layer each drifts towards the company it keeps. Read it off the cosine between vectors. */
#include "show/curves.h"
#include "show/label.h"
#include "text/utf8.h"
#include "tool.h"
#include "view/tables.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A token of one of the two sentences. */
typedef struct {
    const Reading *in;
    int at;
} Place;

/* The cosine of two tokens' vectors behind so many layers. */
static float alike(Place a, Place b, int layer) {
    const float *x = mat_row(a.in->trace.hidden[layer], a.at), *y = mat_row(b.in->trace.hidden[layer], b.at);
    double xy = 0, xx = 0, yy = 0;
    for (int c = 0; c < a.in->trace.width; c++)
        xy += (double)x[c] * y[c], xx += (double)x[c] * x[c], yy += (double)y[c] * y[c];
    return (float)(xy / sqrt(xx * yy));
}

static const char *name_of(Place p) {
    return p.in->labels[p.at];
}

/* Worth naming as a neighbour: a word or the start of one, and not the word itself. */
static bool is_neighbour(Place p, Place word) {
    const char *label = name_of(p);
    return isalpha((unsigned char)label[0]) && strcmp(label, name_of(word)) != 0;
}

enum { NEAREST = 3 };

/* The words of both sentences nearest to `word` in `layer`, nearest first; returns how many were found. */
static int nearest(Place word, const Reading *const both[2], int layer, Place out[NEAREST], float how_near[NEAREST]) {
    int found = 0;
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < both[s]->trace.n; i++) {
            Place p = {both[s], i};
            if (!is_neighbour(p, word)) continue;
            float near = alike(word, p, layer);
            int at = found < NEAREST ? found++ : near > how_near[NEAREST - 1] ? NEAREST - 1 : NEAREST;
            for (; at > 0 && at < NEAREST && near > how_near[at - 1]; at--)
                out[at] = out[at - 1], how_near[at] = how_near[at - 1];
            if (at < NEAREST) out[at] = p, how_near[at] = near;
        }
    return found;
}

static void print_neighbours(Place word, const Reading *const both[2], int layer) {
    Place near[NEAREST];
    float how[NEAREST];
    String text = {0};
    int found = nearest(word, both, layer, near, how);
    for (int i = 0; i < found; i++) {
        string_add(&text, "%s", i ? ", " : "");
        utf8_label(&text, name_of(near[i]), strlen(name_of(near[i])), 9);
        string_add(&text, " %.2f", (double)how[i]);
    }
    printf("   ");
    label_print(text.text ? text.text : "", text.length, LABEL_ALL, 38);
    string_free(&text);
}

static void print_heading(Place word, int sentence) {
    String text = {0};
    string_add(&text, "nearest to `");
    utf8_label(&text, name_of(word), strlen(name_of(word)), 9);
    string_add(&text, "` in sentence %d", sentence);
    label_print(text.text, text.length, LABEL_ALL, sentence == 1 ? 41 : 0);
    string_free(&text);
}

static void print_table(Place first, Place second, const Reading *const both[2]) {
    char *pair = text_format("%s/%s", name_of(first), name_of(second));
    char *title = utf8_shown(pair, strlen(pair), LABEL_TOKEN);
    printf("layer  %s   ", title);
    print_heading(first, 1);
    print_heading(second, 2);
    putchar('\n');
    for (int layer = 0; layer <= first.in->trace.layers; layer++) {
        float same = alike(first, second, layer);
        printf("%5d  %*.2f", layer, utf8_width(title), (double)same);
        print_neighbours(first, both, layer);
        print_neighbours(second, both, layer);
        putchar('\n');
    }
    memory_free(title), memory_free(pair);
}

/* ---- the picture ---- */

/* The cosine of two places in every layer, as a curve. */
static Curve curve_of(Place a, Place b, char *name) {
    int layers = a.in->trace.layers;
    float *x = memory_new((size_t)layers + 1, sizeof *x, "a curve"),
          *y = memory_new((size_t)layers + 1, sizeof *y, "a curve");
    for (int l = 0; l <= layers; l++) {
        x[l] = (float)l;
        y[l] = alike(a, b, l);
    }
    return (Curve){.name = name, .x = x, .y = y, .n = layers + 1};
}

/* The word against itself, and each of the two against what it ends up nearest to. */
static void draw_curves(const View *view, Place first, Place second, const Reading *const both[2]) {
    enum { CURVES = 5 };
    Place words[2] = {first, second};
    Curve curves[CURVES];
    int count = 0;
    curves[count++] = curve_of(first, second, text_format("%s (1) and %s (2)", name_of(first), name_of(second)));
    for (int side = 0; side < 2; side++) {
        Place near[NEAREST];
        float how[NEAREST];
        if (nearest(words[side], both, first.in->trace.layers, near, how) == 0) continue;
        for (int w = 0; w < 2; w++) {
            curves[count] =
                curve_of(words[w], near[0], text_format("%s (%d) and %s", name_of(words[w]), w + 1, name_of(near[0])));
            curves[count++].dashed = w != side;
        }
    }
    Frame frame = frame_begin(view, FRAME_PART_OF_MODEL, text_format("meaning"),
                              text_format("\"%s\" in two sentences, layer by layer", name_of(first)));
    curves_draw(frame.sheet, curves, count, (CurvesOptions){.x_axis = "layer (0: the embeddings)", .y_axis = "cosine"});
    frame_end(&frame);
    for (int i = 0; i < count; i++)
        memory_free((void *)(size_t)curves[i].name), memory_free((void *)(size_t)curves[i].x),
            memory_free((void *)(size_t)curves[i].y);
}

static const char FIRST_TEXT[] = "The old man sat on the bank of the river and watched the water";
static const char SECOND_TEXT[] = "She went to the bank to borrow money for a new house";

void tell_meaning(const Choices *ask, const Reader *reader) {
    const Study *s = &ask->study;
    Reading first = reading_open(reader, options_input(&ask->common, FIRST_TEXT), (Bytes){0}, study_plan(s));
    ViewOptions look = s->look;
    look.token = NULL; /* --meaning names the token, in both */
    View view = view_open(&first, &look, &s->show, false);
    if (!s->show.terminal && !ask->common.time) folder_make(ask->common.out);
    Reading second = reading_open(reader, reading_text(s->pair ? s->pair : SECOND_TEXT), (Bytes){0}, study_plan(s));
    const Reading *const both[2] = {&first, &second};
    Place a = {&first, reading_find(&first, "meaning", ask->meaning)},
          b = {&second, reading_find(&second, "meaning", ask->meaning)};
    reading_run(&first);
    reading_run(&second);
    print_card(reader->model);
    for (int i = 0; i < 2; i++) {
        printf("%-8d", i + 1);
        label_print(both[i]->first.data, both[i]->first.size, LABEL_ALL, 0);
        putchar('\n');
    }
    print_table(a, b, both);
    draw_curves(&view, a, b, both);
    view_free(&view);
    reading_free(&first), reading_free(&second);
}
