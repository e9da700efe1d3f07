/* Exercise 10.2 (code, 2 points, 6 minutes): a rule of your own.
 *
 * Write the rule of a mask that opens every second column: query i sees key j when j is even (0, 2, 4, ...), and every
 * query sees itself. It is the definition only: one pair in, true or false out.
 *
 * Example, n = 4:    # . # .
 *                    # # # .
 *                    # . # .
 *                    # . # #
 *
 * Replace NOT_STARTED() by your code. Check: make check-10.2    Hint: make hint-10.2 */
#include "course.h"

bool columns_allow(int i, int j) {
    NOT_STARTED();
}
