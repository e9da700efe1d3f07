/* Exercise 20.5 (code, 3 points, 12 minutes): a small view: who is looked at?
 *
 * A map's rows say whom each token looks at. Its columns say who is looked at, but a plain sum of a column is unfair
 * under a mask: under a causal one everybody may look at the first token and only one at the last.
 *
 * received[j] = the mean of map(i, j) over those queries i that may see key j; 0 when none may. map [n * n] is by rows:
 * map(i, j) = map[i * n + j]; the mask says who may see whom: mask_allows(mask, i, j).
 *
 * Example: n = 2, causal, map = 1 0 | 0.25 0.75: received = 0.625 (two may look) and 0.75 (only token 1 may).
 *
 * When it passes, you have what a view needs: common/show/page/engine.c has this function under the name of
 * engine_received, engine.js hands it to JavaScript, and a file like the other views draws n numbers as n bars.
 *
 * Replace NOT_STARTED() by your code. Check: make check-20.5    Hint: make hint-20.5 */
#include "attention/mask.h"
#include "course.h"

void who_is_looked_at(int n, const float *map, Mask mask, float *received) {
    NOT_STARTED();
}
