/* tool - what the files of stage 16 share. main.c tells how one token is drawn and what makes the next one cheap;
 * lesson.c has the nine words; source.c says where logits come from, a model or a count; write.c writes, and looks at
 * what was written; cache.c counts what a cache saves; draw.c draws; tool.c reads the command line. */
#ifndef STAGE_16_TOOL_H
#define STAGE_16_TOOL_H
#include "base/options.h"
#include "model/model.h"
#include "model/sampling.h"
#include "show/show_options.h"
#include "text/common_substring.h"
#include "text/tokenizer.h"

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
} Choices;
Choices choices_parse(int argc, char **argv);

/* TEXT or --file: then only a text is written, and nothing is told. */
bool has_prompt(const Choices *ask);

/* "temperature 0.8, top-k 5". You free it (memory_free). */
char *rule_name(SampleRule rule);

/* ---- lesson.c: nine candidates for the next word, under several rules ---- */

enum { WORDS = 9, DRAWS = 1000, MOST_RULES = 7 };
typedef struct {
    const char *const *word; /* [WORDS] */
    const float *logits;     /* [WORDS] */
    const char *name[MOST_RULES];
    SampleRule rule[MOST_RULES];
    float shares[MOST_RULES][WORDS];
    int counts[MOST_RULES][WORDS];
    int n;
} Lesson;
Lesson lesson_run(const Choices *ask);
void print_lesson(const Lesson *lesson, uint64_t seed);

/* ---- cache.c: a whole model, one token at a time and all at once ---- */

/* The same logits either way, on ids [n], n <= its context, or the program ends. Told on one head in main.c. */
void prove_cache(const Gpt *gpt, Workers *workers, Mask mask, const int *ids, int n);

/* An untrained GPT, for what does not depend on what it has learnt; its work counted, the cache proven on it, its time
 * drawn (cache.png). */
void tell_cache(const Choices *ask, Workers *workers);

/* ---- source.c ---- */

typedef struct {
    char *name;  /* for titles: "out/15_training: 2 blocks, ..." */
    Bytes story; /* what was learnt from: copies are looked for in it */
    const char *story_name;
    Substrings copies; /* all runs of the story */
    Tokenizer *tokenizer;
    Model *model;   /* NULL: there is none, and counts are used */
    const Gpt *gpt; /* of the model; NULL without one */
    int order;      /* tokens looked back when counting */
    Ids counted;    /* the story's ids, for counting */
} Source;

/* --model, or counts of the story. A folder that holds no model, or one that cannot write, ends the program. */
Source source_open(const Choices *ask, Workers *workers);
void source_free(Source *source);

/* The prompt's ids, at least one. EXIT_DATA for a character or word that the vocabulary has not. You free them. */
Ids source_encode(const Source *source, const char *text, size_t size);

/* logits [V] after ids [n], by counting. */
void count_logits(const Source *source, const int *ids, size_t n, float *logits);

/* ---- write.c: from TEXT, or what --file holds, or "The " ---- */

/* Texts from the prompt under several rules, or under the one that was asked for; what repeats, what is copied. */
void tell_writing(const Choices *ask, const Source *source, Workers *workers);

void print_writing(const Choices *ask, const Source *source, Workers *workers); /* --print: one text */
void time_writing(const Choices *ask, const Source *source, Workers *workers);  /* --time */

/* ---- draw.c ---- */
void draw_lesson(const Choices *ask, const Lesson *lesson); /* bars.png */

/* The likeliest tokens behind the prompt, at temperature 1 and under the rule (next.png). */
void show_next(const Choices *ask, const Source *source, Workers *workers, Ids prompt);
#endif
