/* living - a model that answers as fast as one types: any text, under any mask in any layer, without some heads, with
 * its words in another order, and the block of the page (view/page) of what it made of it, exact. The page of stage 20
 * has it inside: show/page/living.js is the other side, and says what the questions and answers hold, which are JSON.
 *
 * A question that makes no sense fails with one line, EXIT_DATA or EXIT_USAGE, and changes nothing. */
#ifndef VIEW_LIVING_H
#define VIEW_LIVING_H
#include "base/files.h"
#include "base/memory.h"

typedef struct Living Living;

/* Opens a model's folder as reader_open does. You free it; NULL is fine. */
Living *living_open(const char *folder);
void living_free(Living *living);

/* Has it copied its weights, so that it reads their file no more? A GPT has: its files store matrices turned. */
bool living_copied(const Living *living);

typedef struct {
    String said; /* JSON */
    Bytes block; /* the page's, of living_read; else empty */
} LivingAnswer;  /* both are owned */
void living_answer_free(LivingAnswer *answer);

/* What it is: {family, name, layers, heads, width, vocab, context, types, parameters, guesses, causal, writes, mask,
 * trained, units, exact}; exact: its weights are as they were made, not packed to travel. */
LivingAnswer living_card(const Living *living, bool exact);

/* One pass over {text, pair} or {ids, types}, with {masked, order, mask, layers, off}. */
LivingAnswer living_read(const Living *living, const char *question, size_t size);

/* The next token behind {text} or {ids}, drawn by {temperature, top_k, top_p, seed}. The keys and values of what it has
 * read stay, so that a text which goes on costs a token at a time. */
LivingAnswer living_next(Living *living, const char *question, size_t size);

/* The ids of {text, pair}, as the tokenizer cuts it: {ids, types, first, end, tokens}; with a {seed} above 0 also the
 * {order} of its words shuffled (view/reordered). */
LivingAnswer living_tokens(const Living *living, const char *question, size_t size);
#endif
