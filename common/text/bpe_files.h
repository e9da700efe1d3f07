/* bpe_files - byte-level BPE vocabularies in the three forms people have them in. Reading checks everything once, so
 * that encoding never has to: EXIT_DATA and FILE:line for a merge of unknown tokens, a pair twice, an id twice or out
 * of range, a missing byte, and a token that no merge makes (a file cut short). "\r\n" and a byte-order mark are
 * taken; the latter with a note. What these functions return you free with bpe_free. (tokenizer_save writes them.) */
#ifndef TEXT_BPE_FILES_H
#define TEXT_BPE_FILES_H
#include "text/bpe.h"
#include "text/tokenizer_beside.h"

/* A folder with vocab.bpe (and encoder.json, which may be missing: ids follow from the order of the merges), as OpenAI
 * and stage 15 write them; or tokenizer.json; or merges.txt and vocab.json, which do not count beside a tokenizer.json,
 * as for AutoTokenizer. And what the files beside it add (bpe_add_beside). */
Bpe bpe_load(const char *folder);

typedef enum { FORM_OPENAI, FORM_MERGES, FORM_JSON } BpeForm; /* vocab.bpe, merges.txt, tokenizer.json */

/* Special tokens that tokenizer_config.json, special_tokens_map.json and added_tokens.json name, and GPT-2's own one:
 * those that are in no vocabulary get the next ids. In a merges.txt's vocabulary no other is special, whatever it looks
 * like. Follows add_prefix_space, add_bos_token and add_eos_token where AutoTokenizer does: not, as a rule, beside a
 * tokenizer.json. */
void bpe_add_beside(Bpe *bpe, const Beside *beside, BpeForm form);

/* vocab.bpe (or merges.txt): a line `#version`, then one merge a line, two tokens with a space between; rank is order.
 * encoder.json (or vocab.json): {"token": id}. vocab_path may be NULL: then ids are GPT-2's, the bytes in its order, a
 * new id for each merge, "<|endoftext|>" last. In encoder.json a token that no merge makes is special when it looks
 * like one: <...> or [...]. */
Bpe bpe_read_gpt2(const char *merges_path, const char *vocab_path);

/* tokenizer.json of Hugging Face's tokenizers: model BPE, pre-tokenizer ByteLevel without a prefix space, no
 * normalizer. Whatever else it asks for is refused by name; where the class is GPT-2's own, which does not look at it,
 * a warning says so. `beside` has the files beside it (NULL: none); see beside_leave_out. */
Bpe bpe_read_json(const char *path, const Beside *beside);

/* `LEFT RIGHT COUNT` a line, in ids: bytes are 0-255, line k (from 0) makes 256 + k. Written by 03_bpe_training. */
Bpe bpe_read_merges(const char *path);

/* The same from bytes in memory, for tests; the path is for messages. */
Bpe bpe_parse_gpt2(const char *merges_path, const char *merges, size_t merges_size, const char *vocab_path,
                   const char *vocab, size_t vocab_size);
Bpe bpe_parse_json(const char *path, const char *bytes, size_t size, const Beside *beside);
Bpe bpe_parse_merges(const char *path, const char *bytes, size_t size);
#endif
