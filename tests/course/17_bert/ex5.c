/* 17.5: heads whose mean weight on column 0 is above one half. The nearest one is 0.01 away from it. */
#include "minilm.h"

void check(void) {
    input("the stage's default sentence, all layers and heads");
    Reading r = reading_new(variant_text("sentence", SENTENCE));
    int count = 0;
    for (int l = 0; l < r.trace.layers; l++)
        for (int h = 0; h < r.trace.heads; h++) {
            Mat map = trace_map(&r.trace, l, h);
            double share = 0;
            for (int i = 0; i < map.rows; i++) share += (double)mat_at(map, i, 0) / map.rows;
            count += share > 0.5;
        }
    reading_free(&r);
    answer_number("heads", count, 0);
}
