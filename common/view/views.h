/* views - pictures of a View, or the same in the terminal, by one call each. First drawn in stages/17_bert. */
#ifndef VIEW_VIEWS_H
#define VIEW_VIEWS_H
#include "view/view.h"

void view_draw_maps(View *view);   /* heat, lines or flow: the grid of heads, and heads large */
void view_draw_token(View *view);  /* whom view->token looks at, and who looks at it, head by head and layer by layer */
void view_draw_neuron(View *view); /* how one query chooses: product by product */
void view_draw_anatomy(View *view); /* the whole way of the text through a layer, one figure a step */
#endif
