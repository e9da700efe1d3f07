/* 20.6: the products of one cell, from the q and k of the pass. */
#include "own_run.h"

void check(void) {
    OwnRun run = own_run();
    const Attention one = attention_head(run.reading.trace.attention[run.layer], run.head);
    double best[2] = {0, -1e30};
    for (int c = 0; c < one.q.cols; c++) {
        double product = (double)mat_at(one.q, QUERY, c) * (double)mat_at(one.k, KEY, c);
        if (product > best[1]) best[0] = c, best[1] = product;
    }
    own_run_free(&run);
    answer_numbers("column, product", best, 2, 0.0101);
}
