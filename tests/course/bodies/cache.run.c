/* A head with a notebook, stage 16: all tokens one after the other. */
#include "runner.h"

void run_case(void) {
    const Mat q = keep_mat("q"), k = keep_mat("k"), v = keep_mat("v");
    Paper out = paper_new(q.rows, v.cols), paper[3] = {paper_of(q), paper_of(k), paper_of(v)};
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) out.at[i][c] = 7; /* nobody says it is 0 */
    cached_told(out, paper[0], paper[1], paper[2]);
    Mat m = paper_rounded(out);
    hand_mat(m);
    mat_free(&m), paper_free(&out);
    for (int i = 0; i < 3; i++) paper_free(&paper[i]);
}
