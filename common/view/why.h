/* why - one score taken apart, as a table, a file and a picture (model/split). Drawn in stages/19_heads.
 *
 * A score is scale * q_i . k_j; with q and k as sums over the parts that wrote them it is a table of parts by parts.
 * What all keys of a row share does not change a softmax, so tables are sorted by `centred`: each entry less its mean
 * over the keys that query i may see, under the reading's mask. */
#ifndef VIEW_WHY_H
#define VIEW_WHY_H
#include "view/view.h"

typedef struct {
    int query, key; /* token numbers */
} Why;

/* "I,J", from 0, of a finished reading or one to come. EXIT_USAGE for what is no such pair of its tokens. */
Why why_of(const Reading *reading, const char *text);

/* Of the view's one layer and head: the table's largest entries, its sum beside the pass's own score, and the picture.
 * With tsv ("-": standard output) only that file: all pairs, columns query_part key_part value centred. EXIT_USAGE when
 * the view names more than one head, EXIT_DATA when sum and score are further apart than 1e-4 (times the score, where
 * that is above 1), as a model of enormous numbers can make them. The reading must have a model. */
void view_why(View *view, Why why, const char *tsv);
#endif
