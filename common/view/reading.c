#include "view/reading.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "show/label.h"
#include "text/utf8.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- who reads ---- */

/* Ids beyond the table end the program once a text has one. Rows beyond the vocabulary are padding, as many models have
 * it, which no text reaches. */
static void compare_sizes(const Reader *r) {
    int tokens = tokenizer_count(r->tokenizer), rows = model_card(r->model).vocab;
    if (tokens > rows)
        warn("%s: the vocabulary has %d tokens, the model's table only %d: they may belong to two models", r->folder,
             tokens, rows);
    else if (tokens < rows)
        note("%s: the vocabulary has %d tokens, the model's table %d: the last %d are padding, or the vocabulary is "
             "that "
             "of another model",
             r->folder, tokens, rows, rows - tokens);
}

Reader reader_open(const char *folder, int threads, bool allow_nonfinite) {
    Reader r = {.folder = folder, .workers = workers_new(threads)};
    r.tokenizer = tokenizer_open(folder);
    r.model = model_open(folder, r.workers, allow_nonfinite);
    compare_sizes(&r);
    return r;
}

Reader reader_of_file(const char *path, int threads) {
    return (Reader){.folder = path, .workers = workers_new(threads)};
}

void reader_free(Reader *r) {
    model_free(r->model);
    tokenizer_free(r->tokenizer);
    workers_free(r->workers);
    *r = (Reader){0};
}

char *reader_name(const Reader *r) {
    const char *end = r->folder + strlen(r->folder);
    while (end > r->folder + 1 && end[-1] == '/') end--;
    const char *begin = end;
    while (begin > r->folder && begin[-1] != '/') begin--;
    return text_copy(begin, (size_t)(end - begin));
}

char *reader_label(const Reader *r, int id) {
    return id < tokenizer_count(r->tokenizer) ? tokenizer_label(r->tokenizer, id, LABEL_ALL) : text_copy("?", 1);
}

/* ---- a text becomes tokens ---- */

Bytes reading_text(const char *text) {
    return text ? (Bytes){text_copy(text, strlen(text)), strlen(text)} : (Bytes){0};
}

/* The encoding is there: it is cut, or refused, and its tokens are named. */
static void name_tokens(Reading *r, const ReadingPlan *plan) {
    const Tokenizer *tokenizer = r->reader->tokenizer;
    int limit = model_card(r->reader->model).context, n = r->encoding.n;
    if (n < 1) fail(EXIT_DATA, "%s: the text has no token (expected one at least). Try: a word", error_text_name());
    if (n > limit && !plan->truncate)
        fail(EXIT_DATA, "%d token%s, model takes %d. Try: %s", n, PLURAL(n), limit,
             plan->advice ? plan->advice : "pass --truncate");
    if (n > limit) {
        encoding_truncate(&r->encoding, limit);
        if (!plan->quiet) note("%d tokens cut to the %d that the model takes", n, limit);
    }
    n = r->encoding.n;
    r->labels = memory_new((size_t)n, sizeof *r->labels, "the tokens");
    for (int i = 0; i < n; i++) r->labels[i] = tokenizer_label(tokenizer, r->encoding.ids[i], LABEL_ALL);
    r->roles = tokenizer_roles(tokenizer, r->encoding.ids, (size_t)n);
    r->is_pair = r->second.data != NULL;
    r->has_ids = true, r->has_types = model_bert(r->reader->model) != NULL;
}

static NamedMask mask_beside(Mask own, const MaskOptions *asked, int n) {
    MaskOptions options = *asked;
    if (own.causal) mask_options_make_causal(&options);
    return mask_from_options(&options, n);
}

NamedMask mask_on_model(const Model *model, const MaskOptions *asked, int n) {
    return mask_beside(model_card(model).trained, asked, n);
}

static Mask own_mask(const Reading *r) {
    return r->reader->model ? model_card(r->reader->model).trained : r->own.rule;
}

/* A mask that was asked for takes the place of the model's own. */
static void settle_mask(Reading *r, const ReadingPlan *plan) {
    r->is_asked = plan->mask && mask_options_given(plan->mask);
    r->mask_in_model = plan->mask_in_model;
    if (!r->is_asked) {
        r->mask =
            (NamedMask){.rule = own_mask(r), .title = text_format("%s", r->own.title ? r->own.title : "as trained")};
        return;
    }
    r->mask = mask_beside(own_mask(r), plan->mask, r->encoding.n);
    r->is_masked = !mask_is_full(r->mask.rule);
}

/* Weights that are all there is can be made 0, but not come back from it. */
static void warn_of_hidden(const Reading *r) {
    if (!r->is_asked || r->trace.attention[0].q.data) return;
    for (int i = 0; i < r->trace.n; i++)
        for (int j = 0; j < r->trace.n; j++)
            if (mask_allows(r->mask.rule, i, j) && !mask_allows(r->own.rule, i, j)) {
                warn("%s: its own mask hid what --mask %s would show, and without q and k that stays 0",
                     r->reader->folder, r->mask.title);
                return;
            }
}

