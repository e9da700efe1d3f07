/* engine_type - what the page asks of a head in one word. Told in stages/19_heads. */
#include "attention/head_type.h"
#include "show/page/engine.h"

/* A HeadType, under the mask. */
EXPORT(engine_type) int engine_type(Engine *e, int layer, int head) {
    Mask mask = engine_mask_in(e, layer);
    return (int)head_type(engine_map(e, layer, head, mask, e->map), mask, e->marks);
}
