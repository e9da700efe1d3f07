/* bert_normalizer - BERT's way from raw characters to clean ones, a row of small stations that each letter passes:
 * clean, space ideographs, take apart and strip accents, lower-case. Each letter keeps its place in the raw text.
 * A tokenizer.json may also name stations one by one (text/tokenizer_steps): the last three rules are for those.
 *
 * Letters go through one by one, so that a text of any length needs no more memory than its longest run of marks. */
#ifndef TEXT_BERT_NORMALIZER_H
#define TEXT_BERT_NORMALIZER_H
#include "base/memory.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    bool clean_text;    /* drop control characters, make every white space a ' ' */
    bool space_cjk;     /* a ' ' on both sides of every ideograph */
    bool strip_accents; /* NFD, then drop the marks. Stripping comes BEFORE lower-casing, as in the fast tokenizer */
    bool lower_case;
    bool lower_first; /* lower case comes before taking apart, too: only where lower_case is set */
    bool take_apart;  /* NFD; strip_accents has it in it */
    bool strip_marks; /* drop Mn, Mc and Me, of which strip_accents drops Mn alone */
} BertRules;

/* A character and the bytes first..end-1 of the raw text that it came from. */
typedef struct {
    int32_t character;
    int first, end;
} Letter;

typedef struct {
    Letter letter;
    int class;       /* canonical combining class */
    bool added;      /* not the first part of what a raw character was taken apart into */
    size_t position; /* in the run, to keep the order of equals */
} Part;

typedef struct {
    BertRules rules;
    void (*emit)(void *context, Letter letter); /* takes the finished letters */
    void *context;
    Part *run; /* a letter and its marks, waiting to be put in canonical order; owned */
    size_t count;
    Letter place; /* of the raw character that the last part came from */
} Normalizer;

void normalizer_feed(Normalizer *normalizer, Letter letter);

/* The end of a text, or of a stretch of it: emits what still waits. */
void normalizer_end(Normalizer *normalizer);

void normalizer_free(Normalizer *normalizer);

/* A whole text of UTF-8 as it looks once it is clean. You free it. */
String normalizer_text(BertRules rules, const char *text, size_t size);
#endif
