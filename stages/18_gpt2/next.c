/* next - the likeliest next tokens, as a table and as bars, and how much of it plain loops can prove. */
#include "base/error.h"
#include "show/bars.h"
#include "show/label.h"
#include "text/utf8.h"
#include "tool.h"
#include "view/tables.h"

#include <string.h>

/* ---- 1. What comes after the last token ---- */

Next next_of(const Reading *r) {
    const Gpt *gpt = model_gpt(r->reader->model);
    Next next = {mat_new(1, gpt->config.vocab), mat_new(1, gpt->config.vocab)};
    linear_forward(r->reader->workers, next.logits, mat_rows(r->trace.hidden[r->trace.layers], r->trace.n - 1, 1),
                   gpt_head(gpt), ACTIVATION_NONE);
    if (!sampling_probabilities(next.shares.data, next.logits.data, next.logits.cols, (SampleRule){.temperature = 1}))
        fail(EXIT_DATA, "%s: what the model says of the next token is no number (expected finite logits)",
             r->reader->folder);
    return next;
}

void next_free(Next *next) {
    mat_free(&next->logits), mat_free(&next->shares);
}

/* ---- 2. The picture ---- */

static void draw_next(const View *view, int top) {
    enum { MOST = 24 }; /* bars that have room for their names */
    const Reading *r = view->reading;
    const Tokenizer *tokenizer = r->reader->tokenizer;
    const char *label = r->labels[r->trace.n - 1];
    Next next = next_of(r);
    int known = tokenizer_count(tokenizer); /* a model may have places for more, which have no name */
    int best[MOST], count = sampling_likeliest(best, top < MOST ? top : MOST, next.shares.data, known);
    Mat bars = mat_new(1, count);
    char *names[MOST], *shown = utf8_shown(label, strlen(label), LABEL_TOKEN);
    for (int b = 0; b < count; b++)
        names[b] = tokenizer_label(tokenizer, best[b], LABEL_TOKEN), bars.data[b] = next.shares.data[best[b]];
    Frame frame =
        frame_begin(view, FRAME_PART_OF_MODEL, text_format("next"), text_format("The next token after \"%s\"", shown));
    bars_draw(frame.sheet, bars,
              (BarsOptions){.names = (const char *const *)names, .value_axis = "probability", .mark = BARS_NONE});
    frame_end(&frame);
    for (int b = 0; b < count; b++) memory_free(names[b]);
    memory_free(shown), mat_free(&bars), next_free(&next);
}

void tell_next(const Choices *ask, const View *view) {
    if (!view->reading->reader->model) return; /* a file's maps say nothing of what comes next */
    print_guesses(view->reading, view->reading->trace.n - 1, ask->top);
    if (view->kind == VIEW_HEAT && view->token < 0 && !ask->study.look.anatomy) draw_next(view, ask->top);
}

/* ---- 3. The proof's size ---- */

/* Does the pass show each token all that came before, and nothing else? */
static bool is_causal(const Trace *t) {
    for (int i = 0; i < t->n; i++)
        for (int j = 0; j < t->n; j++)
            if (mask_allows(t->attention[0].mask, i, j) != (j <= i)) return false;
    return true;
}

Proof proof_of(const Reading *r) {
    enum { LONGEST = 128 };
    const double most = 2e9;                     /* multiplications: a second or two in plain loops */
    if (!r->reader->model) return PROVE_NOTHING; /* maps out of a file: there are no weights */
    const Gpt *gpt = model_gpt(r->reader->model);
    const GptConfig *c = &gpt->config;
    if (c->positions->turn || c->positions->bias || c->unscaled || c->activation != ACTIVATION_GELU_TANH ||
        !is_causal(&r->trace)) {
        note("positions, a mask or a curve that GPT-2 itself has not: stages 07, 10, 15 and 17 tell them, so there is "
             "no proof here");
        return PROVE_NOTHING;
    }
    if (r->trace.n > LONGEST) {
        note("%d tokens: block 0 is told in loops up to %d, so there is no proof this time", r->trace.n, LONGEST);
        return PROVE_NOTHING;
    }
    if ((double)gpt->count * r->trace.n <= most) return PROVE_ALL;
    note("%d tokens are many for plain loops on %d blocks: only block 0 is told", r->trace.n, c->layers);
    return PROVE_BLOCK;
}
