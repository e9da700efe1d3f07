/* encoding - the ids of a text, with the place in the text that each of them came from. */
#ifndef TEXT_ENCODING_H
#define TEXT_ENCODING_H
#include <stddef.h>

typedef struct {
    int *ids;   /* [n] */
    int *types; /* [n] 0 for [CLS] A [SEP], 1 for B [SEP] */
    int *first; /* [n] byte offsets into A or B (whichever types says) where the token's text begins ... */
    int *end;   /* [n] ... and ends; 0,0 for the [CLS] and [SEP] that were added around the texts */
    int n, room;
} Encoding;

/* Makes room for `more` more ids. More than 2^31 - 1 of them are EXIT_DATA. */
void encoding_reserve(Encoding *encoding, size_t more);

void encoding_push(Encoding *encoding, int id, int type, int first, int end);

/* Cuts an encoding to `limit` ids (limit >= 2, or 3 for a pair), keeping [CLS] and every [SEP]: the longer of the two
 * texts loses its end first, as the fast tokenizer does it ("longest_first"): when both must give, they end up equal,
 * and an odd id goes to the text that was longer, or to the second. (4 and 4 ids cut to 7 become 3 and 4.) */
void encoding_truncate(Encoding *encoding, int limit);

Encoding encoding_copy(const Encoding *encoding); /* you free it */
void encoding_free(Encoding *encoding);
#endif
