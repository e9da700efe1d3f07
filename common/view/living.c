#include "view/living.h"
#include "base/error.h"
#include "model/change.h"
#include "view/living_question.h"
#include "view/page.h"
#include "view/reordered.h"
#include "weights/mask_json.h"

#include <math.h>
#include <string.h>

enum { GUESSES = 5 };

struct Living {
    char *folder; /* owned */
    Reader reader;
    bool trained;
    Writer writer; /* gpt is NULL until a token was asked for */
    Rng rng;
    int seed, drawn; /* what the rng was seeded with, and what it drew behind the writer's text; -1: nothing */
    float *shares;   /* [vocab] of the next token; owned */
};

Living *living_open(const char *folder) {
    Living *l = memory_new(1, sizeof *l, "the model");
    l->folder = text_copy(folder, strlen(folder));
    l->reader = reader_open(l->folder, 1, false);
    l->trained = page_is_trained(&l->reader);
    l->drawn = -1;
    return l;
}

bool living_copied(const Living *l) {
    return model_gpt(l->reader.model) != NULL;
}

void living_free(Living *l) {
    if (!l) return;
    writer_free(&l->writer);
    reader_free(&l->reader);
    memory_free(l->shares), memory_free(l->folder), memory_free(l);
}

void living_answer_free(LivingAnswer *answer) {
    string_free(&answer->said);
    bytes_free(&answer->block);
}

/* ---- what it is ---- */

static const char *word_of(bool yes) {
    return yes ? "true" : "false";
}

LivingAnswer living_card(const Living *l, bool exact) {
    ModelCard card = model_card(l->reader.model);
    const Gpt *gpt = model_gpt(l->reader.model);
    bool writes = gpt && gpt->trained.rule.causal && !gpt->config.fills_gaps;
    LivingAnswer answer = {0};
    string_add(&answer.said, "{\"family\":\"%s\",\"name\":", gpt ? "gpt2" : "bert");
    json_add_text(&answer.said, l->folder, strlen(l->folder));
    string_add(&answer.said, ",\"layers\":%d,\"heads\":%d,\"width\":%d,\"vocab\":%d,\"context\":%d,\"types\":%d",
               card.layers, card.heads, card.width, card.vocab, card.context, card.types);
    string_add(&answer.said,
               ",\"parameters\":%zu,\"guesses\":%s,\"writes\":%s,\"causal\":%s,\"mask\":%s,\"trained\":%s",
               card.parameters, word_of(card.guesses), word_of(writes), word_of(card.trained.causal),
               word_of(tokenizer_mask_id(l->reader.tokenizer) >= 0), word_of(l->trained));
    string_add(&answer.said, ",\"units\":\"%s\",\"exact\":%s}", tokenizer_units(l->reader.tokenizer), word_of(exact));
    return answer;
}

static void add_numbers(String *out, const char *name, const int *numbers, int n) {
    string_add(out, "\"%s\":", name);
    json_add_numbers(out, numbers, n);
}

/* The order that the words have in `20_atlas --order --seed SEED`. */
static void add_order(String *said, const Living *l, const LivingText *text, int seed) {
    living_fits(text, &l->reader);
    Reading r = reading_of_tokens(&l->reader, bytes_copy(text->first), bytes_copy(text->second),
                                  encoding_copy(&text->encoding), (ReadingPlan){0});
    int *from = memory_new((size_t)text->encoding.n, sizeof *from, "an order");
    Reading other = reading_reordered(&r, (uint64_t)seed, from);
    string_add(said, ","), add_numbers(said, "order", from, text->encoding.n);
    reading_free(&other), reading_free(&r), memory_free(from);
}

LivingAnswer living_tokens(const Living *l, const char *question, size_t size) {
    json_t *json = living_question(question, size);
    LivingText text = living_text(json, &l->reader);
    int seed = living_draw(json).seed;
    const Encoding *e = &text.encoding;
    LivingAnswer answer = {0};
    string_add(&answer.said, "{");
    add_numbers(&answer.said, "ids", e->ids, e->n), string_add(&answer.said, ",");
    add_numbers(&answer.said, "types", e->types, e->n), string_add(&answer.said, ",");
    add_numbers(&answer.said, "first", e->first, e->n), string_add(&answer.said, ",");
    add_numbers(&answer.said, "end", e->end, e->n);
    string_add(&answer.said, ",\"tokens\":[");
    for (int i = 0; i < e->n; i++) {
        char *label = reader_label(&l->reader, e->ids[i]);
        string_add(&answer.said, i ? "," : ""), json_add_text(&answer.said, label, strlen(label));
        memory_free(label);
    }
    string_add(&answer.said, "]");
    if (seed) add_order(&answer.said, l, &text, seed);
    string_add(&answer.said, "}");
    living_text_free(&text), json_decref(json);
    return answer;
}

