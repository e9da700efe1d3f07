/* engine_order - what the page asks of the order test: a map of this text and one of its tokens in another order. Told
 * in stages/20_atlas. */
#include "attention/order.h"
#include "show/page/engine.h"

#include <string.h>

/* Two maps (n, n): b becomes itself with every row and column put back. How far the rows moved by place and by word;
 * then -1 where the head follows places, 1 where it follows words, 0 where neither. */
EXPORT(engine_order) double *engine_order(Engine *e, float *a, float *b, const int *from) {
    Mat other = {b, e->n, e->n, e->n}, back = {e->map, e->n, e->n, e->n};
    OrderTest test = order_test((Mat){a, e->n, e->n, e->n}, other, from, back);
    mat_copy(other, back);
    double numbers[] = {test.by_place, test.by_word, test.follows};
    memcpy(e->cost, numbers, sizeof numbers);
    return e->cost;
}
