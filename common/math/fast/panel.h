/* panel - PANEL rows of a matrix turned on end, so that one number meets all of them at once. For the loops of
 * math/fast/row_tiles and attention/fast/strip_block only. Equal to: the line of comment at turn_panel. */
#ifndef MATH_FAST_PANEL_H
#define MATH_FAST_PANEL_H
#include "math/fast/lanes.h"
#include "math/mat.h"

enum { PANEL = 2 * LANES };

/* panel[j * PANEL + c] = w[col + c][k + j] for j < n and c < wide, which is PANEL or half of it; zeros where w has no
 * such row: `cols` of them exist, more than a panel holds, or none at all. Squares of LANES x LANES numbers are turned
 * in registers: each line of the cache is read once and written once. The two loops over squares are the same but for
 * what they ask: in one loop it would be asked of each row. */
INLINE void turn_panel(float *panel, int wide, Mat w, int col, int cols, int k, int n) {
    for (int c = 0; c < wide; c += LANES) {
        int j = 0;
        for (; c + LANES <= cols && j + LANES <= n; j += LANES) {
            Lane square[LANES];
            for (int i = 0; i < LANES; i++) square[i] = lane_load(mat_row(w, col + c + i) + k + j);
            turn_all(square);
            for (int i = 0; i < LANES; i++) lane_store(panel + (size_t)(j + i) * PANEL + c, square[i]);
        }
        for (; j + LANES <= n; j += LANES) {
            Lane square[LANES];
            for (int i = 0; i < LANES; i++)
                square[i] = c + i < cols ? lane_load(mat_row(w, col + c + i) + k + j) : (Lane){0};
            turn_all(square);
            for (int i = 0; i < LANES; i++) lane_store(panel + (size_t)(j + i) * PANEL + c, square[i]);
        }
        for (; j < n; j++)
            for (int i = c; i < c + LANES; i++)
                panel[(size_t)j * PANEL + (size_t)i] = i < cols ? mat_row(w, col + i)[k + j] : 0;
    }
}
#endif
