/* tool - stage 17 as a tool: what the command line asked for, the sentence that was read, and the answers and pictures.
 * The lecture itself is main.c; these files only choose, print and draw what common/ computed. */
#ifndef STAGE_17_TOOL_H
#define STAGE_17_TOOL_H
#include "attention/mask_options.h"
#include "base/options.h"
#include "model/bert.h"
#include "text/wordpiece.h"

/* What an option with a choice of words chose. */
enum { VIEW_HEAT, VIEW_LINES, VIEW_FLOW, VIEW_NEURON };
enum { SEGMENTS_ALL, SEGMENTS_AA, SEGMENTS_BB, SEGMENTS_AB, SEGMENTS_BA }; /* whose rows, whose columns */
enum { SCOPE_HEAD, SCOPE_MODEL };

typedef struct {
    Common common;
    MaskOptions mask;
    const char *model, *pair, *layers, *heads, *token, *format;
    const char *export, *tsv, *meaning; /* file, file, word; NULL when not asked for */
    bool values, no_special, renormalise, terminal, ids, anatomy, mlm, allow_nonfinite, truncate;
    int segments, mask_scope, view, scale; /* scale: as in show/scale.h */
    double threshold;
    char *command; /* the command line, for captions: owned */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);
extern const char VIEWS[]; /* the words of --view: "heat|lines|..." */

extern const char *const DEFAULT_TEXT, *const MEANING_TEXT; /* when no TEXT is given; the second with --meaning */

/* A sentence (or a pair) and what the model made of it. */
typedef struct {
    const Choices *ask;
    Workers *workers;
    WordPiece tokenizer;
    Bert bert;
    Bytes first, second; /* the texts */
    Encoding encoding;
    const char **labels; /* [n] the tokens, borrowed from the vocabulary */
    NamedMask mask;
    bool mask_in_model; /* --mask-scope model */
    int token;          /* that --token names, -1 without one; set by choices_check */
    Trace trace;
} Sentence;

/* Reads the model and the text; nothing is computed yet. Too long a text fails, or is cut with --truncate. */
Sentence sentence_open(const Choices *ask);
/* The same for a text of our own, sharing the model of `owner` (for comparing two sentences). */
Sentence sentence_beside(const Sentence *owner, const char *text);
void sentence_run(Sentence *s); /* the forward pass, and the check that its maps are maps */
void sentence_close(Sentence *s);
void sentence_close_beside(Sentence *s);

/* Fails when --layer, --head or --token name what the model or the text does not have, or, with `draws`, when no token
 * is left to show: all that the command line can have wrong, found before the first answer is given. */
void choices_check(Sentence *s, bool draws);

/* The weights (n, n) of one head as they are shown: under the mask, whatever its scope. `room` is reused from call to
 * call and freed by shown_free. */
typedef struct {
    Mat maps;  /* (heads * n, n) of one layer when the mask's scope is "head" */
    int layer; /* of those maps, -1 at first */
} Shown;
Shown shown_new(void);
Mat shown_map(Shown *shown, const Sentence *s, int layer, int head);
void shown_free(Shown *shown);

/* ---- answers.c: text on stdout, or files ---- */
int print_ids(const Choices *ask); /* the tokenizer alone, without weights: main returns this */
/* A name that may hold anything, as a terminal can show it: `most` characters, filled up with spaces to `columns`. */
void print_label(const char *label, int most, int columns);
void print_card(const Sentence *s);
void print_tokens(const Sentence *s);
void print_links(const Sentence *s); /* the strongest looks from word to word, past their neighbours */
void print_mlm(const Sentence *s);
void time_forward(Sentence *s);
void write_export(const Sentence *s, const char *path);
void write_tsv(const Sentence *s, const char *path);

/* ---- find.c ---- */
/* The token that --`option` WORD|INDEX means; fails when there is none. */
int find_token(const Sentence *s, const char *option, const char *word);

/* ---- draw.c, token.c, anatomy.c, meaning.c: pictures, or the same in the terminal ---- */
void draw_maps(const Sentence *s);   /* --view heat and lines and flow: grid, large heads */
void draw_token(const Sentence *s);  /* --token */
void draw_neuron(const Sentence *s); /* --view neuron */
void draw_anatomy(const Sentence *s);
void draw_meaning(const Sentence *s);
#endif
