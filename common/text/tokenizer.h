/* tokenizer - one face for all that turns a text into ids: BERT's WordPiece, GPT-2's byte-pair encoding, and the words
 * or characters of a model that stage 15 has trained. Told in stages 01, 02, 04 and 17; from here on a program does not
 * ask which of them it has. */
#ifndef TEXT_TOKENIZER_H
#define TEXT_TOKENIZER_H
#include "base/memory.h"
#include "text/bpe.h"
#include "text/encoding.h"
#include "text/tokenizer_folder.h"
#include "text/wordpiece.h"

typedef struct Tokenizer Tokenizer;

/* The tokenizer of a model's folder. Its config.json may say which kind ("headlight": {"tokens": "char"}, or "word", or
 * "bpe"); otherwise the files do: vocab.txt is WordPiece, vocab.bpe or merges.txt BPE, tokenizer.json what its model
 * is, and vocab.json alone characters, when every token is one ([MASK] aside), else words, but of a BERT nothing.
 * EXIT_DATA or EXIT_ENVIRONMENT, naming the file, as wordpiece_load and bpe_load. You free it. */
Tokenizer *tokenizer_open(const char *folder);

/* The same from a vocabulary in memory, which it takes over; kind is words or characters. */
Tokenizer *tokenizer_new(TokenizerKind kind, Vocab vocab);
Tokenizer *tokenizer_new_bpe(Bpe bpe);

void tokenizer_free(Tokenizer *tokenizer); /* NULL is fine */

/* Writes what tokenizer_open reads: vocab.json, and for BPE vocab.bpe and encoder.json, which an earlier run of another
 * kind has left and which go away otherwise. WordPiece has no writer (asserted). Fails with EXIT_DATA when two tokens
 * are the same bytes, one holds a 0 byte, or the file would be larger than its reader takes. */
void tokenizer_save(const Tokenizer *tokenizer, const char *folder);

TokenizerKind tokenizer_kind(const Tokenizer *tokenizer);
const char *
tokenizer_name(const Tokenizer *tokenizer); /* as config.json calls it: "wordpiece", "bpe", "word", "char" */
const char *tokenizer_units(const Tokenizer *tokenizer); /* "WordPiece tokens", "BPE tokens", "words", "characters" */
int tokenizer_count(const Tokenizer *tokenizer);         /* V: ids are 0 to V - 1 */

/* The ids of a text, with the bytes [first, end) of it that each of them stands for. WordPiece puts [CLS] and [SEP]
 * around, and takes a second text (NULL: none) with type 1, which is EXIT_DATA for the others. BPE puts around what the
 * folder says (add_bos_token, post_processor), usually nothing; an empty text has no other id. Special tokens that
 * stand in the text are themselves: [MASK], <|endoftext|>. For words and characters EXIT_DATA, with its place, is what
 * the vocabulary does not have or is no UTF-8; BPE takes any bytes. At most 1 GB (WordPiece: 2). You free it. */
Encoding tokenizer_encode(const Tokenizer *tokenizer, const char *first, size_t first_size, const char *second,
                          size_t second_size);

/* Appends the text of ids: for BPE and characters the very bytes; words with a space between where one belongs
 * (regex_decode), WordPiece's between all words. EXIT_DATA, naming the id and its place, for one that is not there. */
void tokenizer_decode(const Tokenizer *tokenizer, const int *ids, size_t n, String *out);
char *tokenizer_text(const Tokenizer *tokenizer, const int *ids, size_t n); /* the same alone; you free it */

/* The id of the token that is these bytes, or -1. "[MASK]", "\n". */
int tokenizer_find(const Tokenizer *tokenizer, const char *token, size_t size);

/* Appends a token as the vocabulary's file spells it: "##ing", "\u0120the" (a space of GPT-2's), "the", "\n". */
void tokenizer_token(const Tokenizer *tokenizer, int id, String *out);

/* A token as people are shown it: its own bytes with control characters visible, at most `most` characters
 * (utf8_label), a lone space as U+2423, because a name that cannot be seen is none. You free it. */
char *tokenizer_label(const Tokenizer *tokenizer, int id, int most);

/* What a token is in its text: a word or the first piece of one, a piece that goes on with it, or special: what stands
 * for no text ([CLS], [SEP], [MASK], <|endoftext|>). [UNK] is a word that nobody knows. A word is what the splitter
 * cuts before it looks into a vocabulary, punctuation too; of characters, each is one. */
typedef enum { ROLE_WORD, ROLE_PIECE, ROLE_SPECIAL } TokenRole;

/* The roles of a whole text's ids, [n]: whether "the" begins a word, BPE knows only from what stands before it. You
 * free it with memory_free. */
TokenRole *tokenizer_roles(const Tokenizer *tokenizer, const int *ids, size_t n);

/* The id of [MASK]; -1 where the vocabulary has none. */
int tokenizer_mask_id(const Tokenizer *tokenizer);

/* Does it stand before the text, or behind each: [CLS], [SEP]? */
bool tokenizer_frames(const Tokenizer *tokenizer, int id);

/* What is behind the face, borrowed; NULL for another kind. */
const WordPiece *tokenizer_wordpiece(const Tokenizer *tokenizer);
const Bpe *tokenizer_bpe(const Tokenizer *tokenizer);
#endif
