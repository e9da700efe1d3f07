/* measured - what the checkers of stage 19 measure on: a model's pass over the exercises' sentence. */
#ifndef COURSE_19_MEASURED_H
#define COURSE_19_MEASURED_H
#include "judge.h"
#include "model/change.h"
#include "view/find.h"

#include <string.h>

static const char *const SENTENCE = "The old clock struck nine, and nobody in the house was awake.";

static inline Reader reader_minilm(void) {
    needs("data/minilm/model.safetensors", "data/fetch.sh minilm");
    return reader_open("data/minilm", 1, false);
}

/* Finished. */
static inline Reading reading_of(const Reader *reader, const char *sentence) {
    Bytes text = {text_copy(sentence, strlen(sentence)), strlen(sentence)};
    Reading r = reading_open(reader, text, (Bytes){0}, (ReadingPlan){0});
    reading_run(&r);
    return r;
}
#endif
