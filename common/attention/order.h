/* order - does a head follow places or words? Its map of a text beside its map of the same tokens in another order:
 * once place by place, once with every row and column put back to where its token stood before. A head that only counts
 * places looks the same in the first, one that only reads words in the second: without positions A(Px) = P A(x) P^T,
 * as stage 09 tells. Shown by stage 20. */
#ifndef ATTENTION_ORDER_H
#define ATTENTION_ORDER_H
#include "math/mat.h"

typedef enum { FOLLOWS_PLACES = -1, FOLLOWS_NEITHER, FOLLOWS_WORDS } Follows;

/* How far the rows moved: means of attention/divergence over ln 2, from 0 (not at all) to 1 (they share no key). */
typedef struct {
    double by_place, by_word;
    Follows follows; /* the side with the smaller number, where that is below four fifths of the other */
} OrderTest;

/* a, b, back (n, n). Token i of b stood at place from[i] of a, a permutation: back(from[i], from[j]) = b(i, j). */
OrderTest order_test(Mat a, Mat b, const int *from, Mat back);
#endif
