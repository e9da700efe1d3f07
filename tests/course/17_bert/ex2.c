/* 17.2: a head is a column view: right numbers, the owner's stride, and no copy. */
#include "judge.h"

extern Mat head_view(Mat q, int heads, int head);

static void check_view(Mat q, int heads, int head) {
    input("q is %d x %d with stride %d, heads = %d, head = %d; q holds 0, 1, 2, ... row by row", q.rows, q.cols,
          q.stride, heads, head);
    int d_head = q.cols / heads;
    Mat got = head_view(q, heads, head);
    check_int("rows of the view", got.rows, q.rows);
    check_int("columns of the view", got.cols, d_head);
    check_mat("the view", got, (Mat){q.data + head * d_head, q.rows, d_head, q.stride}, 0);
    check_that(got.data == q.data + head * d_head, "a view points into q: it copies nothing");
    check_int("stride of the view", got.stride, q.stride);
}

void check(void) {
    Mat whole = mat_new(5, 14);
    for (int i = 0; i < whole.rows; i++)
        for (int j = 0; j < whole.cols; j++) mat_row(whole, i)[j] = (float)(i * whole.cols + j);
    Mat q = {whole.data, 5, 12, 14}; /* itself a view: its stride is not its width */
    check_view(q, 3, 0);
    check_view(q, 3, 2);
    check_view(q, 12, 7);
    check_view(q, 1, 0);
    mat_free(&whole);
}
