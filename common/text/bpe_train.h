/* bpe_train - byte-pair encoding is learnt: which two neighbours become one token, again and again. Told in
 * stages/03_bpe_training. Source: Sennrich et al. 2016 (arXiv 1508.07909), on bytes as in GPT-2 (Radford et al. 2019).
 *
 * The rule, exactly: tokens 0..255 are the bytes; merge k makes token 256 + k. Each step takes the pair of neighbours
 * with the highest count, among equals the smallest (left id, right id); `aaa` holds (a, a) twice, and yet merging
 * from the left makes one pair of it. Neighbours are counted inside the pieces of GPT-2's pre-split (text/gpt2_split).
 *
 * The stage counts everything again for each merge. Here each different piece is kept once, with its number, and each
 * pair knows the places where it stood. Counts of a pair only fall once it exists, since new neighbours always include
 * the new token: so a pair at the top of the queue is counted again there and then, and nothing is updated elsewhere.
 */
#ifndef TEXT_BPE_TRAIN_H
#define TEXT_BPE_TRAIN_H
#include "base/workers.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BPE_BYTES = 256 }; /* the tokens that are there before any merge */

typedef struct {
    int left, right;
    uint64_t count;  /* how often they stood side by side when they were chosen */
    uint64_t merged; /* how many tokens fewer the text has since: less than count where places overlap */
} TrainedMerge;

typedef struct {
    int vocab_size;         /* tokens wanted, the 256 bytes included; >= 256 */
    uint64_t min_frequency; /* a pair must occur as often as this; 0 and 1: every pair that occurs may merge */
    bool no_split;          /* the text as one piece: tokens may then hold several words */
} BpeTrainRules;

typedef struct {
    TrainedMerge *merges; /* [count] owned; in the order they were made */
    int count;            /* vocab_size - 256, or fewer when no pair is left */
    uint64_t pieces;      /* of the pre-split: 1 without it */
    size_t distinct;      /* different pieces */
    uint64_t tokens;      /* what the text has become: its bytes less all `merged` */
} BpeTraining;

/* Learns from the bytes of text, whatever they are. The result does not depend on how many workers there are (NULL:
 * none); they share the counting of pieces. Memory beside the text: 32 bytes for each different piece of each worker,
 * and 20 to 50 bytes for each byte of the different pieces (a 30th of the text for 100 MB of English; all of it for
 * no_split). More than 4 GB of different pieces are EXIT_DATA. Progress is shown. Free the result with
 * bpe_training_free. */
BpeTraining bpe_train(Workers *workers, const char *text, size_t size, BpeTrainRules rules);
void bpe_training_free(BpeTraining *training);

/* Writes the merges as `LEFT RIGHT COUNT`, one a line, to `path`; it is either complete or not there (base/files). */
void bpe_training_write(const BpeTraining *training, const char *path);
#endif
