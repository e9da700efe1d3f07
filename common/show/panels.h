/* panels - matrices side by side over the same tokens, each with its own colour bar: q k^T, then scaled and masked,
 * then softmax. Drawn in stages 09, 11, 17. */
#ifndef SHOW_PANELS_H
#define SHOW_PANELS_H
#include "show/scale.h"

typedef struct {
    const char *title; /* above it */
    Mat m;             /* (queries, keys), the same shape in all panels */
    Scale scale;
    const bool *hidden; /* hatched cells; NULL: none */
    const char *line;   /* its heading in a terminal, where it stands alone; NULL: the title */
    bool picture_only;  /* a terminal leaves it out */
} Panel;

typedef struct {
    const char *const *from, *const *to; /* NULL numbers them */
    bool values;                         /* print the numbers (up to 24 tokens) */
} PanelsOptions;

/* Draws up to FIGURE_DATA panels from left to right. Beyond 512 tokens a dot is the largest cell of a block. Data:
 * NAME_0.dat, ... */
void panels_draw(Sheet sheet, const Panel *panels, int count, PanelsOptions options);
#endif
