#include "runner.h"
#include <stdint.h>

extern Mat head_view(Mat q, int heads, int head);

/* Only a view whose numbers all lie in q is read: anything else is for the judge to see. */
static bool lies_in(Mat view, Mat q) {
    const uintptr_t first = (uintptr_t)view.data, begin = (uintptr_t)q.data;
    const uintptr_t width = (uintptr_t)q.cols * sizeof(float), end = (uintptr_t)mat_row(q, q.rows - 1) + width;
    return begin <= first && first < end && view.rows == q.rows && view.stride == q.stride && view.cols >= 0 &&
           first - begin + (uintptr_t)view.cols * sizeof(float) <= width;
}

void run_case(void) {
    Mat q = keep_mat("q");
    const int heads = (int)take_int(), head = (int)take_int();
    Mat view = head_view(q, heads, head);
    hand_int(view.rows), hand_int(view.cols);
    hand_int((long long)((uintptr_t)view.data - (uintptr_t)q.data)); /* bytes; after a copy, anything */
    hand_int(view.stride), hand_int(q.stride);
    hand_mat(lies_in(view, q) ? view : mat_rows(q, 0, 0));
}
