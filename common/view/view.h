/* view - what the command line wants to see of a Reading, as typed values: which layers, heads and tokens, which view,
 * in which colours. Every picture of view/ takes a View and nothing else. First used in stages/17_bert. */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H
#include "base/memory.h"
#include "show/heat.h"
#include "show/show_options.h"
#include "view/reading.h"

typedef enum { VIEW_HEAT, VIEW_LINES, VIEW_FLOW, VIEW_NEURON } ViewKind;
typedef enum { SEGMENTS_ALL, SEGMENTS_AA, SEGMENTS_BB, SEGMENTS_AB, SEGMENTS_BA } Segments;

/* As the options give it. Texts are borrowed from the command line, and read once, by view_open. */
typedef struct {
    const char *layers, *heads, *token; /* --layer, --head, --token; NULL: not given */
    int segments, kind, scale;          /* Segments, ViewKind, Scale */
    bool no_special, renormalise, anatomy;
    double threshold; /* of a flow; below 0: not given */
} ViewOptions;
ViewOptions view_options_new(void);
void view_options_add_what(Options *list, ViewOptions *options); /* layers to renormalise */
void view_options_add_how(Options *list, ViewOptions *options, ShowOptions *show);

/* The part of a map that is shown: a pair's segments, with or without the special tokens. */
typedef struct {
    int *row, *col; /* [rows], [cols]: token numbers; owned */
    int rows, cols;
    const char **row_labels, **col_labels; /* owned arrays of borrowed names */
    bool *hidden;                          /* [rows * cols] true where the mask forbids; NULL: nowhere; owned */
    bool part;                             /* not the whole map */
} Window;

typedef struct {
    const Reading *reading; /* borrowed, as is show */
    const ShowOptions *show;
    ViewKind kind;
    Segments segments;
    Scale scale;
    bool no_special, renormalise;
    double threshold;
    int *layer, *head; /* [layers], [heads] those that --layer and --head name, or all; owned */
    int layers, heads;
    bool layers_named, heads_named;
    int one_layer,
        one_head; /* what stands for them when one is needed: the only one that was named, or a head of MiniLM
                                that shows some grammar */
    int token;    /* that --token names; -1: none */
    const Reading *beside; /* the second of two in one picture, which then names both; borrowed; NULL: there is one */
    Window window;
    Shown shown;
} View;

/* Fails with EXIT_USAGE when --layer, --head or --token name what the reading does not have, and, when pictures of
 * maps are to come (draws), when no token is left to show: all that can be wrong, before the first answer. You free
 * it. */
View view_open(const Reading *reading, const ViewOptions *options, const ShowOptions *show, bool draws);
void view_free(View *view);

/* The layers and heads that a picture of one layer or one head goes over: those that were named, or the one that stands
 * for all. layers [*count] is borrowed. */
const int *view_layers(const View *view, int *count);
const int *view_heads(const View *view, int *count);

/* One head's map as it is shown, out (window.rows, window.cols): under the mask, perhaps renormalised. */
void view_map(View *view, int layer, int head, Mat out);

/* out (window.rows, window.cols) = the window's part of any m (n, n). */
void window_fill(const View *view, Mat out, Mat m, bool renormalise);

bool *window_hidden(const Window *window, Mask mask); /* [rows * cols] what a mask forbids of it; NULL: nothing */
int window_row(const Window *window, int token);      /* which row shows a token, which column; -1: none */
int window_col(const Window *window, int token);

/* ---- the frame of a picture: what it says of itself ---- */

typedef enum { FRAME_MAP, FRAME_PART_OF_MODEL, FRAME_ROW } FrameKind;

/* A Sheet with what it borrows. A map says what of it is shown; a row (of one query) is all of it; a part of the model
 * that no mask re-weighs says so. name and title are taken over. You end it with frame_end, which says on standard
 * output which file to open. */
typedef struct {
    Sheet sheet;
    char *name, *title, *subtitle;
} Frame;
Frame frame_begin(const View *view, FrameKind kind, char *name, char *title);
void frame_end(Frame *frame);

/* A heat map in its frame. */
void frame_heat(const View *view, FrameKind kind, char *name, char *title, Mat m, HeatOptions options);
#endif
