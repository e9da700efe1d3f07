/* sentence - from the command line to a finished forward pass. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static void encode(Sentence *s) {
    const Choices *ask = s->ask;
    s->encoding = wordpiece_encode(&s->tokenizer, s->first.data, s->first.size, s->second.data, s->second.size);
    int limit = s->bert.config.positions, n = s->encoding.n;
    if (n > limit && !ask->truncate) fail(EXIT_DATA, "%d tokens, model takes %d. Try: pass --truncate", n, limit);
    if (n > limit) {
        encoding_truncate(&s->encoding, limit);
        note("%d tokens cut to the %d that the model takes", n, limit);
    }
    n = s->encoding.n;
    s->labels = memory_new((size_t)n, sizeof *s->labels, "the tokens");
    for (int i = 0; i < n; i++) s->labels[i] = vocab_token(&s->tokenizer.vocab, s->encoding.ids[i]);
}

static void prepare(Sentence *s) {
    encode(s);
    s->mask = mask_from_options(&s->ask->mask, s->encoding.n);
    s->mask_in_model = s->ask->mask_scope == SCOPE_MODEL;
}

Sentence sentence_open(const Choices *ask) {
    Sentence s = {.ask = ask, .token = -1, .workers = workers_new(ask->common.threads)};
    if (!folder_exists(ask->model))
        fail(EXIT_ENVIRONMENT, "%s: no such model folder. Try: data/fetch.sh minilm, or --model DIR", ask->model);
    s.tokenizer = wordpiece_load(ask->model);
    s.bert = bert_load(ask->model, s.workers, ask->allow_nonfinite);
    s.first = options_input(&ask->common, ask->meaning ? MEANING_TEXT : DEFAULT_TEXT);
    if (ask->pair && !ask->meaning) s.second = (Bytes){text_copy(ask->pair, strlen(ask->pair)), strlen(ask->pair)};
    prepare(&s);
    return s;
}

Sentence sentence_beside(const Sentence *owner, const char *text) {
    Sentence s = {.ask = owner->ask, .workers = owner->workers, .tokenizer = owner->tokenizer, .bert = owner->bert};
    s.first = (Bytes){text_copy(text, strlen(text)), strlen(text)};
    prepare(&s);
    return s;
}

void sentence_run(Sentence *s) {
    Mask mask = s->mask_in_model ? s->mask.rule : (Mask){0};
    if (!s->trace.n) s->trace = bert_trace_new(&s->bert, s->encoding.n);
    s->trace.tokens = s->labels;
    bert_forward(&s->bert, s->workers, s->encoding.ids, s->encoding.types, (Run){.mask = mask}, &s->trace);
    trace_check(&s->trace, mask, s->bert.path);
}

void sentence_close_beside(Sentence *s) {
    trace_free(&s->trace);
    named_mask_free(&s->mask);
    memory_free(s->labels);
    encoding_free(&s->encoding);
    bytes_free(&s->first);
    bytes_free(&s->second);
}

void sentence_close(Sentence *s) {
    sentence_close_beside(s);
    bert_free(&s->bert);
    wordpiece_free(&s->tokenizer);
    workers_free(s->workers);
}

/* ---- the maps as they are shown ---- */

Shown shown_new(void) {
    return (Shown){.layer = -1};
}

Mat shown_map(Shown *shown, const Sentence *s, int layer, int head) {
    if (s->mask_in_model || mask_is_full(s->mask.rule)) return trace_map(&s->trace, layer, head);
    if (shown->layer != layer) {
        mat_free(&shown->maps);
        shown->maps = trace_maps_under(&s->trace, layer, s->mask.rule);
        shown->layer = layer;
    }
    return mat_rows(shown->maps, head * s->trace.n, s->trace.n);
}

void shown_free(Shown *shown) {
    mat_free(&shown->maps);
}