static Reading reading_of_file(const Reader *reader, const ReadingPlan *plan) {
    Reading r = {.reader = reader};
    if (plan->mask_in_model)
        fail(EXIT_USAGE, "--mask-scope model needs a model, and %s has finished heads. Try: --mask-scope head",
             reader->folder);
    reading_read(&r);
    r.layers = r.trace.layers, r.heads = r.trace.heads;
    settle_mask(&r, plan);
    warn_of_hidden(&r);
    return r;
}

Reading reading_open(const Reader *reader, Bytes first, Bytes second, ReadingPlan plan) {
    if (!reader->model) return reading_of_file(reader, &plan);
    return reading_of_tokens(reader, first, second,
                             tokenizer_encode(reader->tokenizer, first.data, first.size, second.data, second.size),
                             plan);
}

Reading reading_of_tokens(const Reader *reader, Bytes first, Bytes second, Encoding encoding, ReadingPlan plan) {
    ModelCard card = model_card(reader->model);
    Reading r = {.reader = reader,
                 .first = first,
                 .second = second,
                 .encoding = encoding,
                 .layers = card.layers,
                 .heads = card.heads};
    name_tokens(&r, &plan);
    settle_mask(&r, &plan);
    return r;
}

void reading_free(Reading *r) {
    trace_free(&r->trace);
    named_mask_free(&r->mask), named_mask_free(&r->own);
    names_free(r->labels, r->labels ? r->encoding.n : 0);
    for (int i = 0; r->spelled && i < r->encoding.n; i++) memory_free(r->spelled[i]);
    memory_free(r->spelled), memory_free(r->roles);
    encoding_free(&r->encoding);
    bytes_free(&r->first), bytes_free(&r->second);
}

void reading_needs(const Reading *r, unsigned needs, const char *who) {
    const Trace *t = &r->trace;
    if (r->reader->model) return;
    if (needs & NEEDS_MODEL)
        fail(EXIT_DATA, "%s works on a model's whole pass, and %s has only what one left behind. Try: --model DIR", who,
             r->reader->folder);
    bool queries = t->attention[0].q.data && t->attention[0].k.data;
    const char *missing = needs & NEEDS_QUERIES && !queries                 ? "q and k"
                          : needs & NEEDS_VALUES && !t->attention[0].v.data ? "v"
                                                                            : NULL;
    if (missing)
        fail(EXIT_DATA, "%s works on %s, which %s does not have. Try: a file with them (docs/any_model.md says how)",
             who, missing, r->reader->folder);
}

/* ---- the pass ---- */

Mask reading_pass_mask(const Reading *r) {
    return r->mask_in_model && r->is_masked ? r->mask.rule : own_mask(r);
}

const char *reading_scope(const Reading *r) {
    return r->mask_in_model ? "in every layer of the model" : "on the finished heads";
}

void reading_pass(Reading *r) {
    const Model *model = r->reader->model;
    if (!model) return;
    if (!r->trace.n) r->trace = model_trace_new(model, r->encoding.n);
    r->trace.tokens = r->labels;
    model_run(model, r->reader->workers, r->encoding.ids, r->encoding.types, (Run){.mask = reading_pass_mask(r)},
              &r->trace);
}

void reading_run(Reading *r) {
    if (!r->reader->model) return; /* it was checked when it was read */
    reading_pass(r);
    trace_check(&r->trace, reading_pass_mask(r), model_card(r->reader->model).path);
}

static float row_distance(Mat a, Mat b, int row) {
    double sum = 0;
    for (int c = 0; c < a.cols; c++) sum += pow((double)mat_at(a, row, c) - (double)mat_at(b, row, c), 2);
    return (float)sqrt(sum);
}

void layer_moves(const Trace *t, int layer, Mat moved) {
    for (int i = 0; i < t->n; i++) {
        mat_row(moved, 0)[i] = row_distance(t->attended[layer], t->hidden[layer], i);
        mat_row(moved, 1)[i] = row_distance(t->hidden[layer + 1], t->attended[layer], i);
    }
}

/* ---- the maps as they are shown ---- */

Shown shown_new(void) {
    return (Shown){.layer = -1};
}

Mat shown_map(Shown *shown, const Reading *r, int layer, int head) {
    if (r->mask_in_model || !r->is_masked) return trace_map(&r->trace, layer, head);
    if (shown->layer != layer) {
        mat_free(&shown->maps);
        shown->maps = trace_maps_under(&r->trace, layer, r->mask.rule);
        shown->layer = layer;
    }
    return attention_map(shown->maps, r->trace.n, head);
}

Mat shown_layer(Shown *shown, const Reading *r, int layer) {
    Mat first = shown_map(shown, r, layer, 0); /* the maps of one layer lie one after the other */
    return (Mat){first.data, r->trace.heads * r->trace.n, r->trace.n, first.stride};
}

void shown_free(Shown *shown) {
    mat_free(&shown->maps);
}

/* ---- tokens by name ---- */

