/* vocab - the two-way table between tokens and ids: token -> id by hashing, id -> token by position.
 * Told in stages/01_characters and 02_regex_tokens. A token is any byte string; ids are 0, 1, 2, ...
 *
 * All tokens lie in one block, one after the other, so that 30,000 of them cost four allocations and not 30,000. */
#ifndef TEXT_VOCAB_H
#define TEXT_VOCAB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *bytes;       /* all tokens, one after the other, each followed by a 0 */
    size_t used, room; /* of bytes */
    uint32_t *start;   /* [count] where token i begins in bytes */
    uint32_t *length;  /* [count] */
    int count, slots;  /* slots: room in start and length */
    uint64_t *bucket;  /* [buckets] upper half: of the token's hash; lower half: id + 1, or 0. Linear probing */
    size_t buckets;    /* a power of two, at least twice count */
    int distinct;      /* how many different tokens: below count when some are there twice */
    size_t longest;    /* bytes of the longest token */
} Vocab;

/* Makes room for `tokens` more tokens of together `bytes` bytes. Not needed, but saves growing step by step. */
void vocab_reserve(Vocab *vocab, int tokens, size_t bytes);

/* Adds a token under the next id and returns that id. When it is there already, the NEW id answers for it from now on
 * (both readers of vocab.txt do that: the last duplicate wins), and the old id still names the same text.
 * More than 4 GB of tokens are EXIT_DATA. */
int vocab_add(Vocab *vocab, const char *token, size_t length);

/* The id, or -1 when the token is not there. */
int vocab_id(const Vocab *vocab, const char *token, size_t length);

/* The id of the longest token that text begins with, among those of `least`..`most` bytes with an id below `below`,
 * and in *length how long it is; -1 when there is none. least >= 1. Reads at most `longest` bytes of the text. */
int vocab_longest(const Vocab *vocab, const char *text, size_t least, size_t most, int below, size_t *length);

/* The token of an id in 0..count-1, 0-terminated (a token may hold a 0 byte itself: then use length). Borrowed. */
const char *vocab_token(const Vocab *vocab, int id);

/* Whether a token looks like a mark for something that is no text: <|endoftext|>, [MASK]. */
bool vocab_is_marker(const Vocab *vocab, int id);

/* Fails with EXIT_DATA, naming the first id that no token has, and its place. */
void vocab_check_ids(const Vocab *vocab, const int *ids, size_t n);

/* The tokens of another vocabulary, which it frees, in the order of their bytes: that of code points, and strcmp's. You
 * free it. */
Vocab vocab_sorted(Vocab *other);

void vocab_free(Vocab *vocab);

/* The ids of the `most` largest of count[0..tokens), the largest first, of equals the smaller id; *found is how many:
 * most, or all there are. You free them. */
int *vocab_most_frequent(const size_t *count, int tokens, int most, int *found);

/* vocab.txt: one token a line, the line number is the id; "\n" or "\r\n" is cut, blank lines count (a warning says
 * where the first is that a token follows), a byte-order mark is skipped with a note. Fails with EXIT_DATA and
 * FILE:line when the file is empty or a line is not UTF-8, and says so when the file is no vocabulary but a git-LFS
 * pointer or a web page. vocab_parse takes the file's bytes, and its name for messages. You free the result. */
Vocab vocab_read(const char *path);
Vocab vocab_parse(const char *path, const char *bytes, size_t size);

/* Fails with EXIT_DATA when these are the first bytes of what a download often leaves instead of the file. */
void vocab_refuse_strangers(const char *path, const char *bytes, size_t size);
#endif
