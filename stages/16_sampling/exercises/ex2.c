/* Exercise 16.2 (code, 2 points, 8 minutes): top-p.
 *
 * Top-k keeps the same number of words whether the model is sure or not. Top-p asks instead: which words does it take
 * to have a share of p? Walk from the likeliest word downwards; a word stays if the words before it have together less
 * than p. The first one always stays. What stays is divided by its sum, the rest becomes 0.
 *
 * In place: shares [n] are positive, all different and sum to 1; n <= 64, 0 < p <= 1.
 *
 * Example: shares 0.5 0.1 0.25 0.15, p = 0.7    before 0.5 there is 0: it stays. Before 0.25 there is 0.5: it stays.
 *                                               Before 0.15 there is 0.75: out.    0.6667 0 0.3333 0
 *
 * Replace NOT_STARTED() by your code. Check: make check-16.2    Hint: make hint-16.2 */
#include "course.h"

void keep_top_p(float *shares, int n, double p) {
    NOT_STARTED();
}
