#include "text/tokenizer.h"
#include "base/error.h"
#include "text/bpe_files.h"
#include "text/bpe_names.h"
#include "text/gpt2_split.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"
#include "text/vocab_tokens.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

struct Tokenizer {
    TokenizerKind kind;
    WordPiece wordpiece; /* the one of these three that its kind uses */
    Bpe bpe;
    Vocab vocab;         /* words and characters */
    AddedTokens special; /* of characters: tokens of more than one, cut from the text as they stand */
};

/* ---- opening ---- */

Tokenizer *tokenizer_new(TokenizerKind kind, Vocab vocab) {
    assert(kind == TOKENIZER_WORDS || kind == TOKENIZER_CHARACTERS);
    Tokenizer *t = memory_new(1, sizeof *t, "a tokenizer");
    t->kind = kind;
    t->vocab = vocab;
    for (int id = 0; id < vocab.count && kind == TOKENIZER_CHARACTERS; id++)
        if (vocab_is_marker(&vocab, id))
            added_tokens_add(&t->special, vocab_token(&vocab, id), vocab.length[id], (AddedToken){.id = id});
    return t;
}

Tokenizer *tokenizer_new_bpe(Bpe bpe) {
    Tokenizer *t = memory_new(1, sizeof *t, "a tokenizer");
    t->kind = TOKENIZER_BPE;
    t->bpe = bpe;
    return t;
}

Tokenizer *tokenizer_open(const char *folder) {
    Vocab vocab = {0};
    TokenizerKind kind = tokenizer_folder_kind(folder, &vocab);
    if (kind == TOKENIZER_BPE) return tokenizer_new_bpe(bpe_load(folder));
    if (kind != TOKENIZER_WORDPIECE) return tokenizer_new(kind, vocab);
    Tokenizer *t = memory_new(1, sizeof *t, "a tokenizer");
    t->wordpiece = wordpiece_load(folder);
    return t;
}

void tokenizer_free(Tokenizer *t) {
    if (!t) return;
    wordpiece_free(&t->wordpiece);
    bpe_free(&t->bpe);
    vocab_free(&t->vocab);
    added_tokens_free(&t->special);
    memory_free(t);
}

/* ---- what it is ---- */

TokenizerKind tokenizer_kind(const Tokenizer *t) {
    return t->kind;
}

const char *tokenizer_name(const Tokenizer *t) {
    static const char *const names[] = {"wordpiece", "bpe", "word", "char"};
    return names[t->kind];
}

const char *tokenizer_units(const Tokenizer *t) {
    static const char *const units[] = {"WordPiece tokens", "BPE tokens", "words", "characters"};
    return units[t->kind];
}

const WordPiece *tokenizer_wordpiece(const Tokenizer *t) {
    return t->kind == TOKENIZER_WORDPIECE ? &t->wordpiece : NULL;
}

const Bpe *tokenizer_bpe(const Tokenizer *t) {
    return t->kind == TOKENIZER_BPE ? &t->bpe : NULL;
}

/* Every token's own bytes, by id. */
static const Vocab *vocab_of(const Tokenizer *t) {
    if (t->kind == TOKENIZER_WORDPIECE) return &t->wordpiece.vocab;
    return t->kind == TOKENIZER_BPE ? &t->bpe.vocab : &t->vocab;
}

int tokenizer_count(const Tokenizer *t) {
    return vocab_of(t)->count;
}

int tokenizer_find(const Tokenizer *t, const char *token, size_t size) {
    return vocab_id(vocab_of(t), token, size);
}

int tokenizer_mask_id(const Tokenizer *t) {
    return t->kind == TOKENIZER_WORDPIECE ? t->wordpiece.mask : tokenizer_find(t, "[MASK]", 6);
}

bool tokenizer_frames(const Tokenizer *t, int id) {
    return t->kind == TOKENIZER_WORDPIECE && (id == t->wordpiece.cls || id == t->wordpiece.sep);
}

/* ---- a text to ids ---- */

