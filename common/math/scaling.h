/* scaling - points in the plane whose distances are as near as can be to given ones: metric multidimensional scaling.
 * Drawn in stages/19_heads, where the points are heads. Sources: Torgerson 1952 (where to begin), de Leeuw 1977
 * (SMACOF: steps that never make the stress larger). */
#ifndef MATH_SCALING_H
#define MATH_SCALING_H
#include "math/mat.h"

/* points (count, 2) for wanted (count, count), symmetric, >= 0. Returns the stress sqrt(sum (d - wanted)^2 / sum
 * wanted^2) over all pairs: 0 is a true map, and beyond 0.2 or so neighbours are not to be trusted (Kruskal 1964). 0
 * for one point and when all are wanted in one place. The points lie around (0, 0), the widest direction across, and on
 * each axis the first point that is not at 0 on the positive side: the same input gives the same picture. */
double scaling_plane(Mat points, Mat wanted);
#endif
