/* 17.1: the head of layer 1 with the largest sum on the diagonal above the main one. */
#include "minilm.h"

void check(void) {
    input("the stage's default sentence, layer 1");
    Reading r = reading_new(SENTENCE);
    int best = 0;
    double most = -1;
    for (int h = 0; h < r.trace.heads; h++) {
        Mat map = trace_map(&r.trace, 1, h);
        double sum = 0;
        for (int i = 0; i + 1 < map.rows; i++) sum += (double)mat_at(map, i, i + 1);
        if (sum > most) most = sum, best = h;
    }
    reading_free(&r);
    answer_number("head", best, 0);
}
