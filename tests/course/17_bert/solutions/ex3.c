/* Exercise 17.3: hide columns, renormalise rows. Two passes over each row: clear and add up, then scale. */
#include "course.h"
#include "math/mat.h"

void hide_and_renormalise(Mat map, const bool *hide) {
    for (int i = 0; i < map.rows; i++) {
        float *row = mat_row(map, i);
        double left = 0;
        for (int j = 0; j < map.cols; j++) {
            if (hide[j]) row[j] = 0;
            left += (double)row[j];
        }
        for (int j = 0; j < map.cols && left > 0; j++) row[j] = (float)((double)row[j] / left);
    }
}
