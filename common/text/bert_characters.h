/* bert_characters - what the fast Hugging Face tokenizer (tokenizers 0.23) takes each character for.
 *
 * Categories and decompositions come from utf8proc (Unicode 15.0). That tokenizer mixes three ages of Unicode: its
 * categories are of 8.0, its normalisation of 9.0, its lower case of 17.0, and it has one misprint. Ids must be the
 * same, so the differences are in three tables of bert_characters.c. Compared with it over all of U+0000 to U+10FFFF
 * (test_bert_characters). */
#ifndef TEXT_BERT_CHARACTERS_H
#define TEXT_BERT_CHARACTERS_H
#include <stdbool.h>
#include <stdint.h>

/* Dropped by clean_text: U+0000, U+FFFD, and categories Cc, Cf and Co, but not tab, newline and carriage return.
 * Characters that Unicode has not assigned yet (Cn) stay: a new emoji ends as [UNK], it does not vanish. */
bool bert_is_control(int32_t character);

bool bert_is_space(int32_t character); /* the property White_Space */

/* The ideographs that become words of their own. Kana and Hangul do not. U+2B820 to U+2B91F are ideographs of
 * extension E too, but the fast tokenizer has 2B920 where 2B820 was meant, and models were trained with that. */
bool bert_is_cjk(int32_t character);

/* Words of one character: categories P*, and ASCII signs such as $ + < = > ^ ` | ~ whatever their category. */
bool bert_is_punctuation(int32_t character);

bool bert_is_mark(int32_t character); /* category Mn: what strip_accents takes away */

/* Categories Mn, Mc and Me: what the step StripAccents takes away, which is another table of that tokenizer. */
bool bert_is_any_mark(int32_t character);

/* What one character becomes in canonical decomposition (NFD), 1 to 4 characters in parts; returns how many. */
int bert_decompose(int32_t character, int32_t parts[4]);

/* The canonical combining class: 0 for a character that stands on its own, else the order among marks. */
int bert_combining_class(int32_t character);

/* Lower case, one character at a time, so that a final sigma is no special case; 1 or 2 characters in parts (U+0130,
 * the Turkish capital I with a dot, gives two); returns how many. */
int bert_lower(int32_t character, int32_t parts[2]);

/* What a regular expression's \w takes: letters, marks, decimal digits, letter numbers, connecting punctuation and
 * joiners. Only added tokens with single_word ask. Characters that came after Unicode 15.0 count as no letters here. */
bool bert_is_word_character(int32_t character);
#endif
