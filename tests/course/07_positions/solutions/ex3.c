/* Exercise 07.3: one wave from another. */
#include "course.h"
#include <math.h>

void move_wave(float *row, int width, int k) {
    for (int c = 0; c < width; c += 2) {
        double angle = k * pow(10000, -(double)c / width), sine = (double)row[c], cosine = (double)row[c + 1];
        row[c] = (float)(sine * cos(angle) + cosine * sin(angle));
        row[c + 1] = (float)(cosine * cos(angle) - sine * sin(angle));
    }
}