/* ---- a pass ---- */

/* Puts [MASK] in the places that are masked, then the tokens in their order. */
static void change_tokens(const Living *l, Encoding *e, const LivingPass *pass) {
    for (int i = 0; i < pass->masked_count; i++) e->ids[pass->masked[i]] = tokenizer_mask_id(l->reader.tokenizer);
    if (!pass->order) return;
    Encoding moved = {0};
    for (int i = 0; i < e->n; i++) {
        int from = pass->order[i];
        encoding_push(&moved, e->ids[from], e->types[from], e->first[from], e->end[from]);
    }
    encoding_free(e);
    *e = moved;
}

static void run(const Reading *r, const Encoding *e, Run asked, Trace *trace) {
    *trace = model_trace_new(r->reader->model, e->n);
    trace->tokens = r->labels;
    model_run(r->reader->model, r->reader->workers, e->ids, e->types, asked, trace);
}

/* The cosine of each token's last hidden state with what it is without order, mask and silence; `before` are the tokens
 * as they stand in the text. */
static void add_moved(String *said, const Reading *r, const Encoding *before, const LivingPass *pass) {
    Trace plain;
    int n = before->n, last = r->trace.layers;
    run(r, before, (Run){.mask = model_card(r->reader->model).trained}, &plain);
    Mat there = mat_new(n, r->trace.width);
    for (int i = 0; i < n; i++)
        mat_copy(mat_rows(there, i, 1), mat_rows(plain.hidden[last], pass->order ? pass->order[i] : i, 1));
    float *cosine = memory_new((size_t)n, sizeof *cosine, "the cosines");
    state_cosines(cosine, r->trace.hidden[last], there);
    string_add(said, ",\"moved\":[");
    for (int i = 0; i < n; i++) string_add(said, i ? ",%.7g" : "%.7g", (double)cosine[i]);
    string_add(said, "]");
    memory_free(cosine), mat_free(&there), trace_free(&plain);
}

static void add_guess(String *out, const Reader *reader, int id, double share) {
    char *label = reader_label(reader, id);
    string_add(out, "{\"id\":%d,\"text\":", id);
    json_add_text(out, label, strlen(label));
    string_add(out, ",\"p\":%.6g}", share);
    memory_free(label);
}

static const void *tensor_data(const Block *block, const char *name) {
    for (int i = 0; i < block->count; i++)
        if (strcmp(block->tensors[i].name, name) == 0) return block->tensors[i].data;
    return NULL;
}

/* Of each [MASK] (BERT), or behind the last token (GPT): the likeliest tokens, from what the block holds of them. */
static void add_top(String *said, const Reading *r, const Block *block) {
    const int32_t *ids = tensor_data(block, "guess_id");
    const float *logits = tensor_data(block, "guess_logit"), *sums = tensor_data(block, "guess_sum");
    int vocab = model_card(r->reader->model).vocab, count = vocab < GUESSES ? vocab : GUESSES, n = r->encoding.n;
    const Gpt *gpt = model_gpt(r->reader->model);
    bool next = gpt && !gpt->config.fills_gaps;
    const char *comma = "";
    string_add(said, "\"top\":[");
    for (int i = next ? n - 1 : 0; ids && i < n; i++) {
        if (!next && r->encoding.ids[i] != tokenizer_mask_id(r->reader->tokenizer)) continue;
        string_add(said, "%s{\"place\":%d,\"guesses\":[", comma, i);
        for (int g = 0; g < count; g++) {
            const float *row = logits + i * count;
            string_add(said, g ? "," : "");
            add_guess(said, r->reader, ids[i * count + g], exp((double)(row[g] - row[0])) / (double)sums[i]);
        }
        string_add(said, "]}");
        comma = ",";
    }
    string_add(said, "]");
}

/* What the page has to know to show a map as it was made: in which layers the mask did not hold, and what did there. */
static void add_layers(String *page, const Reading *r, const LivingPass *pass) {
    const char *comma = "";
    if (!r->is_masked) return;
    string_add(page, ",\"unmasked\":[");
    for (int l = 0; l < r->layers; l++)
        if (pass->unmasked[l]) string_add(page, "%s%d", comma, l), comma = ",";
    string_add(page, "],\"own\":{");
    mask_json_add(page, model_card(r->reader->model).trained);
    string_add(page, "}");
}

static Block block_of(const Living *l, const Reading *r, const LivingPass *pass, String *page) {
    Block block = {0};
    PagePlan plan = {.layer = pass->strips, .layers = pass->strips_count, .trained = l->trained, .exact = true};
    string_add(page, "{");
    page_add_reading(&block, page, r, plan);
    add_layers(page, r, pass);
    string_add(page, "}");
    return block;
}

