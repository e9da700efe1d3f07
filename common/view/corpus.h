/* corpus - a head, or masks, on many sentences: what holds beyond the one sentence that was looked at. A file is cut
 * into sentences, which go through the model one after the other; nothing of them stays but sums and the few that are
 * shown, so the room does not grow with the file. First used in stages/19_heads. */
#ifndef VIEW_CORPUS_H
#define VIEW_CORPUS_H
#include "text/sentences.h"
#include "view/study.h"

typedef struct {
    const char *file, *compare, *layers, *rows; /* as the command line has them; borrowed */
    bool lines, no_twin;
    int examples; /* 0: not asked for */
} CorpusOptions;

/* Adds --corpus and what goes with it, a heading first. */
void corpus_options_add(Options *list, CorpusOptions *options);

/* Fails with EXIT_USAGE when a corpus is asked for beside a single text, or --compare beside a mask. */
void corpus_check(const CorpusOptions *options, const Study *study, const Common *common);

/* The answer: corpus_compare or corpus_examples. Fails with EXIT_DATA when the file has no sentence, or one that is
 * longer than the model reads (without --truncate). */
void corpus_answer(const CorpusOptions *options, const Study *study, const Common *common, const Reader *reader);

/* ---- for the two of them ---- */

typedef struct {
    const CorpusOptions *options;
    const Study *study;
    const Common *common;
    const Reader *reader; /* all four borrowed */
    const char *name;     /* of the text, for people; borrowed */
    Bytes text;           /* owned */
    int sentences;
    Sentence at; /* the sentence that was read last, and how many have been */
    int read;
    char *place; /* what errors call it; owned */
} Corpus;

/* The next sentence as a reading of its own, under study->mask, with nothing computed; a line break inside of it is a
 * space. False when there is no more. You free it. */
bool corpus_next(Corpus *corpus, Reading *reading);

/* --compare: each mask's effects (model/effects) against none, with intervals: a table, --tsv, --rows, a picture. */
void corpus_compare(Corpus *corpus);

/* --examples: the sentences in which a head's link is strongest, and quantiles of its strength. */
void corpus_examples(Corpus *corpus);
#endif
