/* page - a Reading becomes the block of numbers that the page of stage 20 holds. Told in stages/20_atlas; packed by
 * weights/block, read by show/page/engine.js; docs/page.md lists its tensors. */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H
#include "view/reading.h"
#include "weights/block.h"

enum { TWIN_SEED = 1 }; /* of the random twin (model/twin) */

typedef struct {
    const int *layer; /* [layers] whose feed-forward strips travel; borrowed */
    int layers;
    int one_layer, one_head; /* what the page opens with */
    const char *state;       /* more of what it opens with, JSON members without braces; NULL: nothing */
    const bool *why;         /* [layers * heads] whose scores it can take apart (model/split); NULL: none; borrowed */
    bool twin;               /* with its random twin's measures (model/twin) */
    bool trained;            /* are the weights? see page_is_trained */
    bool exact;              /* all numbers as they are, where else they are packed to save room */
} PagePlan;

/* Adds one finished reading (run without a mask of its own) to an empty block, and says all of it that is no tensor as
 * JSON text in `page`: members, without braces. */
void page_add_reading(Block *block, String *page, const Reading *reading, PagePlan plan);

/* Its parts that are words: the model and its own mask; the tokens (page_words.c). */
void page_say_model(String *page, const Reading *reading, PagePlan plan);
void page_say_tokens(String *page, const Reading *reading);

/* Of those heads of plan.why: their queries and keys as sums of parts (page_why.c). */
void page_add_why(Block *block, String *page, const Reading *reading, PagePlan plan);

/* Whether a model's weights look trained, by a sentence that is always the same: a trained encoder has a head that
 * looks at the token before (MiniLM's best: .86 to .95 of its weight; random weights: at most .19), and a model that
 * writes, or fills gaps, is less surprised by a text than by chance. */
bool page_is_trained(const Reader *reader);
#endif
