/* The picture of stage 11: before and after. */
#include "tool.h"
#include "base/memory.h"
#include "show/panels.h"

void draw_maps(const Choices *ask, const Toy *toy, Mat before, Mat causal, Mat dropped) {
    bool *future = mask_hidden_cells((Mask){.causal = true}, toy->n, toy->n);
    const Panel panels[] = {{"before: everyone sees everyone", before, SCALE_FIXED, NULL},
                            {"causal", causal, SCALE_FIXED, future},
                            {"causal, with dropout", dropped, SCALE_FIT, future}};
    bool values = show_values(&ask->show, toy->n <= 10);
    panels_draw(show_sheet(&ask->show, "causal", "No word looks ahead",
                           "hatched: forbidden; each row of the first two sums to 1"),
                panels, 3, (PanelsOptions){toy->words, toy->words, values});
    show_drawn_one(&ask->show, "causal");
    memory_free(future);
}