/* The tokens' bytes, one after the other, are the text, or a space and the text. */
static void add_pieces(const Tokenizer *t, const char *text, size_t from, size_t to, Encoding *out) {
    bool spaced = t->bpe.spaced && text[from] != ' ';
    String with_space = {0};
    Ids ids = {0};
    if (spaced) string_add(&with_space, " "), string_add_bytes(&with_space, text + from, to - from);
    bpe_encode(&t->bpe, spaced ? with_space.text : text + from, to - from + spaced, &ids);
    encoding_reserve(out, ids.n);
    int first = (int)from, end = first - spaced;
    for (size_t i = 0; i < ids.n; i++, first = end) {
        end += (int)t->bpe.vocab.length[ids.at[i]];
        encoding_push(out, ids.at[i], 0, first, end);
    }
    ids_free(&ids), string_free(&with_space);
}

/* The cut of a text goes to `out`. */
typedef struct {
    const Tokenizer *t;
    const char *text;
    Encoding *out;
} Cut;

static void add_token(void *context, AddedMatch match) {
    encoding_push(((const Cut *)context)->out, match.id, 0, (int)match.first, (int)match.end);
}

static void add_stretch(void *context, size_t from, size_t to) {
    const Cut *cut = context;
    if (cut->t->kind == TOKENIZER_BPE) add_pieces(cut->t, cut->text, from, to, cut->out);
    else vocab_characters(&cut->t->vocab, cut->text, from, to, cut->out);
}

/* What lies between two special tokens is read alone. */
static void add_text(const Tokenizer *t, const AddedTokens *special, const char *text, size_t size, Encoding *out) {
    added_tokens_cut(special, text, size, (AddedCut){add_token, add_stretch, &(Cut){t, text, out}});
}

/* They stand for no byte of the text. */
static void add_frame(const Ids *ids, size_t at, Encoding *out) {
    for (size_t i = 0; i < ids->n; i++) encoding_push(out, ids->at[i], 0, (int)at, (int)at);
}

static void add_bpe(const Tokenizer *t, const char *text, size_t size, Encoding *out) {
    add_frame(&t->bpe.before, 0, out);
    add_text(t, &t->bpe.special, text, size, out);
    add_frame(&t->bpe.behind, size, out);
}

static void check_text(const Tokenizer *t, const char *text, size_t size) {
    if (size > INT_MAX / 2) fail(EXIT_DATA, "%s: %zu bytes (expected at most 1 GB)", error_text_name(), size);
    if (t->kind == TOKENIZER_BPE) return;
    size_t bad = utf8_first_invalid(text, size);
    if (bad < size)
        fail(EXIT_DATA, "%s: byte %zu is no UTF-8 (expected a text). Try: iconv -t UTF-8", error_text_name(), bad);
}

Encoding tokenizer_encode(const Tokenizer *t, const char *first, size_t first_size, const char *second,
                          size_t second_size) {
    if (t->kind == TOKENIZER_WORDPIECE) return wordpiece_encode(&t->wordpiece, first, first_size, second, second_size);
    if (second)
        fail(EXIT_DATA, "a model of %s reads one text, not a pair (expected a BERT's WordPiece)", tokenizer_units(t));
    Encoding out = {0};
    check_text(t, first, first_size);
    if (t->kind == TOKENIZER_WORDS) vocab_words(&t->vocab, first, first_size, &out);
    else if (t->kind == TOKENIZER_BPE) add_bpe(t, first, first_size, &out);
    else add_text(t, &t->special, first, first_size, &out);
    return out;
}

/* ---- ids to a text ---- */

static bool is_piece(const WordPiece *wordpiece, int id) {
    const Vocab *vocab = &wordpiece->vocab;
    size_t prefix = wordpiece->prefix_size;
    return id < wordpiece->pieces && prefix && vocab->length[id] > prefix &&
           memcmp(vocab_token(vocab, id), wordpiece->prefix, prefix) == 0;
}

static void decode_pieces(const WordPiece *wordpiece, const int *ids, size_t n, String *out) {
    for (size_t i = 0; i < n; i++) {
        size_t cut = i > 0 && is_piece(wordpiece, ids[i]) ? wordpiece->prefix_size : 0;
        if (i > 0 && !cut) string_add(out, " ");
        string_add_bytes(out, vocab_token(&wordpiece->vocab, ids[i]) + cut, wordpiece->vocab.length[ids[i]] - cut);
    }
}

