/* The backward pass of one head. */
#include "runner.h"

void run_case(void) {
    const float add = (float)take_int(), scale = (float)take_double();
    const Mat q = keep_mat("q"), k = keep_mat("k"), v = keep_mat("v"), map = keep_mat("map"), dout = keep_mat("dout");
    const Mat given = keep_mat("keep"), keep = given.rows > 1 ? given : (Mat){0};
    Mat dq = take_mat("dq"), dk = take_mat("dk"), dv = take_mat("dv");
    Attention head = attention_of(q, k, v, 1, (Mask){0});
    head.scale = scale;
    attention_head_backward(head, map, keep, dout, dq, dk, dv, fresh_mat("scratch", map.rows, map.cols), add, NULL);
    hand_mat(dq), hand_mat(dk), hand_mat(dv);
}
