/* Exercise 15.4: windows of 4, 8, 16 over five seeds: what is more than noise? */
#include "course.h"
#include <math.h>

typedef struct {
    double mean, error;
} Paired;

Paired paired(const float *a, const float *b, int n) {
    double mean = 0, squares = 0;
    for (int i = 0; i < n; i++) mean += ((double)a[i] - (double)b[i]) / n;
    for (int i = 0; i < n; i++) squares += pow((double)a[i] - (double)b[i] - mean, 2);
    return (Paired){mean, sqrt(squares / (n - 1) / n)};
}
