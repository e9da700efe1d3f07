/* Exercise 07.2: turn a row. */
#include "course.h"
#include <math.h>

void turn(float *row, int d, int position) {
    for (int i = 0; i < d / 2; i++) {
        double angle = position * pow(10000, -2.0 * i / d), a = (double)row[i], b = (double)row[i + d / 2];
        row[i] = (float)(a * cos(angle) - b * sin(angle));
        row[i + d / 2] = (float)(a * sin(angle) + b * cos(angle));
    }
}
