#include "view/living_question.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"

#include <limits.h>
#include <string.h>

static const char ASKED[] = "the question";

json_t *living_question(const char *text, size_t size) {
    return json_parse(ASKED, text, size);
}

/* question[key] as whole numbers from lowest to highest. [*count]; NULL and 0 when it is not there. You free them. */
static int *numbers(const json_t *question, const char *key, int lowest, int highest, int *count) {
    const json_t *list = json_object_get(question, key);
    *count = 0;
    if (!list || json_is_null(list)) return NULL;
    if (!json_is_array(list)) fail(EXIT_DATA, "%s: %s is no list of numbers", ASKED, key);
    *count = (int)json_array_size(list);
    int *all = memory_new((size_t)*count, sizeof *all, "a list of numbers");
    for (int i = 0; i < *count; i++) {
        const json_t *item = json_array_get(list, (size_t)i);
        json_int_t number = json_integer_value(item);
        if (!json_is_integer(item) || number < lowest || number > highest)
            fail(EXIT_DATA, "%s: %s holds %lld (expected whole numbers from %d to %d)", ASKED, key, (long long)number,
                 lowest, highest);
        all[i] = (int)number;
    }
    return all;
}

/* ---- the text ---- */

static Encoding given(const json_t *question, const Reader *reader) {
    ModelCard card = model_card(reader->model);
    int tokens = tokenizer_count(reader->tokenizer), n, typed;
    int *ids = numbers(question, "ids", 0, (tokens < card.vocab ? tokens : card.vocab) - 1, &n);
    int *types = numbers(question, "types", 0, card.types - 1, &typed);
    if (types && typed != n) fail(EXIT_DATA, "%s: %d types for %d id%s", ASKED, typed, n, PLURAL(n));
    Encoding e = {0};
    for (int i = 0; i < n; i++) encoding_push(&e, ids[i], types ? types[i] : 0, 0, 0);
    memory_free(ids), memory_free(types);
    return e;
}

LivingText living_text(const json_t *question, const Reader *reader) {
    LivingText text = {.first = reading_text(json_text(ASKED, question, "text", NULL)),
                       .second = reading_text(json_text(ASKED, question, "pair", NULL))};
    if (json_is_array(json_object_get(question, "ids"))) text.encoding = given(question, reader);
    else if (!text.first.data) fail(EXIT_DATA, "%s has neither text nor ids", ASKED);
    else
        text.encoding =
            tokenizer_encode(reader->tokenizer, text.first.data, text.first.size, text.second.data, text.second.size);
    return text;
}

void living_fits(const LivingText *text, const Reader *reader) {
    int n = text->encoding.n, most = model_card(reader->model).context;
    if (n < 1) fail(EXIT_DATA, "the text has no token (expected one at least). Try: a word");
    if (n > most) fail(EXIT_DATA, "%d token%s, and the model takes %d. Try: a shorter text", n, PLURAL(n), most);
}

void living_text_free(LivingText *text) {
    bytes_free(&text->first), bytes_free(&text->second);
    encoding_free(&text->encoding);
}

/* ---- the pass ---- */

/* {kind, window, ..., causal}: what the kind does not take is ignored, what is too small becomes the least. */
static MaskOptions mask_of(const json_t *mask) {
    MaskOptions o = mask_options_new(MASK_NONE);
    const char *kind = json_text(ASKED, mask, "kind", MASK_KIND[MASK_NONE].name);
    o.kind = mask_kind_find(kind);
    if (o.kind < 0 || o.kind >= MASK_OPTIONS) fail(EXIT_DATA, "%s: there is no mask %.40s", ASKED, kind);
    for (int k = 0; k < MASK_KNOBS; k++) {
        const MaskKnob *knob = &MASK_KNOB[k];
        if (!knob->letter) continue;
        int value = json_int(ASKED, mask, knob->name, -1, INT_MAX, -1);
        *mask_knob_at(&o.said, knob) = mask_kind_takes(o.kind, knob) || !knob->help ? value : -1;
    }
    o.said.causal = json_flag(ASKED, mask, "causal", false);
    mask_options_raise(&o);
    return o;
}

