/* beside - two Readings held against each other, head by head: another text, another mask, another model, or the same
 * model with random weights. Drawn in stages/19_heads. */
#ifndef VIEW_BESIDE_H
#define VIEW_BESIDE_H
#include "view/view.h"

/* view's reading (called `name`) and another finished one (`other_name`). Where both have as many tokens: the heads
 * that look most differently, by the mean divergence of their rows; for the heads of the view every row's divergence,
 * with the key that lost most and the one that won most (a token that differs is called "cat|dog"), and a picture of
 * both maps and their signed difference; and all heads' divergences as a picture. Else the maps for themselves. A head
 * is held against the head of the same number; of two models only heads that both have are compared. */
void view_draw_beside(View *view, const Reading *other, const char *name, const char *other_name);

/* Of texts of any length: the plain measures of both, the means over the heads that both have, and the head that moves
 * most; changes are second less first, with their sign. */
void beside_measures_print(const Reading *first, const Reading *second);

/* All of it for other programs: columns `layer head row measure first second difference`, every measure of every head
 * that both have (row -1); and, of texts with as many tokens, `divergence` row by row: of the second from the first, in
 * nats (0 for the first from itself). "-" is standard output. The file appears whole or not at all. */
void beside_measures_write(const Reading *first, const Reading *second, const char *path);
#endif
