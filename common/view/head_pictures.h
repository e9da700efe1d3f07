/* head_pictures - all heads of a Reading by their numbers, as pictures. Drawn in stages/19_heads. */
#ifndef VIEW_HEAD_PICTURES_H
#define VIEW_HEAD_PICTURES_H
#include "view/heads.h"
#include "view/view.h"

/* A cell a head, layers down and heads across: one measure of all of them. Where every value lies in 0 to 1 the view's
 * scale holds; else the ends are what the values need. */
void draw_head_index(const View *view, const HeadTable *table, int place);

/* Any values of all heads (layers, heads): the five largest, a line each, behind a `word` of seven columns, and the
 * picture of all, from 0 to the largest; `bar` says what they are. name and title are taken over. */
void tell_heads(const View *view, FrameKind kind, char *name, char *title, Mat values, const char *word,
                const char *bar);

/* A measure against depth: the mean over a layer's heads, and a band from the least to the most. null: the same
 * of the random twin, beside it; NULL: none. Nothing in a terminal. */
void draw_head_depth(const View *view, const HeadTable *table, const HeadTable *null, int place);

/* For each head the mean weight by how far the key is from the query, 10 back to 10 ahead, as bars. Nothing in a
 * terminal. */
void draw_fingerprints(const View *view);
#endif
