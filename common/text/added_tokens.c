#include "text/added_tokens.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/bert_characters.h"
#include "text/utf8.h"

#include <string.h>

static void add_length(AddedTokens *tokens, size_t length) {
    int at = 0;
    while (at < tokens->different && tokens->lengths[at] > length) at++;
    if (at < tokens->different && tokens->lengths[at] == length) return;
    tokens->lengths =
        memory_grow(tokens->lengths, (size_t)tokens->different + 1, sizeof *tokens->lengths, "added tokens");
    memmove(tokens->lengths + at + 1, tokens->lengths + at, (size_t)(tokens->different - at) * sizeof *tokens->lengths);
    tokens->lengths[at] = length;
    tokens->different++;
}

void added_tokens_add(AddedTokens *tokens, const char *text, size_t length, AddedToken token) {
    if (length == 0) return;
    unsigned char begin = (unsigned char)text[0];
    bool alone = tokens->texts.count == 0 || tokens->only == begin;
    tokens->only = alone ? begin : -1;
    tokens->begins[begin] = true;
    int at = vocab_id(&tokens->texts, text, length);
    if (at < 0) at = vocab_add(&tokens->texts, text, length);
    tokens->token = memory_for_more(tokens->token, (size_t)at, sizeof *tokens->token, "added tokens");
    tokens->token[at] = token;
    add_length(tokens, length);
}

/* Where the next text may begin, or size. */
static size_t next_begin(const AddedTokens *tokens, const char *text, size_t size, size_t at) {
    if (tokens->texts.count == 0) return size;
    if (tokens->only >= 0) {
        const char *found = memchr(text + at, tokens->only, size - at);
        return found ? (size_t)(found - text) : size;
    }
    while (at < size && !tokens->begins[(unsigned char)text[at]]) at++;
    return at;
}

/* The longest text at this very place, of those that are `normalized` or of the others: its number, or -1. */
static int text_here(const AddedTokens *tokens, bool normalized, const char *text, size_t size) {
    for (int i = 0; i < tokens->different; i++) {
        if (tokens->lengths[i] > size) continue;
        int number = vocab_id(&tokens->texts, text, tokens->lengths[i]);
        if (number >= 0 && tokens->token[number].normalized == normalized) return number;
    }
    return -1;
}

/* The character that ends at text[end], or -1; *first is where it begins. */
static int32_t character_before(const char *text, size_t end, size_t *first) {
    for (size_t back = 1; back <= 4 && back <= end; back++) {
        int length;
        int32_t character = utf8_decode(text + end - back, back, &length);
        if (character >= 0 && (size_t)length == back) {
            *first = end - back;
            return character;
        }
    }
    return -1;
}

static bool stands_alone(const char *text, size_t size, AddedMatch match) {
    size_t unused;
    int length;
    int32_t before = character_before(text, match.first, &unused);
    int32_t after = match.end < size ? utf8_decode(text + match.end, size - match.end, &length) : -1;
    return (before < 0 || !bert_is_word_character(before)) && (after < 0 || !bert_is_word_character(after));
}

static size_t skip_space_back(const char *text, size_t at, size_t lowest) {
    size_t first;
    for (int32_t character; at > lowest; at = first) {
        character = character_before(text, at, &first);
        if (character < 0 || !bert_is_space(character)) break;
    }
    return at < lowest ? lowest : at;
}

static size_t skip_space(const char *text, size_t at, size_t size) {
    while (at < size) {
        int length;
        int32_t character = utf8_decode(text + at, size - at, &length);
        if (character < 0 || !bert_is_space(character)) break;
        at += (size_t)length;
    }
    return at;
}

/* The next one in text[0..size) that begins at *at or later, true when there is one. `taken` is where the previous
 * match ended (0 at the start): lstrip never takes more than that. *at moves on to where the next search begins. */
static bool next(const AddedTokens *tokens, bool normalized, const char *text, size_t size, size_t taken, size_t *at,
                 AddedMatch *match) {
    while ((*at = next_begin(tokens, text, size, *at)) < size) {
        int number = text_here(tokens, normalized, text + *at, size - *at);
        if (number < 0) {
            ++*at;
            continue;
        }
        AddedToken token = tokens->token[number];
        *match = (AddedMatch){token.id, *at, *at + tokens->texts.length[number]};
        *at = match->end;
        if (token.single_word && !stands_alone(text, size, *match)) continue;
        if (token.lstrip) match->first = skip_space_back(text, match->first, taken);
        if (token.rstrip) match->end = skip_space(text, match->end, size);
        return true;
    }
    return false;
}

/* What is left between the one kind is cut at the other. */
static void cut_stretch(const AddedTokens *tokens, bool normalized, const char *text, size_t from, size_t to,
                        AddedCut cut) {
    size_t done = 0, at = 0;
    for (bool found = true; found;) {
        AddedMatch match;
        found = next(tokens, normalized, text + from, to - from, done, &at, &match);
        size_t end = from + (found ? match.first : to - from);
        if (from + done < end && normalized) cut.between(cut.context, from + done, end);
        else if (from + done < end) cut_stretch(tokens, true, text, from + done, end, cut);
        if (found) cut.token(cut.context, (AddedMatch){match.id, from + match.first, from + match.end});
        if (found) done = match.end;
    }
}

void added_tokens_cut(const AddedTokens *tokens, const char *text, size_t size, AddedCut cut) {
    if (size) cut_stretch(tokens, false, text, 0, size, cut);
}

/* A special token is normalized only where the file says so. */
AddedToken added_token_read(const char *place, const json_t *entry, int id) {
    return (AddedToken){id, json_flag(place, entry, "single_word", false), json_flag(place, entry, "lstrip", false),
                        json_flag(place, entry, "rstrip", false),
                        json_flag(place, entry, "normalized", !json_flag(place, entry, "special", false))};
}

bool added_tokens_have(const AddedTokens *tokens, int id) {
    for (int i = 0; i < tokens->texts.count; i++)
        if (tokens->token[i].id == id) return true;
    return false;
}

void added_tokens_free(AddedTokens *tokens) {
    vocab_free(&tokens->texts);
    memory_free(tokens->token);
    memory_free(tokens->lengths);
    *tokens = (AddedTokens){0};
}
