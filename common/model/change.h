/* change - how far one pass is from another over the same tokens: with a head switched off, under a mask, with other
 * weights. Told in no stage; used by stages/19_heads. */
#ifndef MODEL_CHANGE_H
#define MODEL_CHANGE_H
#include "math/mat.h"

/* Of hidden states (n, C), the means over tokens. */
typedef struct {
    double cosine; /* of the angle between a token's two vectors; 1: the same direction */
    double moved;  /* |after - before| / |before|: 0 is not at all, 1 as far as the vector is long */
} StateChange;
StateChange state_change(Mat after, Mat before);

/* moved, cosine [n]: token by token. Of a vector of zeros: 0 if it stayed one, else 1; its cosine is then 1 or 0. */
void state_moved(float *moved, Mat after, Mat before);
void state_cosines(float *cosine, Mat after, Mat before);

/* Of logits (n, V): what becomes of the predictions. Probabilities are softmaxes of whole rows. */
typedef struct {
    double divergence;    /* mean over places of sum before ln(before / after), in nats (Kullback & Leibler) */
    double before, after; /* mean probability of what was likeliest before */
    int changed;          /* places whose likeliest token is another one now */
} GuessChange;
GuessChange guess_change(Mat after, Mat before);
#endif
