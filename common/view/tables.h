/* tables - what a Reading says as text on standard output. First used in stages/17_bert. */
#ifndef VIEW_TABLES_H
#define VIEW_TABLES_H
#include "view/view.h"

void print_card(const Model *model);       /* sizes and file, one line */
void print_source(const Reading *reading); /* the same of a reading, whether a model's or a file's */
void print_tokens(const Reading *reading); /* tokens, ids, and segments of a pair */
void print_mask(const Reading *reading);   /* the mask that was asked for, with its knobs and its scope, if any was */
void print_links(const Reading *reading); /* the strongest looks from word to word, past their neighbours, one a head */

/* The `top` likeliest tokens at every place from `first` on (of a GPT: behind it, marked where the text has just that
 * one), or that this model cannot tell. top >= 1; a vocabulary of fewer tokens is listed whole. */
void print_guesses(const Reading *reading, int first, int top);
#endif
