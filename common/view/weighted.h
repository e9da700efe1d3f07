/* weighted - heads with the length of the values in them (attention/value_weighted). Drawn in stages/19_heads. */
#ifndef VIEW_WEIGHTED_H
#define VIEW_WEIGHTED_H
#include "view/view.h"

/* What [CLS], [SEP] and their like (for a model without them: the first token) get of each layer's weight, before and
 * after, and for the layers and heads of the view: the weights, the weights times |v|, and their difference. */
void view_draw_weighted(View *view);
#endif
