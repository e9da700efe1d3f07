/* export - a Reading as numbers for other programs: ids, hidden states, weights. First used in stages/17_bert. */
#ifndef VIEW_EXPORT_H
#define VIEW_EXPORT_H
#include "view/view.h"

/* input_ids, token_type_ids I64 [n] (the latter for models with two kinds of segment); hidden_states F32 [L+1, n, C];
 * attentions F32 [L, heads, n, n] as they are shown, under the mask; logits F32 [n, V] where the model has a head,
 * which BERT calls mlm_logits. `path` "-" is standard output. The file appears whole or not at all. */
void reading_export(const Reading *reading, const char *path);

/* One line a weight: layer, head, from, to, weight, of the layers and heads that the view has, all tokens. */
void view_write_tsv(View *view, const char *path);
#endif
