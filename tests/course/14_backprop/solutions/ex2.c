/* Exercise 14.2: a linear layer, backwards. */
#include "course.h"
#include "math/mat.h"

void linear_back(Mat dx, Mat dweight, Mat dy, Mat x, Mat weight) {
    for (int i = 0; i < dy.rows; i++)
        for (int o = 0; o < dy.cols; o++)
            for (int c = 0; c < x.cols; c++) {
                mat_row(dweight, o)[c] += mat_at(dy, i, o) * mat_at(x, i, c);
                mat_row(dx, i)[c] += mat_at(dy, i, o) * mat_at(weight, o, c);
            }
}
