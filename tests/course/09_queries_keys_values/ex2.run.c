#include "runner.h"

extern void scaled_scores(Mat scores, Mat q, Mat k);

void run_case(void) {
    Mat q = keep_mat("q"), k = keep_mat("k"), scores = fresh_mat("scores", q.rows, k.rows);
    scaled_scores(scores, q, k);
    hand_mat(scores);
}
