/* twin - a model of the same form that has learnt nothing: what a number says of it, it says of noise. Stage 19
 * measures it beside the real one. Its weights are drawn as a training would begin, from N(0, 0.02); biases are 0,
 * gains 1. */
#ifndef MODEL_TWIN_H
#define MODEL_TWIN_H
#include "base/rng.h"
#include "model/bert.h"
#include "model/gpt.h"

/* The same seed gives the same numbers. They own all that they have; you free them. */
Bert bert_twin(const Bert *bert, Rng *rng);
Gpt gpt_twin(const Gpt *gpt, Rng *rng); /* under the same mask, with the same positions */
#endif