void tokenizer_decode(const Tokenizer *t, const int *ids, size_t n, String *out) {
    const Vocab *vocab = vocab_of(t);
    vocab_check_ids(vocab, ids, n);
    string_add_bytes(out, "", 0); /* no ids are a text too, not NULL */
    if (t->kind == TOKENIZER_WORDPIECE) decode_pieces(&t->wordpiece, ids, n, out);
    else if (t->kind == TOKENIZER_WORDS) regex_decode(&t->vocab, REGEX_V1, ids, n, out);
    else
        for (size_t i = 0; i < n; i++) string_add_bytes(out, vocab_token(vocab, ids[i]), vocab->length[ids[i]]);
}

/* ---- a token ---- */

static bool is_special(const Tokenizer *t, int id) {
    const WordPiece *w = &t->wordpiece;
    switch (t->kind) {
    case TOKENIZER_WORDPIECE: return id != w->unk && (tokenizer_frames(t, id) || added_tokens_have(&w->raw, id));
    case TOKENIZER_BPE: return added_tokens_have(&t->bpe.special, id);
    case TOKENIZER_WORDS: return id == tokenizer_mask_id(t);
    default: return added_tokens_have(&t->special, id);
    }
}

void tokenizer_token(const Tokenizer *t, int id, String *out) {
    const Vocab *vocab = vocab_of(t);
    assert(id >= 0 && id < vocab->count);
    string_add_bytes(out, "", 0);
    if (t->kind == TOKENIZER_BPE && !is_special(t, id)) bpe_name_add(out, vocab_token(vocab, id), vocab->length[id]);
    else string_add_bytes(out, vocab_token(vocab, id), vocab->length[id]);
}

char *tokenizer_text(const Tokenizer *t, const int *ids, size_t n) {
    String text = {0};
    tokenizer_decode(t, ids, n, &text);
    return text.text;
}

char *tokenizer_label(const Tokenizer *t, int id, int most) {
    const Vocab *vocab = vocab_of(t);
    assert(id >= 0 && id < vocab->count);
    const char *token = vocab_token(vocab, id);
    bool is_space = vocab->length[id] == 1 && *token == ' ';
    return utf8_shown(is_space ? "\xE2\x90\xA3" : token, is_space ? 3 : vocab->length[id], most); /* an open box */
}

/* GPT-2's words are the pieces of its splitter, which needs the text; the ids give it back, up to a special token. */
static void find_bpe_roles(const Tokenizer *t, const int *ids, size_t n, TokenRole *roles) {
    String text = {0};
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && !is_special(t, ids[end]);) end++;
        text.length = 0;
        bpe_decode(&t->bpe, ids + i, end - i, &text);
        size_t at = 0, word = 0; /* word: where the first one that starts at `at` or later does */
        for (size_t k = i; k < end; k++) {
            roles[k] = at == word ? ROLE_WORD : ROLE_PIECE;
            at += t->bpe.vocab.length[ids[k]];
            while (word < at) word = gpt2_split_next(text.text, text.length, word);
        }
        if (end < n) roles[end++] = ROLE_SPECIAL;
    }
    string_free(&text);
}

TokenRole *tokenizer_roles(const Tokenizer *t, const int *ids, size_t n) {
    TokenRole *roles = memory_new(n + 1, sizeof *roles, "the tokens' roles");
    for (size_t i = 0; i < n; i++) assert(ids[i] >= 0 && ids[i] < tokenizer_count(t));
    if (t->kind == TOKENIZER_BPE) {
        find_bpe_roles(t, ids, n, roles);
        return roles;
    }
    for (size_t i = 0; i < n; i++) {
        bool piece = t->kind == TOKENIZER_WORDPIECE && is_piece(&t->wordpiece, ids[i]);
        roles[i] = is_special(t, ids[i]) ? ROLE_SPECIAL : piece ? ROLE_PIECE : ROLE_WORD;
    }
    return roles;
}
