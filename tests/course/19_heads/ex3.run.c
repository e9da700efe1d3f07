#include "runner.h"

extern double induction_share(Mat map, const int *ids);

void run_case(void) {
    Mat map = keep_mat("map");
    const int *ids = keep_ints("ids", NULL);
    hand_double(induction_share(map, ids));
}
