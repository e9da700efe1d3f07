/* text - what takes more than one pass: how surprised the model is by a long text, writing, and the clock. */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "math/loss.h"
#include "model/gpt_run.h"
#include "text/utf8.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. The text's ids, however long it is, and the mask of every layer ---- */

static Encoding encode(const Choices *ask, const Reader *reader) {
    Bytes text = options_input(&ask->common, default_text(reader->tokenizer));
    Encoding e = tokenizer_encode(reader->tokenizer, text.data, text.size, NULL, 0);
    if (e.n < 1) fail(EXIT_DATA, "the text has no token (expected one at least). Try: a word");
    bytes_free(&text);
    return e;
}

/* For passes over n tokens. */
static NamedMask mask_of(const Choices *ask, const Gpt *gpt, const Reader *reader, int n) {
    if (mask_options_given(&ask->study.mask)) return mask_on_model(reader->model, &ask->study.mask, n);
    return (NamedMask){.rule = gpt->trained.rule};
}

/* ---- 2. Perplexity ---- Windows of `context` tokens begin every `stride` tokens. Each predicts the tokens behind its
 * own, and those count that no window before has predicted: so all but the first window's have at least context -
 * stride tokens before them. */

enum { ROWS = 64 }; /* logits at a time: V columns are wide */

/* The surprises of the tokens behind rows first to trace->n - 1 of a window whose ids are ids[0..n]. */
static double window_surprise(const Reader *reader, const Trace *t, const int *ids, int first, Mat room) {
    const Gpt *gpt = model_gpt(reader->model);
    double sum = 0;
    for (int at = first; at < t->n; at += ROWS) {
        int rows = t->n - at < ROWS ? t->n - at : ROWS;
        Mat logits = mat_rows(room, 0, rows);
        linear_forward(reader->workers, logits, mat_rows(t->hidden[t->layers], at, rows), gpt_head(gpt),
                       ACTIVATION_NONE);
        sum += cross_entropy(logits, ids + at + 1);
    }
    return sum;
}

void tell_perplexity(const Choices *ask, const Reader *reader) {
    const Gpt *gpt = model_gpt(reader->model);
    int context = gpt->config.context, stride = ask->stride ? ask->stride : (context + 1) / 2, done = 0, windows = 0;
    Encoding e = encode(ask, reader);
    if (e.n < 2) fail(EXIT_DATA, "the text has one token (expected two: something has to come next)");
    if (stride > context)
        fail(EXIT_USAGE, "--stride %d leaves tokens out. Try: 1 to %d, the model's context", stride, context);
    NamedMask mask = mask_of(ask, gpt, reader, e.n - 1 < context ? e.n - 1 : context);
    Mat room = mat_new(ROWS, gpt->config.vocab);
    Trace t = {0}; /* of the same room for all windows but the last */
    double sum = 0;
    Progress progress = progress_begin("reading", (size_t)e.n);
    for (int first = 0; done < e.n - 1; first += stride, windows++) {
        int n = e.n - 1 - first < context ? e.n - 1 - first : context;
        if (t.n != n) trace_free(&t), t = gpt_trace_new(gpt, n);
        gpt_trace(gpt, reader->workers, e.ids + first, (Run){.mask = mask.rule}, &t);
        sum += window_surprise(reader, &t, e.ids + first, done - first, room);
        done = first + n;
        progress_step(&progress, (size_t)done);
    }
    progress_end(&progress);
    if (!isfinite(sum)) fail(EXIT_DATA, "%s: the loss is no number (expected finite logits)", reader->folder);
    double loss = sum / done, bytes = e.end[e.n - 1] - e.end[0];
    if (mask.title) printf("mask        %s, in every layer of the model\n", mask.title);
    printf("tokens      %d, of which %d are predicted\n", e.n, done);
    printf("windows     %d of %d tokens, one every %d\n", windows, context, stride);
    printf("loss        %.6f nats a token, %.6f bits a byte\n", loss, bytes > 0 ? sum / log(2) / bytes : 0);
    printf("perplexity  %.4f\n", exp(loss));
    trace_free(&t), named_mask_free(&mask), mat_free(&room), encoding_free(&e);
}

