#include "runner.h"

extern void one_head(Mat out, Mat map, Mat x, Mat wq, Mat wk, Mat wv);

void run_case(void) {
    Mat x = keep_mat("x"), wq = keep_mat("wq"), wk = keep_mat("wk"), wv = keep_mat("wv");
    Mat out = fresh_mat("out", x.rows, wv.rows), map = fresh_mat("map", x.rows, x.rows);
    one_head(out, map, x, wq, wk, wv);
    hand_mat(map);
    hand_mat(out);
}
