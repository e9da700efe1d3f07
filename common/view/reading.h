/* reading - a text (or a pair of texts), and what a model made of it: all that a picture or a table needs to know.
 * Pictures only read a Reading, so each of them works for every model that fills a Trace. First used in stage 10. */
#ifndef VIEW_READING_H
#define VIEW_READING_H
#include "attention/mask_options.h"
#include "base/files.h"
#include "base/workers.h"
#include "model/model.h"
#include "text/tokenizer.h"

/* Who reads: a model, its tokenizer, and the threads that run it. Several readings may share one reader. Or a file of
 * maps that a model left elsewhere: then folder is its path, model and tokenizer are NULL, and its reading is there at
 * once; whoever needs more than it has asks reading_needs first. */
typedef struct {
    const char *folder; /* as the user named it; borrowed */
    Model *model;
    Tokenizer *tokenizer;
    Workers *workers;
} Reader;

/* Opens a model's folder. Fails as model_open and tokenizer_open do. Warns when the tokenizer has more tokens than the
 * model's table has rows, and notes when it has fewer. You free it. */
Reader reader_open(const char *folder, int threads, bool allow_nonfinite);
Reader reader_of_file(const char *path, int threads); /* opened by reading_open */
void reader_free(Reader *reader);

char *reader_name(const Reader *reader); /* the last part of its folder, for people. You free it */

/* What an id of the model's table is called: "?" where that has places for more tokens than the vocabulary names. You
 * free it. */
char *reader_label(const Reader *reader, int id);

/* Where a mask holds: finished heads are re-weighed, or every layer of the model runs under it. */
typedef enum { SCOPE_HEAD, SCOPE_MODEL } MaskScope;

/* What is asked of a reading. */
typedef struct {
    const MaskOptions *mask; /* NULL: none; borrowed */
    bool mask_in_model;      /* its scope */
    bool truncate;           /* cut a text that is longer than the model can read, instead of failing */
    bool quiet;              /* and say nothing of it: who reads many texts says it once */
    const char *advice;      /* what to try when it is too long; NULL: "pass --truncate" */
} ReadingPlan;

typedef struct {
    const Reader *reader;
    Bytes first, second; /* the texts; owned; second.data is NULL when there is one text */
    Encoding encoding;
    bool is_pair;            /* two segments */
    bool has_ids, has_types; /* are ids the vocabulary's, types the model's? Without, equal tokens have equal ids */
    const char **labels;     /* [n] what each token is called; owned, as its texts are */
    char **spelled;          /* [n] of a file: the tokens as it spells them; else NULL; owned */
    TokenRole *roles;        /* [n] word, piece or special; owned */
    NamedMask mask; /* what hides cells: the mask that was asked for (and causal, for a model that is), or else the
                            model's own */
    NamedMask own;  /* of a file: the mask that its maps were made under */
    bool is_asked;  /* was one asked for? */
    bool is_masked; /* and does it forbid anything? */
    bool mask_in_model;
    int layers, heads; /* known before the pass */
    Trace trace;       /* empty until reading_run; of a file: maps, q, k, v and hidden states, where it has them */
} Reading;

/* What a file of maps may not have. */
typedef enum { NEEDS_MODEL = 1, NEEDS_QUERIES = 2, NEEDS_VALUES = 4 } Needs;

/* Fails with EXIT_DATA and one line when the reading has not all of `needs`, which `who` ("--view neuron") works with.
 * A model's reading has them all. */
void reading_needs(const Reading *reading, unsigned needs, const char *who);

/* Cuts the texts, which it takes over, into tokens, and settles the mask; nothing is computed yet. EXIT_DATA when the
 * text has no token, or more than the model takes. second.data is NULL for one text. A file is read instead, by
 * reading_read, and there must be no text. You free it. */
Reading reading_open(const Reader *reader, Bytes first, Bytes second, ReadingPlan plan);
void reading_free(Reading *reading);
Bytes reading_text(const char *text); /* a copy, to be taken over; of NULL the text that there is not */

/* The same of tokens that are there already, which it takes over too; the texts are what they came from, and may be
 * empty. Its reader has a model. Each id is one of the tokenizer's. */
Reading reading_of_tokens(const Reader *reader, Bytes first, Bytes second, Encoding encoding, ReadingPlan plan);

/* The mask that options ask for on a text of n tokens: never the future of a causal model. You free it. */
NamedMask mask_on_model(const Model *model, const MaskOptions *asked, int n);

/* One pass over it, and the check that its maps are maps (trace_check); nothing for a file. reading_pass is the pass
 * alone, to be timed. */
void reading_run(Reading *reading);
void reading_pass(Reading *reading);
Mask reading_pass_mask(const Reading *reading);   /* that every layer of it runs under */
const char *reading_scope(const Reading *reading); /* where its mask holds, in words */

/* moved (2, n): how far attention, then the feed-forward block, moved each token in that layer. */
void layer_moves(const Trace *trace, int layer, Mat moved);

/* ---- the maps as they are shown: under the mask, whatever its scope ---- */

/* Room that is reused from call to call. Free it with shown_free. */
typedef struct {
    Mat maps;  /* (heads * n, n) of one layer, when the mask's scope is "head" */
    int layer; /* of those maps, -1 at first */
} Shown;
Shown shown_new(void);
Mat shown_map(Shown *shown, const Reading *reading, int layer, int head); /* (n, n), valid until the next call */
Mat shown_layer(Shown *shown, const Reading *reading, int layer); /* (heads * n, n): all of them, likewise */
void shown_free(Shown *shown);

/* ---- tokens by name ---- */

/* The token that --`option` WORD|INDEX means: a token of that name (upper or lower case), else the number, else where
 * the word begins that the tokenizer cut. With a note when there was a choice; EXIT_USAGE when there is none. */
int reading_find(const Reading *reading, const char *option, const char *word);

bool reading_is_special(const Reading *reading, int token); /* [CLS], [SEP] and <|endoftext|>, but not [MASK] */

/* ---- of a file; called by reading_open ---- */

/* Fills a zeroed Reading, whose reader is a file, with all that the file has: tokens, ids, maps, q, k, v, its own mask
 * (reading_file.c). Every number is a stranger's: EXIT_DATA with one line for what makes no sense. */
void reading_read(Reading *reading);

/* Does it hold together (reading_file_check.c)? Fails with EXIT_DATA when a weight is below 0, or above it where the
 * file's mask forbids; warns, once each, when rows do not sum to 1 within `exact`, and when q and k give other weights,
 * which are then left aside. Without a mask (known: false) one whose tokens never look ahead counts as causal, with a
 * note. */
void reading_file_check(Reading *reading, bool known, double exact);
#endif
