/* wordpiece - BERT's tokenizer, exactly as the fast Hugging Face one: special tokens are cut out of the raw text, the
 * rest is cleaned, CJK characters are spaced, accents stripped, lower-cased, split on spaces and punctuation, and each
 * word is cut greedily from the left into the longest pieces that the vocabulary has. Source: Devlin et al. 2018.
 *
 * The parts: added_tokens cuts raw text, bert_characters and bert_normalizer clean it, words splits it and cuts the
 * words, fast/wordpiece_ascii does the same faster for plain English, tokenizer_files reads a model folder. */
#ifndef TEXT_WORDPIECE_H
#define TEXT_WORDPIECE_H
#include "text/words.h"

/* Reads a model folder's tokenizer: tokenizer.json if it is there (normalizer, vocab, added tokens), else
 * tokenizer_config.json + vocab.txt, else vocab.txt alone (lower-case). What tokenizer.json says of truncation and
 * padding is ignored, and `source` says so. Every id is range-checked once, here. Fails with EXIT_DATA (FILE:line or
 * the key) or EXIT_ENVIRONMENT. Costs 3 ms for data/minilm. You free it. */
WordPiece wordpiece_load(const char *folder);

/* A tokenizer from a vocabulary of your own with BERT's usual rules, [UNK] [CLS] [SEP] [MASK] [PAD] being special;
 * takes the vocabulary over. Fails with EXIT_DATA when it has no [UNK], [CLS] or [SEP]. You free it. */
WordPiece wordpiece_new(Vocab vocab, bool lower_case);

void wordpiece_free(WordPiece *tokenizer);

/* [CLS] first [SEP], and second [SEP] when second is not NULL. Bytes that are not UTF-8 are dropped as BERT does, with
 * one warning that gives the first offset. No length limit below 2 GB (EXIT_DATA); linear time. You free it. */
Encoding wordpiece_encode(const WordPiece *tokenizer, const char *first, size_t first_size, const char *second,
                          size_t second_size);
#endif
