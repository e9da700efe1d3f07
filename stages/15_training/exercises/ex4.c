/* Exercise 15.4 (code, 3 points, 15 minutes): windows of 4, 8, 16 over five seeds: what is more than noise?
 *
 * Train under three windows with five seeds each, and keep the last val_loss of every loss.tsv:
 *   for w in 4 8 16; do for s in 1 2 3 4 5; do build/15_training --mask sliding --window $w --seed $s --steps 500 \
 *       --out out/w$w.$s --sample 0; done; done
 * A seed chooses the first weights and the windows, so runs of one seed belong together: compare them in pairs. From
 * the n differences d = a - b take the mean, and its standard error: s / sqrt(n), where s * s is the sum of
 * (d - mean)^2 divided by n - 1. With five seeds a mean must be 2.8 standard errors large until chance would do
 * it only once in 20 times (Student's t; with many seeds, 2).
 *
 * Example: a = 3 5 4, b = 2 3 1     d = 1 2 3, mean 2, s = 1, error = 1 / sqrt(3) = 0.577
 *
 * n >= 2, and the mean may be thousands of errors large.
 *
 * Replace NOT_STARTED() by your code. Check: make check-15.4    Hint: make hint-15.4 */
#include "course.h"

typedef struct {
    double mean, error;
} Paired;

Paired paired(const float *a, const float *b, int n) {
    NOT_STARTED();
}