LivingAnswer living_read(const Living *l, const char *question, size_t size) {
    json_t *json = living_question(question, size);
    LivingText text = living_text(json, &l->reader);
    living_fits(&text, &l->reader);
    LivingPass pass = living_pass(json, &l->reader, text.encoding.n);
    Encoding now = encoding_copy(&text.encoding);
    change_tokens(l, &now, &pass);
    Reading r = reading_of_tokens(&l->reader, bytes_copy(text.first), bytes_copy(text.second), now,
                                  (ReadingPlan){.mask = pass.masks ? &pass.mask : NULL, .mask_in_model = true});
    run(&r, &r.encoding, (Run){.mask = reading_pass_mask(&r), .unmasked = pass.unmasked, .heads_off = pass.off},
        &r.trace);
    String page = {0};
    Block block = block_of(l, &r, &pass, &page);
    LivingAnswer answer = {0};
    string_add(&answer.said, "{");
    add_top(&answer.said, &r, &block);
    for (int i = 0; i < pass.masked_count; i++)
        text.encoding.ids[pass.masked[i]] = tokenizer_mask_id(l->reader.tokenizer);
    if (pass.masks || pass.reorders || pass.silences) add_moved(&answer.said, &r, &text.encoding, &pass);
    string_add(&answer.said, "}");
    answer.block = block_bytes(&block, page.text);
    string_free(&page), reading_free(&r), living_pass_free(&pass), living_text_free(&text), json_decref(json);
    return answer;
}

/* ---- one token more ---- */

/* The writer has read these tokens; anew, unless they go on from what it had read. True when they went on with the
 * token that was drawn. */
static bool write_up_to(Living *l, const Encoding *e) {
    const Gpt *gpt = model_gpt(l->reader.model);
    Writer *w = &l->writer;
    size_t had = w->ids.n, n = (size_t)e->n;
    bool on = w->gpt && had <= n && memcmp(w->ids.at, e->ids, had * sizeof *e->ids) == 0;
    if (!on) {
        writer_free(w);
        *w = writer_new(gpt, l->reader.workers, gpt->trained.rule, e->ids, e->n);
        return false;
    }
    for (size_t i = had; i < n; i++) writer_add(w, e->ids[i]);
    return n == had + 1 && e->ids[had] == l->drawn;
}

/* What it was drawn from; of the greedy rule, what the model thinks. */
static void add_next(String *said, const Living *l, const Encoding *e, int id, SampleRule rule) {
    int vocab = model_card(l->reader.model).vocab, ids[GUESSES];
    if (rule.temperature <= 0)
        sampling_probabilities(l->shares, l->writer.logits, vocab, (SampleRule){.temperature = 1});
    int found = sampling_likeliest(ids, GUESSES, l->shares, vocab);
    bool known = id < tokenizer_count(l->reader.tokenizer);
    char *label = reader_label(&l->reader, id);
    Ids all = {0};
    for (int i = 0; i < e->n; i++) ids_add(&all, e->ids[i]);
    ids_add(&all, id);
    string_add(said, "{\"id\":%d,\"text\":", id);
    json_add_text(said, label, strlen(label));
    char *whole = known ? tokenizer_text(l->reader.tokenizer, all.at, all.n) : text_copy("", 0);
    string_add(said, ",\"whole\":"), json_add_text(said, whole, strlen(whole));
    string_add(said, ","), add_numbers(said, "ids", all.at, (int)all.n);
    string_add(said, ",\"top\":[");
    for (int g = 0; g < found; g++) {
        string_add(said, g ? "," : "");
        add_guess(said, &l->reader, ids[g], (double)l->shares[ids[g]]);
    }
    string_add(said, "]}");
    memory_free(label), memory_free(whole), ids_free(&all);
}

LivingAnswer living_next(Living *l, const char *question, size_t size) {
    const Gpt *gpt = model_gpt(l->reader.model);
    if (!gpt) fail(EXIT_DATA, "a BERT fills gaps, it does not write. Try: a GPT-2");
    gpt_check_writes(gpt, l->folder);
    json_t *json = living_question(question, size);
    LivingDraw draw = living_draw(json);
    LivingText text = living_text(json, &l->reader);
    living_fits(&text, &l->reader);
    if (!l->shares) l->shares = memory_new((size_t)gpt->config.vocab, sizeof *l->shares, "the next token's shares");
    bool on = write_up_to(l, &text.encoding);
    if (!on || l->seed != draw.seed) l->rng = rng_seed((uint64_t)draw.seed), l->seed = draw.seed;
    int id = sampling_next(&l->rng, l->shares, l->writer.logits, gpt->config.vocab, draw.rule);
    if (id < 0) fail(EXIT_DATA, "the model gives no token: its numbers are not finite");
    l->drawn = id;
    LivingAnswer answer = {0};
    add_next(&answer.said, l, &text.encoding, id, draw.rule);
    living_text_free(&text), json_decref(json);
    return answer;
}
