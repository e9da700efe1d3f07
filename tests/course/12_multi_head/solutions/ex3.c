/* Exercise 12.3: layer norm. */
#include "course.h"
#include "math/mat.h"
#include <math.h>

void layer_norm(Mat x, float eps) {
    for (int i = 0; i < x.rows; i++) {
        float *row = mat_row(x, i);
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += (double)row[c] / x.cols;
        for (int c = 0; c < x.cols; c++) variance += ((double)row[c] - mean) * ((double)row[c] - mean) / x.cols;
        for (int c = 0; c < x.cols; c++) row[c] = (float)(((double)row[c] - mean) / sqrt(variance + (double)eps));
    }
}
