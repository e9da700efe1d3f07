/* Exercise 13.2: a softmax that streams. */
#include "course.h"
#include <math.h>

double streamed_mean(bool (*next_pair)(void *source, double *score, double *value), void *source) {
    double top = -INFINITY, total = 0, sum = 0, score, value;
    while (next_pair(source, &score, &value)) {
        double higher = fmax(top, score), shrink = exp(top - higher), weight = exp(score - higher);
        total = total * shrink + weight;
        sum = sum * shrink + weight * value;
        top = higher;
    }
    return total > 0 ? sum / total : 0;
}
