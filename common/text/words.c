#include "text/words.h"
#include "base/memory.h"
#include "text/bert_characters.h"
#include "text/utf8.h"

#include <string.h>

static void placed_reserve(PlacedText *text, size_t more) {
    if (text->size + more <= text->room) return;
    text->room = 2 * (text->size + more) + 64;
    text->bytes = memory_grow(text->bytes, text->room, 1, "clean text");
    text->first = memory_grow(text->first, text->room, sizeof *text->first, "clean text");
    text->end = memory_grow(text->end, text->room, sizeof *text->end, "clean text");
}

static void placed_add(PlacedText *text, Letter letter) {
    placed_reserve(text, 4);
    int length = utf8_encode(letter.character, text->bytes + text->size);
    for (int i = 0; i < length; i++) {
        text->first[text->size] = letter.first;
        text->end[text->size++] = letter.end;
    }
}

static void placed_free(PlacedText *text) {
    memory_free(text->bytes);
    memory_free(text->first);
    memory_free(text->end);
}

/* Cuts the word from the left, each time the longest piece that fits. "playing" gives play and ##ing: the second piece
 * is looked up with its prefix, which is written over the two letters before it, because those are done with. False,
 * and nothing appended, when at some place no piece fits. */
static bool cut_word(Words *words) {
    const WordPiece *tokenizer = words->tokenizer;
    PlacedText word = words->word;
    int n = words->out->n;
    for (size_t from = tokenizer->prefix_size; from < word.size;) {
        size_t start = from, least = 1, length;
        if (from > tokenizer->prefix_size) {
            start = from - tokenizer->prefix_size;
            least = tokenizer->prefix_size + 1;
            memcpy(word.bytes + start, tokenizer->prefix, tokenizer->prefix_size);
        }
        int id =
            vocab_longest(&tokenizer->vocab, word.bytes + start, least, word.size - start, tokenizer->pieces, &length);
        if (id < 0) {
            words->out->n = n;
            return false;
        }
        encoding_push(words->out, id, words->type, word.first[from], word.end[start + length - 1]);
        from = start + length;
    }
    return true;
}

static void end_word(Words *words) {
    if (words->characters == 0) return;
    if (words->characters > words->tokenizer->longest_word || !cut_word(words))
        encoding_push(words->out, words->tokenizer->unk, words->type, words->whole.first, words->whole.end);
    words->characters = 0;
    words->word.size = words->tokenizer->prefix_size;
}

static void add_to_word(Words *words, Letter letter) {
    if (words->characters == 0) words->whole = letter;
    words->whole.end = letter.end;
    if (words->characters > words->tokenizer->longest_word) return;
    words->characters++;
    placed_add(&words->word, letter);
}

static void split(void *context, Letter letter) {
    Words *words = context;
    if (bert_is_space(letter.character)) {
        end_word(words);
    } else if (bert_is_punctuation(letter.character)) {
        end_word(words);
        add_to_word(words, letter);
        end_word(words);
    } else {
        add_to_word(words, letter);
    }
}

/* ---- tokens that are cut from clean text: the letters are collected first ---- */

static void collect(void *context, Letter letter) {
    placed_add(&((Words *)context)->clean, letter);
}

static void split_clean(void *context, size_t from, size_t to) {
    Words *words = context;
    PlacedText clean = words->clean;
    while (from < to) {
        Letter letter = {0, clean.first[from], clean.end[from]};
        letter.character = utf8_next(clean.bytes, to, &from);
        split(words, letter);
    }
    end_word(words);
}

static void add_clean_token(void *context, AddedMatch match) {
    const Words *words = context;
    encoding_push(words->out, match.id, words->type, words->clean.first[match.first], words->clean.end[match.end - 1]);
}

static void cut_clean(Words *words) {
    added_tokens_cut(&words->tokenizer->normalized, words->clean.bytes, words->clean.size,
                     (AddedCut){add_clean_token, split_clean, words});
    words->clean.size = 0;
}

/* ---- the public face ---- */

void words_begin(Words *words, const WordPiece *tokenizer, Encoding *out, int type) {
    *words = (Words){.tokenizer = tokenizer, .out = out, .type = type, .first_wrong = SIZE_MAX};
    words->word.size = tokenizer->prefix_size;
    words->normalizer.rules = tokenizer->rules;
    words->normalizer.emit = tokenizer->normalized.texts.count ? collect : split;
    words->normalizer.context = words;
}

void words_free(Words *words) {
    normalizer_free(&words->normalizer);
    placed_free(&words->word);
    placed_free(&words->clean);
    *words = (Words){0};
}

void words_text(Words *words, const char *text, size_t from, size_t to) {
    while (from < to) {
        size_t first = from;
        int32_t character = utf8_next(text, to, &from);
        if (character < 0) {
            if (first < words->first_wrong) words->first_wrong = first;
            character = UTF8_REPLACEMENT; /* which clean_text drops */
        }
        normalizer_feed(&words->normalizer, (Letter){character, (int)first, (int)from});
    }
    normalizer_end(&words->normalizer);
    if (words->tokenizer->normalized.texts.count) cut_clean(words);
    end_word(words);
}

void words_ascii_word(Words *words, const char *clean, size_t size, size_t first) {
    if (size > (size_t)words->tokenizer->longest_word) {
        encoding_push(words->out, words->tokenizer->unk, words->type, (int)first, (int)(first + size));
        return;
    }
    PlacedText *word = &words->word;
    placed_reserve(word, size);
    memcpy(word->bytes + word->size, clean, size);
    for (size_t i = 0; i < size; i++) {
        word->first[word->size + i] = (int)(first + i);
        word->end[word->size + i] = (int)(first + i + 1);
    }
    word->size += size;
    words->characters = (int)size;
    words->whole = (Letter){0, (int)first, (int)(first + size)};
    end_word(words);
}
