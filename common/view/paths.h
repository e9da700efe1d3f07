/* paths - attention through all layers of a Reading, as numbers and pictures: rollout and flow. Drawn in
 * stages/19_heads. Maps are taken as they are shown, under the mask. */
#ifndef VIEW_PATHS_H
#define VIEW_PATHS_H
#include "view/view.h"

/* n lines of n numbers between tabs, no header, nine significant digits; "-" is standard output. Row i is what token i
 * of the last layer has gathered from each token of the text. Flow: the largest flow of each pair, rows made to sum to
 * 1; of a mask that shows some keys to more queries than others, with evened columns first (rollout_even_field). */
Mat paths_rollout(const Reading *reading); /* (n, n); you free it */
void paths_write_rollout(const Reading *reading, const char *path);
void paths_write_flow(const Reading *reading, const char *path);

/* Of view->token: what it has gathered from where, by rollout after each layer and by flow, as a table and a picture.
 * Without a token: both matrices as pictures. */
void view_draw_paths(View *view);
#endif
