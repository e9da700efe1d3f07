/* Exercise 09.2: scaled scores. */
#include "course.h"
#include "math/mat.h"
#include <math.h>

void scaled_scores(Mat scores, Mat q, Mat k) {
    double root = sqrt(q.cols);
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            double sum = 0;
            for (int c = 0; c < q.cols; c++) sum += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
            mat_row(scores, i)[j] = (float)(sum / root);
        }
}
