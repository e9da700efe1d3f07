/* head_type - what a head does on one text, in one word, where one word says it. Used in stage 19. Source: Clark et al.
 * 2019, whose thresholds these are (section 3), made for any length and any mask. */
#ifndef ATTENTION_HEAD_TYPE_H
#define ATTENTION_HEAD_TYPE_H
#include "attention/measures.h"

typedef enum {
    HEAD_MIXED, /* none of these */
    HEAD_NEXT,  /* more than half of the weight on the token behind, or before, or on the token itself */
    HEAD_PREVIOUS,
    HEAD_SELF,
    HEAD_FIRST, /* more than six tenths on the first token, on separators, on points and commas */
    HEAD_SEPARATOR,
    HEAD_PUNCTUATION,
    HEAD_BROAD, /* an entropy of more than 0.78 of what the mask leaves possible: 3.8 nats among 128 tokens */
    HEAD_TYPES
} HeadType;
extern const char *const HEAD_TYPE_NAME[HEAD_TYPES];

/* Of map (n, n) under its mask; marks [n] of MARK_..., NULL: no token is marked. Of two types that fit, the one with
 * the larger share; broad only when nothing else fits. Shares are those of the measures: sums over rows, divided by n.
 */
HeadType head_type(Mat map, Mask mask, const unsigned char *marks);
#endif
