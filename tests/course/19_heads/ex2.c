/* 19.2: the head with the most weight on the last token, [SEP], and how far the last states move without it. */
#include "measured.h"
#include "base/memory.h"

static double share_of(const Reading *r, int layer, int head) {
    Mat map = trace_map(&r->trace, layer, head);
    double sum = 0;
    for (int i = 0; i < map.rows; i++) sum += (double)mat_at(map, i, map.cols - 1);
    return sum / map.rows;
}

void check(void) {
    input("the sentence of the exercise");
    Reader reader = reader_minilm();
    Reading r = reading_of(&reader, variant_text("sentence", SENTENCE));
    int best = 0;
    for (int i = 0; i < r.layers * r.heads; i++)
        if (share_of(&r, i / r.heads, i % r.heads) > share_of(&r, best / r.heads, best % r.heads)) best = i;
    bool *off = memory_new((size_t)r.layers * (size_t)r.heads, sizeof *off, "flags");
    off[best] = true;
    Trace without = model_trace_new(reader.model, r.encoding.n);
    model_run(reader.model, NULL, r.encoding.ids, r.encoding.types, (Run){.heads_off = off}, &without);
    double moved = state_change(without.hidden[r.layers], r.trace.hidden[r.layers]).moved;
    double truth[] = {best / r.heads, best % r.heads, moved};
    trace_free(&without), memory_free(off), reading_free(&r), reader_free(&reader);
    answer_numbers("layer, head, moved", truth, 3, 0.00051);
}
