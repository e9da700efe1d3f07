/* effects - what masks do to one text in a model, in numbers, each against the same text without them. For stage 19's
 * corpus, which takes their means over sentences. */
#ifndef MODEL_EFFECTS_H
#define MODEL_EFFECTS_H
#include "attention/mask.h"
#include "model/model.h"

typedef enum {
    EFFECT_LOST,        /* of a head: mean over rows of the share of its weight, unmasked, on keys the mask forbids */
    EFFECT_MOVED,       /* of a head: mean over rows of |after - before| / |before| of its results */
    EFFECT_FLIPS,       /* of a head: 1 when the mask changes its type (head_type), else 0 */
    EFFECT_COSINE,      /* of the model: mean over tokens of the cosine between the final hidden states */
    EFFECT_PROBABILITY, /* of the model: of the right token, with the mask less without; NaN where it has none */
    EFFECTS,
    EFFECTS_OF_HEAD = EFFECT_COSINE
} EffectKind;
extern const char *const EFFECT_NAME[EFFECTS]; /* as --tsv spells them */

typedef struct {
    const int *ids, *types;     /* [n]; types may be NULL */
    const unsigned char *marks; /* [n] what the tokens are (head_type), NULL: nothing */
    int n;
    int word;    /* the token that [MASK] hides when a BERT is asked for its probability; -1: none */
    int mask_id; /* of [MASK] */
} EffectText;    /* all borrowed */

typedef struct {
    const Model *model;
    Workers *workers;
    const int *layer; /* [layers] that are masked; borrowed, as are the two above */
    int layers, heads, first; /* first: of the masked layers the lowest */
    bool in_model;       /* a head's effects come from the masked pass, too, and not from finished q, k, v */
    bool *unmasked;      /* [all layers of the model] owned, as is all that follows */
    Trace plain, masked; /* of the last text */
    Mat maps, context;   /* of one layer under one mask */
    int *plain_type;     /* [layers * heads] */
    float *rows;         /* [workers * n] */
    int *ids;            /* [n] with [MASK] */
} Effects;

/* layer [layers] is borrowed. You free it. */
Effects effects_new(const Model *model, Workers *workers, const int *layer, int layers, bool in_model);
void effects_free(Effects *e);

/* How many numbers there are for one mask, and which of them is that of (kind, place in layer[], head); the last two
 * do not matter for the model's own. */
int effects_count(const Effects *e);
int effect_at(const Effects *e, EffectKind kind, int layer, int head);

/* values [masks][effects_count], of the text under each mask. A mask holds in the chosen layers, and those between
 * them keep the model's own; final_cosine and probability_change always come from such a pass, the effects on a head
 * only when in_model. A mask that allows what the model's own does changes nothing and is not run. Probabilities: of a
 * BERT with a head for them that of the token `word`, with [MASK] in its place; of a GPT the mean over all tokens but
 * the first. Fails as model_run. */
void effects_of(Effects *e, EffectText text, const Mask *masks, int count, double *values);
#endif
