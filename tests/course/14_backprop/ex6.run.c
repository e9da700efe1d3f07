#include "runner.h"

extern void head_backward(Mat dq, Mat dk, Mat dv, Mat dout, Mat map, Mat q, Mat k, Mat v);

void run_case(void) {
    Mat q = keep_mat("q"), k = keep_mat("k"), v = keep_mat("v"), map = keep_mat("map"), dout = keep_mat("dout");
    Mat dq = fresh_mat("dq", q.rows, q.cols), dk = fresh_mat("dk", k.rows, k.cols),
        dv = fresh_mat("dv", v.rows, v.cols);
    head_backward(dq, dk, dv, dout, map, q, k, v);
    hand_mat(dv), hand_mat(dq), hand_mat(dk);
}
