/* ablate - what a text loses when heads say nothing: their weighted values become zero, and the model runs again. The
 * weight in a map says where a head looks; only this says whether anybody needs what it finds. Drawn in
 * stages/19_heads. Source: Michel, Levy & Neubig 2019. */
#ifndef VIEW_ABLATE_H
#define VIEW_ABLATE_H
#include "view/view.h"

/* Which heads an option (--ablate, --why) means: "2.8" a head, "3" all heads of a layer, "2.8,3" both, "all" each for
 * itself. [layers * heads], or NULL for "all". EXIT_USAGE for anything else. You free it. */
bool *heads_parse(const char *option, const char *text, int layers, int heads);

/* Each head by itself, all others at work, of a model's finished reading: (layers, heads) how far the last layer's
 * states move, of their length; and, where `guess` has data (the model names tokens), how far the predictions do
 * (GuessChange.divergence). A pass a head. */
void heads_ablated(const Reading *reading, Mat moved, Mat guess);

/* For a finished reading: how far hidden states move, layer by layer and token by token, and, where the model has a
 * head that names tokens, what becomes of its predictions; as a table and a picture. With off NULL the heads one by
 * one: how far each moves the last layer's states, and the heads that move them most. */
void view_ablate(View *view, const bool *off);
#endif