bool reading_is_special(const Reading *r, int token) {
    const Tokenizer *tokenizer = r->reader->tokenizer;
    if (tokenizer && tokenizer_kind(tokenizer) == TOKENIZER_WORDPIECE)
        return tokenizer_frames(tokenizer, r->encoding.ids[token]);
    return r->roles[token] == ROLE_SPECIAL && strcmp(r->labels[token], "[MASK]") != 0 &&
           strcmp(r->labels[token], "<mask>") != 0;
}

/* The first token whose text is `word`, upper or lower case (of a file, which has no text to look into, with a space
 * before it or not); -1 when there is none. *count is how many there are. */
static int find_label(const Reading *r, const char *word, int *count) {
    int first = -1;
    *count = 0;
    for (int i = 0; i < r->encoding.n; i++)
        if (strcasecmp(r->labels[i] + (r->spelled && *r->labels[i] == ' '), word) == 0 && (*count)++ == 0) first = i;
    return first;
}

/* The first piece of a word that the tokenizer cut: found by where the word stands in the text. */
static int find_in_text(const Reading *r, const char *word) {
    for (int segment = 0; segment < 2; segment++) {
        const Bytes *text = segment ? &r->second : &r->first;
        const char *found = text->data && *word ? strstr(text->data, word) : NULL;
        for (int i = 0; found && i < r->encoding.n; i++)
            if (r->encoding.types[i] == segment && r->encoding.end[i] > r->encoding.first[i] &&
                r->encoding.end[i] > found - text->data)
                return i;
    }
    return -1;
}

/* The first token that the tokenizer makes of the word, whatever it does to accents and capitals; -1 when the text has
 * no such run of ids. *count is how many there are, *pieces how many tokens the word is cut into. */
static int find_encoded(const Reading *r, const char *word, int *count, int *pieces) {
    const Tokenizer *tokenizer = r->reader->tokenizer;
    if (!tokenizer || tokenizer_kind(tokenizer) != TOKENIZER_WORDPIECE)
        return -1; /* the others have their words as they stand */
    Encoding e = tokenizer_encode(tokenizer, word, strlen(word), NULL, 0);
    *pieces = e.n - 2; /* without [CLS] and [SEP] */
    int found = -1;
    bool known = *pieces > 0 && e.ids[1] != tokenizer_wordpiece(tokenizer)->unk;
    for (int i = 0; known && i + *pieces <= r->encoding.n; i++)
        if (memcmp(r->encoding.ids + i, e.ids + 1, (size_t)*pieces * sizeof *e.ids) == 0 && (*count)++ == 0) found = i;
    encoding_free(&e);
    return found;
}

static bool same_text(String a, String b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

/* All words that the vocabulary lacks have one id: here what the text says decides, once both are clean. */
static int find_unknown(const Reading *r, const char *word, int *count) {
    const Tokenizer *tokenizer = r->reader->tokenizer;
    const WordPiece *wordpiece = tokenizer ? tokenizer_wordpiece(tokenizer) : NULL;
    int found = -1;
    if (!wordpiece || utf8_first_invalid(word, strlen(word)) < strlen(word)) return -1;
    String clean = normalizer_text(wordpiece->rules, word, strlen(word));
    for (int i = 0; i < r->encoding.n; i++) {
        const char *text = r->encoding.types[i] ? r->second.data : r->first.data;
        int first = r->encoding.first[i], end = r->encoding.end[i];
        if (r->encoding.ids[i] != wordpiece->unk || end <= first) continue;
        String other = normalizer_text(wordpiece->rules, text + first, (size_t)(end - first));
        if (same_text(clean, other) && (*count)++ == 0) found = i;
        string_free(&other);
    }
    string_free(&clean);
    if (found >= 0) note("%s is not in the vocabulary: it is %s, token %d", word, r->labels[found], found);
    return found;
}

static void note_several(int count, const char *word, int at) {
    if (count > 1)
        note("%d tokens are called %s: this is the first, token %d. Choose another by its number", count, word, at);
}

int reading_find(const Reading *r, const char *option, const char *word) {
    int count, pieces = 0;
    long index;
    int at = find_label(r, word, &count);
    if (at >= 0) {
        note_several(count, word, at);
        return at;
    }
    if (text_to_int(word, 0, r->encoding.n - 1, &index)) return (int)index;
    at = find_encoded(r, word, &count, &pieces);
    if (at < 0) at = find_unknown(r, word, &count), pieces = 1;
    note_several(count, word, at);
    if (at < 0) at = find_in_text(r, word), pieces = 2;
    if (at >= 0) {
        if (pieces > 1) note("%s is not one token; this is where it begins: %s, token %d", word, r->labels[at], at);
        return at;
    }
    String shown = {0};
    utf8_label(&shown, word, strlen(word), LABEL_LINE); /* a message has no room for ten thousand letters */
    fail(EXIT_USAGE, "--%s %s: no such token. Expected a word of the text, or a number from 0 to %d", option,
         shown.text ? shown.text : "", r->encoding.n - 1);
}