/* ---- 3. Writing ---- */

/* A byte pair may end in the middle of a character: of that nothing is printed. */
static size_t whole_characters(const char *text, size_t size) {
    size_t whole = size;
    for (int back = 1; back <= 3 && (size_t)back <= size; back++) {
        int length;
        if (((unsigned char)text[size - (size_t)back] & 0xC0) != 0xC0) continue;
        if (utf8_decode(text + size - back, (size_t)back, &length) < 0) whole = size - (size_t)back;
        break;
    }
    return whole;
}

void write_text(const Choices *ask, const Reader *reader) {
    const Gpt *gpt = model_gpt(reader->model);
    Encoding e = encode(ask, reader);
    NamedMask mask = mask_of(ask, gpt, reader, gpt->config.context);
    Rng rng = rng_seed(ask->common.seed);
    Ids prompt = {e.ids, (size_t)e.n, (size_t)e.n};
    Ids ids = writer_text(gpt, reader->workers, mask.rule, prompt, ask->write, ask->rule, &rng);
    if (ids.n < prompt.n + (size_t)ask->write)
        fail(EXIT_DATA, "%s: what the model says after token %zu is no number (expected finite logits)", reader->folder,
             ids.n);
    String text = {0};
    tokenizer_decode(reader->tokenizer, ids.at, ids.n, &text);
    fwrite(text.text, 1, whole_characters(text.text, text.length), stdout);
    putchar('\n');
    string_free(&text), ids_free(&ids), named_mask_free(&mask), encoding_free(&e);
}

/* ---- 4. The clock ---- */

typedef struct {
    Reading *reading;
    Mat logits; /* (n, V) */
} Pass;

static void pass_once(void *context) {
    Pass *p = context;
    const Trace *t = &p->reading->trace;
    const Reader *reader = p->reading->reader;
    reading_pass(p->reading);
    linear_forward(reader->workers, p->logits, t->hidden[t->layers], gpt_head(model_gpt(reader->model)),
                   ACTIVATION_NONE);
}

void time_reading(const Choices *ask, Reading *reading) {
    int n = reading->encoding.n;
    Pass pass = {reading, mat_new(n, model_card(reading->reader->model).vocab)};
    time_report(ask->common.time, pass_once, &pass, n, "tokens");
    mat_free(&pass.logits);
}

typedef struct {
    Writer writer;
    int prompt, most, first; /* tokens of the prompt, and with those after it; the first id after it */
} Steps;

/* One more token, the likeliest; at the end of the run the next one begins behind the prompt again. */
static void step_once(void *context) {
    Steps *s = context;
    Writer *w = &s->writer;
    if (w->cache.n == s->most) w->cache.n = s->prompt, w->ids.n = (size_t)s->prompt;
    writer_add(w, w->cache.n == s->prompt ? s->first : sampling_best(w->logits, w->gpt->config.vocab));
}

void time_tokens(const Choices *ask, const Reader *reader) {
    const Gpt *gpt = model_gpt(reader->model);
    Encoding e = encode(ask, reader);
    if (e.n + ask->tokens > gpt->config.context)
        fail(EXIT_DATA, "%d tokens and %d more, model takes %d. Try: a smaller --tokens", e.n, ask->tokens,
             gpt->config.context);
    NamedMask mask = mask_of(ask, gpt, reader, gpt->config.context);
    Steps s = {
        .writer = writer_new(gpt, reader->workers, mask.rule, e.ids, e.n), .prompt = e.n, .most = e.n + ask->tokens};
    s.first = sampling_best(s.writer.logits, gpt->config.vocab);
    if (s.first < 0) fail(EXIT_DATA, "%s: what the model says is no number (expected finite logits)", reader->folder);
    time_report(ask->common.time * ask->tokens, step_once, &s, 1, "tokens");
    writer_free(&s.writer), named_mask_free(&mask), encoding_free(&e);
}
