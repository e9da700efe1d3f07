/* 20.7: softmax by hand over the row's scores, over all keys and over those up to the query. */
#include "own_run.h"
#include <math.h>

static double weight(const Attention *one, int last) {
    double sum = 0, own = 0;
    for (int j = 0; j <= last; j++) {
        double score = 0;
        for (int c = 0; c < one->q.cols; c++) score += (double)mat_at(one->q, QUERY, c) * (double)mat_at(one->k, j, c);
        double share = exp(score / sqrt(one->q.cols));
        sum += share;
        if (j == KEY) own = share;
    }
    return own / sum;
}

void check(void) {
    OwnRun run = own_run();
    const Attention one = attention_head(run.reading.trace.attention[run.layer], run.head);
    const double truth[] = {weight(&one, one.k.rows - 1), weight(&one, QUERY)};
    own_run_free(&run);
    answer_numbers("without a mask, under the causal one", truth, 2, 0.00101);
}
