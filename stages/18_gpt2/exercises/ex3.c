/* Exercise 18.3 (code, 2 points, 8 minutes): which windows read a long text?
 *
 * A model reads `context` tokens at most. To say how surprised it is by a text of n tokens, n >= 2, it reads windows:
 * window w begins at token w * stride, 1 <= stride <= context, reads up to `context` tokens, and says after each of
 * them what comes next. So a window that reads tokens a to b predicts tokens a + 1 to b + 1. The last token of the
 * text, n - 1, is never read: there is nothing behind it to predict.
 *
 * The first window's predictions all count. Of a later window only those count that no window before has made. The
 * last window is the first one that predicts token n - 1.
 *
 * Fill first[w] with where window w begins and fresh[w] with how many of its predictions count; return how many windows
 * there are. Both arrays have room for n of them.
 *
 * Example: n = 8, context = 4, stride = 2
 *   window 0 reads 0-3, predicts 1-4: 4 count      window 1 reads 2-5, predicts 3-6: 2 count
 *   window 2 reads 4-6, predicts 5-7: 1 counts     so: returns 3, first = 0 2 4, fresh = 4 2 1
 *
 * Replace NOT_STARTED() by your code. Check: make check-18.3    Hint: make hint-18.3 */
#include "course.h"

int plan_windows(int n, int context, int stride, int *first, int *fresh) {
    NOT_STARTED();
}
