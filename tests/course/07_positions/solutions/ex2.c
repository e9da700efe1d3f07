/* Exercise 07.2: turn a head. */
#include "course.h"
#include <math.h>

void turn(float *head, int d, int position) {
    for (int i = 0; i < d / 2; i++) {
        double angle = position * pow(10000, -2.0 * i / d), a = (double)head[i], b = (double)head[i + d / 2];
        head[i] = (float)(a * cos(angle) - b * sin(angle));
        head[i + d / 2] = (float)(a * sin(angle) + b * cos(angle));
    }
}
