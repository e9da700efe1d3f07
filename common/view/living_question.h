/* living_question - what is asked of a living model: a JSON text becomes typed values, or one line that says what is
 * wrong with it. For view/living. */
#ifndef VIEW_LIVING_QUESTION_H
#define VIEW_LIVING_QUESTION_H
#include "attention/mask_options.h"
#include "base/json.h"
#include "model/sampling.h"
#include "view/reading.h"

/* A text, or two, or ids. */
typedef struct {
    Bytes first, second; /* second.data NULL: none */
    Encoding encoding;   /* of the texts, or the ids as they were asked for */
} LivingText;            /* all of it is owned */

/* EXIT_DATA without text and ids, or with an id or a type that the model has not. */
LivingText living_text(const json_t *question, const Reader *reader);
void living_fits(const LivingText *text, const Reader *reader); /* EXIT_DATA for no token, or more than it takes */
void living_text_free(LivingText *text);

/* Of one pass. */
typedef struct {
    MaskOptions mask;
    bool masks, reorders, silences; /* is there a mask, an order, a head off? */
    bool *unmasked;                 /* [layers] where the mask does not hold; owned */
    bool *off;                      /* [layers * heads]; owned */
    int *order;                     /* [n] which token of the text stands in each place; owned */
    int *masked;                    /* [masked_count] places of the text that become [MASK]; owned */
    int masked_count;
    int *strips; /* [strips_count] layers whose strips are wanted; owned */
    int strips_count;
} LivingPass;
LivingPass living_pass(const json_t *question, const Reader *reader, int n);
void living_pass_free(LivingPass *pass);

/* Of one token more. */
typedef struct {
    SampleRule rule;
    int seed;
} LivingDraw;
LivingDraw living_draw(const json_t *question);

/* The question itself: free it with json_decref. */
json_t *living_question(const char *text, size_t size);
#endif
