/* row_range - which part of a row counts: what a mask leaves of a row of scores, and so of the work on it. */
#ifndef MATH_ROW_RANGE_H
#define MATH_ROW_RANGE_H

typedef struct {
    int first, end; /* first..end-1; none when end <= first */
} RowRange;

/* The smallest range that holds those of rows row .. row + rows - 1; {most, 0} where all of them are empty. */
static inline RowRange rows_range(const RowRange *of, int row, int rows, int most) {
    RowRange all = {most, 0};
    for (int r = row; r < row + rows; r++) {
        if (of[r].first >= of[r].end) continue;
        if (of[r].first < all.first) all.first = of[r].first;
        if (of[r].end > all.end) all.end = of[r].end;
    }
    return all;
}
#endif
