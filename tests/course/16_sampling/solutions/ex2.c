/* Exercise 16.2: top-p. */
#include "course.h"

void keep_top_p(float *shares, int n, double p) {
    float kept[64];
    double sum = 0;
    for (int i = 0; i < n; i++) {
        double before = 0;
        for (int j = 0; j < n; j++)
            if (shares[j] > shares[i]) before += (double)shares[j];
        kept[i] = before < p ? shares[i] : 0;
        sum += (double)kept[i];
    }
    for (int i = 0; i < n; i++) shares[i] = (float)((double)kept[i] / sum);
}
