/* sentences - a text as a row of sentences, for measures over many of them. A few rules and no list of a language's
 * grammar: what a person can foresee. Used in stage 19.
 *
 * A sentence ends behind one or more of . ! ? ... (and the ideographic full stop and its like, which need no space
 * behind them), with closing quotes and brackets, where white space follows and what comes next does not begin with a
 * small letter: `"Why?" she asked.` is one sentence. No end is the point of an initial (R. L. Stevenson), of a title
 * (Mr. Mrs. Ms. Dr. St. Prof.), or of a number at the head of a line (1. The lamp). An empty line ends every sentence,
 * whatever stands before it. */
#ifndef TEXT_SENTENCES_H
#define TEXT_SENTENCES_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    size_t first, end; /* bytes [first, end) of the text: neither begins nor ends with white space, never empty */
} Sentence;

/* The next sentence behind *at, or line (lines: one sentence a line, as a file of test sentences has them); start with
 * Sentence{0}; false when there is no more. Any bytes are a text; control characters count as white space. */
bool sentence_next(const char *text, size_t size, bool lines, Sentence *at);
#endif
