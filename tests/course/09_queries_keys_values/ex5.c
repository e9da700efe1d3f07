/* 09.5: the smallest whole factor at which the largest of five weights passes 0.9. */
#include "judge.h"
#include <math.h>

void check(void) {
    static const double scores[] = {0.1, -0.2, 0.3, -0.2, 0.5};
    input("softmax of f * (0.1 -0.2 0.3 -0.2 0.5)");
    int factor = 0;
    for (double top = 0; top <= 0.9;) {
        double sum = 0;
        factor++;
        for (int j = 0; j < 5; j++) sum += exp(factor * scores[j]);
        top = exp(factor * scores[4]) / sum;
    }
    answer_number("f", factor, 0);
}
