/* tool - stage 18 as a tool: what the command line asks for, and the answers that are no lecture. The lecture is
 * main.c; what is printed and drawn of a reading stands in common/view. tool.c has the command line, source.c the model
 * that is there or has to be trained, next.c the next token, text.c what needs more than one pass: writing, perplexity,
 * and the clock. */
#ifndef STAGE_18_TOOL_H
#define STAGE_18_TOOL_H
#include "model/sampling.h"
#include "view/study.h"

typedef struct {
    Common common;
    Study study;       /* model is NULL until model_find, unless --model was given */
    SampleRule rule;   /* of --write */
    int top;           /* rows of the table of next tokens */
    int stride, write; /* 0, -1: not given */
    int tokens;        /* of --time: tokens after the prompt, 0: the prompt itself */
    bool next, perplexity;
    char *own_folder; /* study.model, where model_find had to make its name */
} Choices;
Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* ---- source.c ---- */

/* Settles which folder --model means when it is not given: data/gpt2, what stage 15 has left in out/15_training, or
 * the small model in OUT/model, which is trained now (and a note says so) if it is not there. */
void model_find(Choices *ask);

/* The model, its tokenizer and threads. EXIT_DATA when it is no GPT, or one that was trained to see the future. */
Reader reader_of(const Choices *ask);

extern const char DEFAULT_TEXT[];
const char *default_text(const Tokenizer *tokenizer); /* one that this vocabulary can say; borrowed for good */

/* ---- next.c ---- */

/* What comes after the last token of a finished reading. You free it. */
typedef struct {
    Mat logits, shares; /* (1, V) */
} Next;
Next next_of(const Reading *reading);
void next_free(Next *next);

/* The table of the likeliest next tokens, and a picture of it (next.png) where maps are drawn. */
void tell_next(const Choices *ask, const View *view);

/* How much of the proof plain loops can do in a second or so, with a note where it is not all of it. */
typedef enum { PROVE_NOTHING, PROVE_BLOCK, PROVE_ALL } Proof;
Proof proof_of(const Reading *reading);

/* ---- text.c ---- */
void tell_perplexity(const Choices *ask, const Reader *reader);
void write_text(const Choices *ask, const Reader *reader);  /* --write: TEXT and so many tokens more, nothing else */
void time_reading(const Choices *ask, Reading *reading);    /* --time: the pass and the logits of every token */
void time_tokens(const Choices *ask, const Reader *reader); /* --time --tokens: one more token, by the cache */
#endif
