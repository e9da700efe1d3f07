#include "attention/head_type.h"
#include "attention/mask_cost.h"
#include "math/fast/vecmath.h"

const char *const HEAD_TYPE_NAME[HEAD_TYPES] = {"mixed", "next",      "previous",    "self",
                                                "first", "separator", "punctuation", "broad"};

/* share[type] = the part of all weight that it stands for. */
static void shares(double *share, Mat map, const unsigned char *marks) {
    int n = map.rows;
    for (int i = 0; i < n; i++) {
        const float *row = mat_row(map, i);
        if (i + 1 < n) share[HEAD_NEXT] += (double)row[i + 1];
        if (i > 0) share[HEAD_PREVIOUS] += (double)row[i - 1];
        share[HEAD_SELF] += (double)row[i];
        share[HEAD_FIRST] += (double)row[0];
    }
    for (int j = 0; marks && j < n; j++) {
        double column = 0;
        for (int i = 0; i < n && marks[j]; i++) column += (double)mat_at(map, i, j);
        if (marks[j] & MARK_SEPARATOR) share[HEAD_SEPARATOR] += column;
        if (marks[j] & MARK_PUNCTUATION) share[HEAD_PUNCTUATION] += column;
    }
    for (int type = HEAD_NEXT; type < HEAD_BROAD; type++) share[type] /= n;
}

static bool is_broad(Mat map, Mask mask) {
    double nats = 0;
    for (int i = 0; i < map.rows; i++) nats += vec_entropy(mat_row(map, i), (size_t)map.cols, 1e-10);
    return nats > 0.78 * mask_entropy_ceiling(mask, map.rows);
}

HeadType head_type(Mat map, Mask mask, const unsigned char *marks) {
    double share[HEAD_TYPES] = {0};
    HeadType found = HEAD_MIXED;
    shares(share, map, marks);
    for (HeadType type = HEAD_NEXT; type < HEAD_BROAD; type++)
        if (share[type] > (type < HEAD_FIRST ? 0.5 : 0.6) && share[type] > share[found]) found = type;
    return found == HEAD_MIXED && is_broad(map, mask) ? HEAD_BROAD : found;
}