static bool *layers_without(const json_t *question, int layers) {
    int count;
    const json_t *said = json_object_get(question, "layers");
    bool *unmasked = memory_new((size_t)layers, sizeof *unmasked, "the layers");
    if (!said || json_is_null(said) || json_is_string(said)) return unmasked; /* "all" */
    int *named = numbers(question, "layers", 0, layers - 1, &count);
    for (int l = 0; l < layers; l++) unmasked[l] = true;
    for (int i = 0; i < count; i++) unmasked[named[i]] = false;
    memory_free(named);
    return unmasked;
}

/* [[layer, head], ...]; head -1 is the whole layer. */
static bool *heads_off(const json_t *question, int layers, int heads, bool *any) {
    const json_t *list = json_object_get(question, "off");
    bool *off = memory_new((size_t)layers * (size_t)heads, sizeof *off, "the heads");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i), *l = json_array_get(pair, 0), *h = json_array_get(pair, 1);
        json_int_t layer = json_integer_value(l), head = json_integer_value(h);
        if (!json_is_integer(l) || !json_is_integer(h) || layer < 0 || layer >= layers || head < -1 || head >= heads)
            fail(EXIT_DATA, "%s: off holds no head (expected [layer, head], layers 0 to %d, heads 0 to %d, -1: all)",
                 ASKED, layers - 1, heads - 1);
        for (int one = 0; one < heads; one++)
            if (head < 0 || head == one) off[(int)layer * heads + one] = *any = true;
    }
    return off;
}

/* Each token once, or NULL: as they stand. */
static int *order_of(const json_t *question, int n) {
    int count;
    int *order = numbers(question, "order", 0, n - 1, &count);
    if (!order) return NULL;
    bool *seen = memory_new((size_t)n, sizeof *seen, "an order"), each = count == n;
    for (int i = 0; i < count; i++) each = each && !seen[order[i]], seen[order[i]] = true;
    memory_free(seen);
    if (!each) fail(EXIT_DATA, "%s: order does not name each of the %d tokens once", ASKED, n);
    return order;
}

LivingPass living_pass(const json_t *question, const Reader *reader, int n) {
    ModelCard card = model_card(reader->model);
    const json_t *mask = json_object_get(question, "mask");
    LivingPass pass = {.mask = mask_of(mask)};
    pass.masks = pass.mask.kind != MASK_NONE || pass.mask.said.causal || pass.mask.said.valid > 0;
    pass.unmasked = layers_without(question, card.layers);
    pass.off = heads_off(question, card.layers, card.heads, &pass.silences);
    pass.order = order_of(question, n);
    pass.reorders = pass.order != NULL;
    pass.masked = numbers(question, "masked", 0, n - 1, &pass.masked_count);
    pass.strips = numbers(question, "strips", 0, card.layers - 1, &pass.strips_count);
    if (pass.masked_count && tokenizer_mask_id(reader->tokenizer) < 0)
        fail(EXIT_DATA, "this model's vocabulary has no [MASK]. Try: a BERT, which has one");
    return pass;
}

void living_pass_free(LivingPass *pass) {
    memory_free(pass->unmasked), memory_free(pass->off), memory_free(pass->order);
    memory_free(pass->masked), memory_free(pass->strips);
    *pass = (LivingPass){0};
}

/* ---- one token more ---- */

LivingDraw living_draw(const json_t *question) {
    return (LivingDraw){.rule = {.temperature = json_real_at(ASKED, question, "temperature", 0, 1e6, 1),
                                 .top_k = json_int(ASKED, question, "top_k", 0, INT_MAX, 0),
                                 .top_p = json_real_at(ASKED, question, "top_p", 0, 1, 0)},
                        .seed = json_int(ASKED, question, "seed", 0, INT_MAX, 0)};
}
