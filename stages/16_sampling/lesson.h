/* lesson - the parts of stage 16. main.c tells how one token is drawn; cache.c what makes the next one cheap; source.c
 * says where logits come from, a model or a count; write.c writes, and looks at what was written; next.c
 * draws the next token's bars. */
#ifndef STAGE_LESSON_H
#define STAGE_LESSON_H
#include "base/options.h"
#include "model/sampling.h"
#include "show/show_options.h"
#include "text/bpe.h"
#include "text/common_substring.h"

typedef struct {
    Common common;
    ShowOptions show;
    const char *model; /* a folder, or NULL: count */
    const char *data;  /* the story; NULL: the course's */
    int counts;        /* tokens looked back when counting */
    int tokens;
    SampleRule rule;
    bool has_rule; /* the command line has chosen one */
    bool print;
    char *command; /* owned */
} Choices;

/* TEXT or --file: then only a text is written, and nothing is told. */
bool has_prompt(const Choices *ask);

/* ---- cache.c ---- */

/* The key-value cache told, proven equal to whole passes, its work counted, and its time drawn (cache.png). */
void tell_cache(const Choices *ask, Workers *workers);

/* A model one token at a time and all at once, on ids [n], n <= its context: the same logits, or the program ends. */
void prove_cache(const Gpt *gpt, Workers *workers, Mask mask, const int *ids, int n);

/* An untrained GPT, for what does not depend on what it has learnt. You free it. */
Gpt untrained_new(uint64_t seed);

/* ---- source.c ---- */

typedef enum { TOKENS_CHARACTERS, TOKENS_WORDS, TOKENS_BPE } TokenKind;

typedef struct {
    char *name;  /* for titles: "out/15_training: 2 blocks, ..." */
    Bytes story; /* what was learnt from: copies are looked for in it */
    const char *story_name;
    Substrings copies; /* all runs of the story */
    TokenKind kind;
    Vocab vocab;
    Bpe bpe; /* for TOKENS_BPE, instead of vocab */
    Gpt gpt; /* count 0: there is no model, and counts are used */
    Mask mask;
    int order;   /* tokens looked back when counting */
    Ids counted; /* the story's ids, for counting */
} Source;

/* --model, or counts of the story. A folder that holds no model, or one that cannot write, ends the program. */
Source source_open(const Choices *ask);
void source_free(Source *source);
int source_vocab(const Source *source);

/* The prompt's ids, at least one. EXIT_DATA for a character or word that the vocabulary has not. You free them. */
Ids source_encode(const Source *source, const char *text, size_t size);

/* The text of ids. You free it (memory_free). */
char *source_decode(const Source *source, const int *ids, size_t n);

/* logits [V] after ids [n], by counting. */
void count_logits(const Source *source, const int *ids, size_t n, float *logits);

/* ---- write.c: from TEXT, or what --file holds, or "The " ---- */

/* Texts from the prompt under several rules, or under the one that was asked for; what repeats, what is copied. */
void tell_writing(const Choices *ask, const Source *source, Workers *workers);

/* "temperature 0.8, top-k 5". You free it (memory_free). */
char *rule_name(SampleRule rule);

/* --print: one text. */
void print_writing(const Choices *ask, const Source *source, Workers *workers);

/* --time: writes ask->tokens tokens from the model. */
/* --time: writes ask->tokens tokens again and again. */
void time_writing(const Choices *ask, const Source *source, Workers *workers);

/* ---- next.c ---- */

/* The likeliest tokens behind the prompt, at temperature 1 and under the rule (next.png). */
void show_next(const Choices *ask, const Source *source, Workers *workers, Ids prompt);
#endif
