/* engine_type - what the page asks of a head in one word. Told in stages/19_heads. */
#include "attention/head_type.h"
#include "show/page/engine.h"

/* A HeadType, under the mask. */
EXPORT(engine_type) int engine_type(Engine *e, int layer, int head) {
    return (int)head_type(engine_shown(e, layer, head), engine_mask_in(e, layer), e->marks);
}
