/* Exercise 11.2: zero and renormalise. */
#include "course.h"
#include "math/mat.h"

void zero_and_renormalise(Mat weights) {
    for (int i = 0; i < weights.rows; i++) {
        float *row = mat_row(weights, i);
        double sum = 0;
        for (int j = 0; j <= i; j++) sum += (double)row[j];
        for (int j = 0; j < weights.cols; j++) row[j] = j <= i && sum > 0 ? (float)((double)row[j] / sum) : 0;
    }
}
