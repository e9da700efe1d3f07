/* words - from clean letters to ids: split on white space and punctuation, and cut each word into pieces. The plain
 * way, one letter at a time, for any text of any language. */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H
#include "text/added_tokens.h"
#include "text/bert_normalizer.h"
#include "text/encoding.h"
#include "text/vocab.h"
#include <stdbool.h>

struct AsciiTables;

/* What a BERT's files say of its tokenizer (text/wordpiece reads them). */
typedef struct {
    Vocab vocab; /* every token, by id */
    int pieces;  /* ids below this come from the model's vocabulary; the others were added: no word's piece */
    int next;    /* the id that a new token gets: how many different tokens that vocabulary has (fewer than pieces when
                  * its ids have holes), or more, when an added one has that id or a higher one */
    BertRules rules;
    char *prefix;                 /* "##": starts a piece that continues a word; owned */
    size_t prefix_size;           /* its bytes */
    int longest_word;             /* in characters; a longer word becomes [UNK]; 100 */
    int unk, cls, sep, mask, pad; /* ids; mask and pad are -1 when the vocabulary has none */
    AddedTokens raw;              /* cut from the text as it stands: [MASK] */
    AddedTokens normalized;       /* cut from the cleaned text: words that people added. Most models have none */
    char *source;                 /* which file said all this, for messages; owned */
    struct AsciiTables *ascii;    /* of the fast path; NULL runs everything through the plain one, same result; owned */
} WordPiece;

/* Clean text: byte i of it comes from the bytes first[i]..end[i]-1 of the raw text. */
typedef struct {
    char *bytes;
    int *first, *end;
    size_t size, room;
} PlacedText;

typedef struct {
    const WordPiece *tokenizer;
    Encoding *out;
    int type; /* of the ids: 0 or 1 */
    Normalizer normalizer;
    PlacedText word;    /* the word being read, behind prefix_size bytes that cutting needs */
    int characters;     /* of the word; past longest_word they are neither counted nor stored */
    Letter whole;       /* where all of the word is, for [UNK] */
    PlacedText clean;   /* the clean text, kept only where tokens are cut from it (WordPiece.normalized) */
    size_t first_wrong; /* offset of the first byte that is not UTF-8, or SIZE_MAX */
} Words;

/* Ids go to *out, which must outlive *words. *words must not move in memory. */
void words_begin(Words *words, const WordPiece *tokenizer, Encoding *out, int type);
void words_free(Words *words);

/* Appends the ids of text[from..to), which is a stretch of its own: no word and no accent reaches across its ends. */
void words_text(Words *words, const char *text, size_t from, size_t to);

/* Appends the ids of one clean word: `size` ASCII bytes that come from the raw bytes at `first`, one from one. */
void words_ascii_word(Words *words, const char *clean, size_t size, size_t first);
#endif
