/* head_map - which heads of a Reading are alike: the distances of all pairs, and the heads as points in the plane.
 * Drawn in stages/19_heads. */
#ifndef VIEW_HEAD_MAP_H
#define VIEW_HEAD_MAP_H
#include "view/view.h"

/* All heads of a finished reading, as they are shown; head h of layer l is number l * heads + h. */
typedef struct {
    Mat distance;  /* (count, count) how differently two heads look, 0 to 1 (attention/divergence) */
    Mat points;    /* (count, 2) the plane in which they are as far apart, as well as it can be (math/scaling) */
    double stress; /* how badly: 0 is a true map */
} HeadMap;
HeadMap head_map_new(const Reading *reading);
void head_map_free(HeadMap *map);

/* The distances (layers * heads, layers * heads; attention/divergence), row layer * heads + head, as matrix_write has
 * it. */
void head_distances_write(const Reading *reading, const char *path);

/* The most alike pairs, how much of attention changes from the first layer to the last, and two pictures: the heads as
 * points (with the stress of the map), and the distances. Markers say the heads' types, [layers * heads] (view/find,
 * types_beyond_noise). */
void view_draw_head_map(View *view, const int *type);
#endif
