#include "told.h"

#include <math.h>

void project_told(Paper y, Paper x, Paper w) {
    for (int i = 0; i < y.rows; i++)
        for (int o = 0; o < y.cols; o++) {
            y.at[i][o] = 0;
            for (int c = 0; c < x.cols; c++) y.at[i][o] += x.at[i][c] * w.at[o][c];
        }
}

/* y(i, o) += x(i, c) w(o, c): each of the two factors gets the other one, times what came back. */
void project_backward(Paper dx, Paper dw, Paper dy, Paper x, Paper w) {
    for (int i = 0; i < dy.rows; i++)
        for (int o = 0; o < dy.cols; o++)
            for (int c = 0; c < x.cols; c++) {
                dw.at[o][c] += dy.at[i][o] * x.at[i][c];
                dx.at[i][c] += dy.at[i][o] * w.at[o][c];
            }
}

double gelu_told(double x) {
    return x / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x)));
}

/* x/2 (1 + tanh z): the product rule, and tanh' = 1 - tanh^2. */
double gelu_slope_told(double x) {
    double t = tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x));
    return (1 + t) / 2 + x / 2 * (1 - t * t) * sqrt(2 / acos(-1)) * (1 + 3 * 0.044715 * x * x);
}
