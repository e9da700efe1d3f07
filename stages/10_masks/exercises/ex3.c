/* Exercise 10.3 (code, 4 points, 14 minutes): the blocks of BigBird.
 *
 * BigBird (Zaheer et al. 2020) cuts n tokens into blocks: token t is in block t / size, and n is a multiple of size. A
 * pair is allowed or forbidden with its whole block. Block row a sees block column b
 *   - in a band: b is a - 1, a or a + 1;
 *   - on the borders: the first and the last block see everything and are seen by everyone;
 *   - and one block more, which was drawn at random for each row: b is random[a].
 *
 * Fill allowed [n * n] with true where query i sees key j: allowed[i * n + j].
 *
 * Example, n = 8, size = 1, random = 0 4 6 5 2 3 2 7:    # # # # # # # #
 *                                                        # # # . # . . #
 *                                                        # # # # . . # #
 *                                                        # . # # # # . #
 *                                                        # . # # # # . #
 *                                                        # . . # # # # #
 *                                                        # . # . . # # #
 *                                                        # # # # # # # #
 *
 * Replace NOT_STARTED() by your code. Check: make check-10.3    Hint: make hint-10.3 */
#include "course.h"

void bigbird_mask(bool *allowed, int n, int size, const int *random) {
    NOT_STARTED();
}
