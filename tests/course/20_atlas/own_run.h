/* own_run - what the questions about the learner's own page measure on: a pass over a sentence, one cell of a head. */
#ifndef COURSE_20_OWN_RUN_H
#define COURSE_20_OWN_RUN_H
#include "judge.h"
#include "view/find.h"

#include <string.h>

enum { QUERY = 4, KEY = 2 };

typedef struct {
    Reader reader;
    Reading reading;
    int layer, head;
} OwnRun;

/* The student's sentence and head, or the usual ones. Finished; own_run_free ends it. */
static inline OwnRun own_run(void) {
    needs("data/minilm/model.safetensors", "data/fetch.sh minilm");
    const char *text = variant_text("sentence", "The lamp on the table was lit, so they knew that somebody was home.");
    OwnRun run = {.reader = reader_open("data/minilm", 1, false)};
    run.layer = (int)variant_number("layer", 2), run.head = (int)variant_number("head", 8);
    Bytes bytes = {text_copy(text, strlen(text)), strlen(text)};
    run.reading = reading_open(&run.reader, bytes, (Bytes){0}, (ReadingPlan){0});
    reading_run(&run.reading);
    input("%s, layer %d, head %d, cell (%d, %d)", text, run.layer, run.head, QUERY, KEY);
    return run;
}

static inline void own_run_free(OwnRun *run) {
    reading_free(&run->reading);
    reader_free(&run->reader);
}
#endif
