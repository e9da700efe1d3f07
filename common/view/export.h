/* export - a Reading as numbers for other programs: ids, hidden states, weights. First used in stages/17_bert. */
#ifndef VIEW_EXPORT_H
#define VIEW_EXPORT_H
#include "view/view.h"

/* input_ids, token_type_ids I64 [n] (the latter for models with two kinds of segment); hidden_states F32 [L+1, n, C];
 * attentions F32 [L, heads, n, n] as they are shown, under the mask; q, k, v F32 [L, n, C], as they met; bias F32
 * [heads, 2n-1] or [heads, n, n], where one was added to the scores; logits F32 [n, V] where the model has a head,
 * which BERT calls mlm_logits. __metadata__ has tokens (a JSON list, as the vocabulary spells them), heads, mask (its
 * knobs as JSON) and scale (of q k). What a file of maps does not have is not written either. `path` "-" is standard
 * output. The file appears whole or not at all. docs/any_model.md shows the form; reader_of_file reads it. */
void reading_export(const Reading *reading, const char *path);

/* One line a weight: layer, head, from, to, weight, of the layers and heads that the view has, all tokens. */
void view_write_tsv(View *view, const char *path);

/* A line a row, nine significant digits between tabs, no header; "-" is standard output. */
void matrix_write(const char *path, Mat m);
#endif
