/* 16.1: the first tenth of a degree at which `forward` falls below one half (or another share), by softmax in double
 * precision. */
#include "judge.h"
#include <math.h>

void check(void) {
    static const double logits[9] = {4.51, 0.89, -1.90, 6.75, 1.63, -1.62, -1.89, 6.28, 1.79};
    input("the book's nine words");
    const double least = variant_number("share", 0.5);
    double share = 1;
    int tenths = 9;
    while (share >= least) {
        double sum = 0;
        tenths++;
        for (int i = 0; i < 9; i++) sum += exp((logits[i] - logits[3]) / (tenths / 10.0));
        share = 1 / sum;
    }
    answer_number("temperature", tenths / 10.0, 0.001);
}
