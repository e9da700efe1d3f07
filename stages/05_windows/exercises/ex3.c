/* Exercise 05.3 (code, 2 points, 12 minutes): mix the windows.
 *
 * Fill order[0..n) with 0, 1, ..., n - 1, then mix: for i = 0, 1, ..., n - 2 swap order[i] with order[i + r % (n - i)],
 * where r is the next rng_bits(rng). This is Fisher and Yates' shuffle, in PyTorch's version (torch.randperm). The
 * tempting `r % n` at every place is not fair: some orders would come more often than others.
 *
 * Example: seed 123, n = 5 gives the same order as torch.manual_seed(123); torch.randperm(5).
 *
 * Replace NOT_STARTED() by your code. Check: make check-05.3    Hint: make hint-05.3 */
#include "course.h"

void mix(int *order, int n, Rng *rng) {
    NOT_STARTED();
}
