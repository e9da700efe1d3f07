/* engine_shade - the scales that bend: how strong a number's colour is. Told in stages/20_atlas. */
#include "show/page/engine.h"

#include <math.h>

/* Of a weight, 0 at a ten-thousandth and below, 1 at 1, evenly by its logarithm; of a lift (times chance) -1 at an
 * eighth and below, 0 at 1, 1 at eight. */
EXPORT(engine_shade) double engine_shade(double value, int lift) {
    const double least = 1e-4, most = 8;
    if (lift) return fmax(-1, log(fmax(value, least)) / log(most));
    return 1 - log(fmax(value, least)) / log(least);
}
