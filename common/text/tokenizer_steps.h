/* tokenizer_steps - the parts of a tokenizer.json that are one step or a Sequence of steps: normalizer, pre_tokenizer,
 * post_processor. A Sequence of one is that one, a Sequence in a Sequence is one long row, an empty one is none. */
#ifndef TEXT_TOKENIZER_STEPS_H
#define TEXT_TOKENIZER_STEPS_H
#include "text/bert_normalizer.h"
#include <jansson.h>

enum { STEPS_MOST = 16 };

typedef struct {
    const json_t *step[STEPS_MOST]; /* objects; borrowed from the file's JSON */
    int n;
} Steps;

/* root[key], which is "normalizer", "pre_tokenizer" or "post_processor"; missing or null has no steps. Fails with
 * EXIT_DATA on what is no step, and on more than STEPS_MOST. `path` is for messages, as below. */
Steps steps_read(const char *path, const json_t *root, const char *key);

/* The type of a step: "BertNormalizer". EXIT_DATA when it has none. Borrowed. */
const char *step_type(const char *path, const char *key, const json_t *step);

/* The rules of the normalizer: BertNormalizer, or NFD, Lowercase and StripAccents in any order that does not strip
 * accents before it takes letters apart, or both, BertNormalizer first. No step: the text goes through as it is. What
 * has no such rule (NFKC, Replace) fails with EXIT_DATA and is named. */
BertRules steps_rules(const char *path, const json_t *root);

/* The first step of the normalizer that has no such rule, by its type; NULL: none. Borrowed, as below. */
const char *steps_other_normalizer(const char *path, const json_t *root);

/* NULL when words end at white space and at punctuation, as BertPreTokenizer does it, or WhitespaceSplit and
 * Punctuation together; else the type that does it otherwise, or "missing". */
const char *steps_other_splitter(const char *path, const json_t *root);
#endif
