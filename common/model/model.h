/* model - one face for every model: a folder becomes a BERT or a GPT, and from here on a program does not ask which. A
 * new family is one file beside bert.c that fills a Trace, and a row here. Used from stage 06 on. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H
#include "model/bert.h"
#include "model/gpt.h"
#include "model/trace.h"

typedef struct Model Model;

typedef struct {
    const char *path; /* of the weights, for messages and captions; borrowed from the model */
    int layers, heads, width;
    int vocab, context; /* V, and the longest text in tokens */
    int types;          /* kinds of segment: 2 for most BERTs, 1 where there is no second text */
    size_t parameters;
    bool guesses; /* has a head that names tokens: the missing one (BERT's MLM head) or the next one (GPT) */
    Mask trained; /* what "no mask" means for it: a GPT's own mask; borrowed from the model */
} ModelCard;

/* What folder/config.json calls itself: model_type "gpt2" is a GPT (one of ours when stage 15 has signed it),
 * everything else has to be a BERT. Nothing is checked, and a folder that is not there counts as a BERT: opening it
 * says why not. */
typedef enum { FAMILY_BERT, FAMILY_GPT2, FAMILY_TRAINED_HERE } ModelFamily;
ModelFamily model_family(const char *folder);

/* Opens folder/config.json and the weights beside it, and checks both, as bert_load and gpt_load do. Fails with
 * EXIT_DATA or EXIT_ENVIRONMENT and one line; with allow_nonfinite, bad numbers of a BERT only warn. You free it; NULL
 * is fine. */
Model *model_open(const char *folder, Workers *workers, bool allow_nonfinite);
void model_free(Model *model);

/* The same form with random weights (twin.h): the null against which a head's numbers are held. You free it. */
Model *model_twin(const Model *model, uint64_t seed);

ModelCard model_card(const Model *model);

/* What is behind the face; NULL for the other family. Borrowed. */
const Bert *model_bert(const Model *model);
const Gpt *model_gpt(const Model *model);

/* A Trace with room for n tokens, to be filled by any number of passes. You free it. */
Trace model_trace_new(const Model *model, int n);

/* One pass: ids and types [trace->n] in (types may be NULL: all 0), the whole trace filled. Fails with EXIT_DATA when
 * an id, a type or the length is beyond the model's tables. */
void model_run(const Model *model, Workers *workers, const int *ids, const int *types, Run run, Trace *trace);

/* What a half of a layer adds to each token of a finished trace, (n, width): the heads' context, mixed, or the
 * feed-forward activity, projected back to the width. You free it. */
typedef enum { ADDED_BY_ATTENTION, ADDED_BY_FEED_FORWARD } Added;
Mat model_added(const Model *model, Workers *workers, const Trace *trace, int layer, Added by);

/* For a finished trace: logits (n, V), of the token that stands in each place (BERT) or behind it (GPT). Only when
 * card.guesses. You free them. */
Mat model_logits(const Model *model, Workers *workers, const Trace *trace);
#endif
