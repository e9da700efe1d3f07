/* head_map - which heads of a Reading are alike: the distances of all pairs, and the heads as points in the plane.
 * Drawn in stages/19_heads. */
#ifndef VIEW_HEAD_MAP_H
#define VIEW_HEAD_MAP_H
#include "view/view.h"

/* The distances (layers * heads, layers * heads; attention/divergence), row layer * heads + head, as matrix_write has
 * it. */
void head_distances_write(const Reading *reading, const char *path);

/* The most alike pairs, how much of attention changes from the first layer to the last, and two pictures: the heads as
 * points (with the stress of the map), and the distances. Markers say the head's type (attention/head_type). */
void view_draw_head_map(View *view);
#endif
