/* tool - what the files of stage 15 share. main.c tells training, told.c the model that it trains; tool.c reads the
 * command line; story.c makes ids of a text; baselines.c counts; run.c is the long run; compare.c trains variants;
 * answer.c asks the trained model; draw.c draws. */
#ifndef STAGES_TRAINING_TOOL_H
#define STAGES_TRAINING_TOOL_H
#include "attention/mask_options.h"
#include "base/memory.h"
#include "base/options.h"
#include "math/paper.h"
#include "model/trainer.h"
#include "show/curves.h"
#include "show/show_options.h"
#include "text/tokenizer.h"

/* ---- tool.c ---- */

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
    int tokens, positions, objective, compare; /* positions: for gpt_position */
    GptConfig model;                           /* without the vocabulary */
    TrainPlan plan;                            /* without the mask */
    int steps, evaluate, keep, vocabulary, sample, seeds;
    double dropout, temperature;
    bool resume;
} Choices;

/* Joins the processes that mpirun has started, if any, and reads the command line. */
Choices choices_parse(int argc, char **argv);

/* ---- story.c ---- */

/* A text as ids, the last id being [MASK] when it is wanted. The first int(0.9 n) characters train; a word that the cut
 * goes through trains, and BPE merges are learnt from these characters only. Fails with EXIT_DATA when one of the parts
 * is no longer than a window. */
typedef struct {
    const char *name;     /* of the file; borrowed */
    Bytes bytes;          /* owned */
    size_t split;         /* bytes that train */
    Tokenizer *tokenizer; /* owned */
    Ids train, held;      /* owned */
} Story;
Story story_read(const Choices *ask);
void story_free(Story *story);

/* ---- baselines.c ---- */

/* Mean nats per token of `held`, from counts in `train` alone: no knowledge, single tokens, pairs, triples. */
typedef struct {
    double uniform, unigram, bigram, trigram;
} Baselines;
Baselines baselines_of(Ids train, Ids held, int vocab);

/* ---- run.c ---- */

/* What a run leaves for the pictures. */
enum { MOST_MAPS = 4, MAP_TOKENS = 24 };
typedef struct {
    float *step, *train, *held; /* [count] rows of loss.tsv; owned */
    int count;
    Mat maps[MOST_MAPS]; /* one head at some steps, on the first tokens that were held back; owned */
    int map_steps[MOST_MAPS], map_count;
    char *gaps[MOST_MAPS]; /* objective masked: a text with the gaps as they were guessed at some steps; owned */
    int gaps_steps[MOST_MAPS], gaps_count;
} History;

typedef struct {
    const Choices *ask;
    Story story;
    NamedMask mask;
    Workers *workers;
    Gpt gpt;         /* not for --compare */
    Trainer trainer; /* not for --compare */
    History history;
} Training;

/* Fills *run: the text, the mask, the untrained model and its trainer, which points into *run. You close it. */
void training_open(Training *run, const Choices *ask);
void training_close(Training *run);

/* --time and --compare; false when neither was asked for: then it is the lesson's turn. */
bool answered(Training *run);

/* The long run: begin finds the folder and, for --resume, the checkpoint in it; go trains from there to ask->steps, and
 * writes loss.tsv and checkpoints. From begin to the end of go a signal ends nothing before all is saved: go then
 * returns 130 or 143, else EXIT_OK. */
void training_begin(Training *run);
int training_go(Training *run);

/* --compare: trains each variant from the same seeds, prints a table and draws one picture. */
void compare_variants(const Training *run);

/* ---- told.c ---- */

/* logits (n, V) of what comes after each of ids [n]: the GPT as on paper. */
void gpt_told(Paper logits, const Gpt *gpt, const int *ids, Mask mask);

/* A small GPT of the run's kind, and what its training takes. All that it learns lies in one row of numbers. */
enum { TOLD_STEPS = 3 };
typedef struct {
    TrainPlan plan;
    Ids text; /* borrowed */
    Rng rng;
    Gpt gpt;
    Mat numbers;        /* (1, N) a view: the gpt's, which are p rounded to floats */
    Paper p, g, m, v;   /* (1, N): parameters, gradient, its running mean, that of its square */
    int *ids, *targets; /* [batch * length] */
    Paper losses;       /* (1, TOLD_STEPS) */
} Told;
Told told_new(const Training *run); /* untrained, always the same for the same seed; you free it */
void told_free(Told *told);

/* told->g = the gradient of scale * the sum of all losses of the batch, by common/: stage 14 told it part by part. */
void slopes(Told *told, double scale);

/* ---- answer.c and draw.c ---- */

void tell_model(const Training *run, const Baselines *baselines); /* what is going to be trained, on what */
void tell_sample(const Training *run);
/* Objective masked, else nothing: some tokens of a text are hidden. keep_gaps keeps what the model now guesses, for
 * tell_gaps, which prints what was kept and the five likeliest at the end. */
void keep_gaps(Training *run);
void tell_gaps(const Training *run);
void draw_training(const Training *run, const Baselines *baselines); /* loss.png and maps.png */

void draw_comparison(const Choices *ask, const Curve *curves, int count); /* compare.png */
#endif
