/* tool - what the files of stage 15 share. main.c tells the model and runs the program; choices.c reads the command
 * line; story.c makes ids of a text; baselines.c counts; run.c is the training loop; compare.c trains variants;
 * answer.c samples and draws. */
#ifndef STAGES_TRAINING_TOOL_H
#define STAGES_TRAINING_TOOL_H
#include "attention/mask_options.h"
#include "base/memory.h"
#include "base/options.h"
#include "model/trainer.h"
#include "show/show_options.h"
#include "text/bpe.h"
#include "text/vocab.h"

/* What an option with a choice of words chose. */
enum { TOKENS_CHAR, TOKENS_WORD, TOKENS_BPE };
enum { OBJECTIVE_NEXT, OBJECTIVE_MASKED };
enum { COMPARE_NOTHING = -1, COMPARE_MASK, COMPARE_HEADS, COMPARE_POSITIONS, COMPARE_SCALE, COMPARE_WIDTH };
extern const char COMPARED[]; /* the words of --compare: "mask|heads|..." */

typedef struct {
    Common common;
    ShowOptions show;
    MaskOptions mask;
    const char *data;
    int tokens, positions, objective, compare; /* positions: a GptPositions */
    GptConfig model; /* without the vocabulary */
    TrainPlan plan;  /* without the mask */
    int steps, evaluate, vocabulary, sample, seeds;
    double dropout, temperature;
    bool resume;
    char *command; /* owned */
} Choices;
Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* A text as ids, the last id being [MASK] when it is wanted. The first int(0.9 n) characters train; a word that the cut
 * goes through trains, and BPE merges are learnt from these characters only. Fails with EXIT_DATA when one of the parts
 * is no longer than a window. */
typedef struct {
    char *name;         /* of the file; owned */
    Bytes bytes;        /* owned */
    size_t split;       /* bytes that train */
    Vocab vocab;        /* owned */
    Ids train, held;    /* owned */
    int tokens;         /* TOKENS_CHAR, ... */
    Bpe bpe;            /* for bpe; owned */
} Story;
Story story_read(const Choices *ask);
void story_free(Story *story);
void story_add(const Story *story, int id, String *out); /* appends the token as it is read */
void story_save(const Story *story, const char *folder); /* vocab.json */

/* Mean nats per token of `held`, from counts in `train` alone: no knowledge, single tokens, pairs, triples. */
typedef struct {
    double uniform, unigram, bigram, trigram;
} Baselines;
Baselines baselines_of(Ids train, Ids held, int vocab);

/* What a run leaves for the pictures. */
enum { MOST_MAPS = 4, MAP_TOKENS = 24 };
typedef struct {
    float *step, *train, *held; /* [count] rows of loss.tsv; owned */
    int count, room;
    Mat maps[MOST_MAPS]; /* one head at some steps, on the first tokens that were held back; owned */
    int map_steps[MOST_MAPS], map_count;
} History;
void history_free(History *history);

typedef struct {
    const Choices *ask;
    Story story;
    Workers *workers;
    Mask mask;
    const char *mask_title; /* borrowed */
    Gpt gpt;
    Trainer trainer;
    History history;
} Training;

/* Trains from where the trainer stands to ask->steps; writes loss.tsv and checkpoints. Returns EXIT_OK, or 130 or 143
 * after a signal, when all is saved. */
int run_training(Training *run);

/* --compare: trains each variant from the same seeds, prints a table and draws one picture. */
void compare_variants(const Choices *ask, const Story *story, Mask mask, Workers *workers);

/* After training. */
void print_sample(const Training *run);
void print_filled_masks(
    const Training *run); /* objective masked: some tokens hidden, and the model's first five guesses */
void draw_loss(const Training *run, const Baselines *baselines);
void draw_maps(const Training *run);
#endif
