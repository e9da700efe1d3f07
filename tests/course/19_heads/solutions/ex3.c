/* Exercise 19.3: row by row, each earlier appearance of its token. */
#include "course.h"
#include "math/mat.h"

double induction_share(Mat map, const int *ids) {
    double sum = 0;
    int rows = 0;
    for (int i = 0; i < map.rows; i++) {
        bool can = false;
        for (int a = 0; a < i; a++)
            if (ids[a] == ids[i]) {
                sum += (double)mat_at(map, i, a + 1);
                can = true;
            }
        rows += can;
    }
    return rows > 0 ? sum / rows : 0;
}
