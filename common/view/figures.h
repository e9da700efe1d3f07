/* figures - what the page of stage 20 holds ready made, of a finished reading without a mask of its own: which heads
 * are alike, what the model loses without each of them, how far each looks under four masks, the order test with and
 * without places. Drawn by show/markup; shown in the page's measures. */
#ifndef VIEW_FIGURES_H
#define VIEW_FIGURES_H
#include "view/reading.h"

typedef struct {
    bool ablate;             /* run the model without each head: a pass a head */
    const Reading *order;    /* the same words in another order, not yet run or run; NULL: no order test */
    const int *from;         /* [n] of it (view/reordered); borrowed */
    int one_layer, one_head; /* of which the order test is shown */
} FiguresPlan;

/* Texts of more tokens have no figures but the two that the plan asks for: all heads against all would take minutes. */
enum { FIGURES_MOST = 128 };

/* Appends markup. */
void figures_add(String *out, const Reading *reading, FiguresPlan plan);
#endif
