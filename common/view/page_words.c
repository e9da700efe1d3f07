/* What the page's block says in words: the model, the tokens. Declared in view/page.h. */
#include "base/json.h"
#include "base/memory.h"
#include "view/heads.h"
#include "view/page.h"
#include "weights/mask_json.h"

#include <string.h>

/* A token as its vocabulary, or the file of maps, spells it. */
static void add_spelled(String *page, const Reading *r, int token) {
    String text = {0};
    if (r->reader->model) tokenizer_token(r->reader->tokenizer, r->encoding.ids[token], &text);
    else string_add(&text, "%s", r->spelled ? r->spelled[token] : r->labels[token]);
    json_add_text(page, text.text, text.length);
    string_free(&text);
}

/* A file says nothing of its family: maps that look ahead are an encoder's. */
static bool model_is_bert(const Reading *r, bool looks_ahead) {
    return r->reader->model ? model_bert(r->reader->model) != NULL : looks_ahead;
}

static void say_sizes(String *page, const Reader *reader) {
    ModelCard card = model_card(reader->model);
    const Gpt *gpt = model_gpt(reader->model);
    const char *positions = gpt ? gpt->config.positions->name : "learned", *units = tokenizer_units(reader->tokenizer);
    string_add(page, ",\"vocab\":%d,\"context\":%d,\"parameters\":%zu,\"positions\":", card.vocab, card.context,
               card.parameters);
    json_add_text(page, positions, strlen(positions));
    string_add(page, ",\"units\":"), json_add_text(page, units, strlen(units));
}

void page_say_model(String *page, const Reading *r, PagePlan plan) {
    const Trace *t = &r->trace;
    bool ahead = !reading_pass_mask(r).causal;
    char *name = reader_name(r->reader);
    string_add(page, "\"version\":1,\"model\":{\"name\":");
    json_add_text(page, name, strlen(name));
    memory_free(name);
    string_add(page, ",\"family\":\"%s\",\"layers\":%d,\"heads\":%d,\"width\":%d,\"trained\":%s}",
               model_is_bert(r, ahead) ? "bert" : "gpt2", t->layers, t->heads, t->width,
               plan.trained ? "true" : "false");
    string_add(page, ",\"d_head\":%d,\"scale\":%.9g", t->attention[0].q.data ? t->width / t->heads : 1,
               t->attention[0].q.data ? (double)attention_scale(&t->attention[0]) : 1.);
    string_add(page, ",\"trained\":{"), mask_json_add(page, reading_pass_mask(r)), string_add(page, "}");
    if (r->reader->model) say_sizes(page, r->reader);
}

void page_say_tokens(String *page, const Reading *r) {
    static const char *const roles[] = {[ROLE_WORD] = "word", [ROLE_PIECE] = "piece", [ROLE_SPECIAL] = "special"};
    const Encoding *e = &r->encoding;
    unsigned char *marks = reading_marks(r);
    string_add(page, ",\"tokens\":[");
    for (int i = 0; i < e->n; i++) string_add(page, i ? "," : ""), add_spelled(page, r, i);
    string_add(page, "],\"labels\":[");
    for (int i = 0; i < e->n; i++)
        string_add(page, i ? "," : ""), json_add_text(page, r->labels[i], strlen(r->labels[i]));
    string_add(page, "],\"roles\":[");
    for (int i = 0; i < e->n; i++) string_add(page, "%s\"%s\"", i ? "," : "", roles[r->roles[i]]);
    string_add(page, "],\"ids\":"), json_add_numbers(page, e->ids, e->n);
    string_add(page, ",\"segments\":"), json_add_numbers(page, e->types, e->n);
    string_add(page, ",\"marks\":[");
    for (int i = 0; i < e->n; i++) string_add(page, i ? ",%d" : "%d", marks[i]);
    string_add(page, "],\"texts\":[");
    if (r->first.data) json_add_text(page, r->first.data, r->first.size);
    if (r->second.data) string_add(page, ","), json_add_text(page, r->second.data, r->second.size);
    string_add(page, "]");
    memory_free(marks);
}
