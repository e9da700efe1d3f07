/* 08.2: rows of softmax(x x^T) whose largest weight lies off the diagonal. softmax keeps the order: scores will do. */
#include "judge.h"
#include "model/toy.h"
#include <string.h>

void check(void) {
    static const char words[] = "my old cat sleeps all day";
    const uint64_t seed = (uint64_t)variant_number("seed", 123);
    static const int widths[] = {4, 8, 16};
    double rows[3] = {0};
    input("%s, seed %d", words, (int)seed);
    for (int w = 0; w < 3; w++) {
        Toy toy = toy_text(words, strlen(words), widths[w], seed);
        for (int i = 0; i < toy.n; i++) {
            int best = 0;
            double most = -1e30;
            for (int j = 0; j < toy.n; j++) {
                double score = 0;
                for (int c = 0; c < widths[w]; c++) score += (double)mat_at(toy.x, i, c) * (double)mat_at(toy.x, j, c);
                if (score > most) most = score, best = j;
            }
            rows[w] += best != i;
        }
        toy_free(&toy);
    }
    answer_numbers("rows at width 4, 8, 16", rows, 3, 0);
}
