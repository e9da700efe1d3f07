/* 19.1: the head below layer 0 with the largest sum on the diagonal under the main one, and the twin's largest. */
#include "measured.h"

static double share_of(const Reading *r, int layer, int head) {
    Mat map = trace_map(&r->trace, layer, head);
    double sum = 0;
    for (int i = 1; i < map.rows; i++) sum += (double)mat_at(map, i, i - 1);
    return sum / map.rows;
}

void check(void) {
    enum { DEFAULT_SEED = 123 };
    input("the sentence of the exercise, layers 1 to 5");
    Reader reader = reader_minilm();
    Reading r = reading_of(&reader, variant_text("sentence", SENTENCE));
    Null null = null_new(&r, DEFAULT_SEED);
    double best[3] = {0}, most = -1, noise = 0;
    for (int l = 0; l < r.layers; l++)
        for (int h = 0; h < r.heads; h++) {
            double share = share_of(&r, l, h), twin = share_of(&null.reading, l, h);
            if (l > 0 && share > most) most = share, best[0] = l, best[1] = h;
            if (twin > noise) noise = twin;
        }
    best[2] = most - noise;
    null_free(&null), reading_free(&r), reader_free(&reader);
    answer_numbers("layer, head, difference", best, 3, 0.0051);
}
