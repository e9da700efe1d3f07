/* 17.2: a head is a column view: right shape, the owner's stride, and no copy. */
#include "judge.h"

static void check_view(int rows, int cols, int heads, int head) {
    Mat q = mat_new(rows, cols);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) mat_row(q, i)[j] = (float)(i * cols + j);
    input("q is %d x %d, itself a view with a stride of its own, heads = %d, head = %d", rows, cols, heads, head);
    give_mat(q), give_int(heads), give_int(head);
    ask();
    const int d_head = cols / heads;
    check_int("rows of the view", got_int(), rows);
    check_int("columns of the view", got_int(), d_head);
    const long long apart = got_int(), row = (long long)cols * (long long)sizeof(float); /* in bytes */
    check_that(apart >= 0 && apart < row, "a view points into the first row of q: it copies nothing");
    check_int("where the view begins, in numbers from q's first", apart / (long long)sizeof(float), head * d_head);
    const long long stride = got_int();
    check_int("stride of the view", stride, got_int());
    check_mat("the view", got_mat(), mat_cols(q, head * d_head, d_head), 0);
    mat_free(&q);
}

void check(void) {
    check_view(2, 6, 3, 0), check_view(2, 6, 3, 1), check_view(2, 6, 3, 2);
    check_view(5, 12, 3, 0);
    check_view(5, 12, 3, 2);
    check_view(5, 12, 12, 7);
    check_view(5, 12, 1, 0);
    check_view(1, 8, 2, 1);
    check_view(9, 384, 12, 0), check_view(9, 384, 12, 11); /* MiniLM */
    check_view(1100, 4, 2, 1);
    check_view(3, 1024, 16, 15); /* BERT large */
    check_view(2, 4224, 66, 65), check_view(2103, 6, 3, 2);
}
