#include "text/tokenizer_json.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/tokenizer_steps.h"
#include "text/utf8.h"
#include "text/vocab_json.h"

#include <limits.h>
#include <string.h>

/* ---- its sections ---- */

/* Files of 2020 give the model no type; they are told apart by what only one kind has. */
static const char *model_type(const char *path, const json_t *model) {
    const char *type = json_text(path, model, "type", NULL);
    if (type) return type;
    if (json_object_get(model, "merges")) return "BPE";
    if (json_is_array(json_object_get(model, "vocab"))) return "Unigram";
    return json_object_get(model, "max_input_chars_per_word") ? "WordPiece" : "WordLevel";
}

static void read_model(WordPiece *tokenizer, const char *path, json_t *root, SpecialNames *names) {
    json_t *model = json_object_get(root, "model");
    if (!json_is_object(model)) fail(EXIT_DATA, "%s: the key model is missing", path);
    const char *type = model_type(path, model);
    if (strcmp(type, "WordPiece") != 0)
        fail(EXIT_DATA, "%s: this tokenizer is %s (expected WordPiece). Try: a BERT model, such as data/minilm", path,
             type);
    const char *prefix = json_text(path, model, "continuing_subword_prefix", "##");
    tokenizer->prefix_size = strlen(prefix);
    tokenizer->prefix = text_copy(prefix, tokenizer->prefix_size);
    tokenizer->longest_word = json_int(path, model, "max_input_chars_per_word", 0, 1000000, 100);
    special_name_set(names, SPECIAL_UNK, json_text(path, model, "unk_token", "[UNK]"));
    if (!json_is_object(json_object_get(model, "vocab")))
        fail(EXIT_DATA, "%s: model.vocab is missing (expected {\"token\": id, ...})", path);
}

/* The tokens around the texts, from the template. Its shape must be [CLS] A [SEP], and [CLS] A [SEP] B [SEP] for a
 * pair, with type 1 for B and the last [SEP]. */
static bool read_template(const json_t *template, const char **cls, const char **sep) {
    const char *a, *b, *cls_again, *sep_again, *last;
    int t[8];
    return json_unpack((json_t *)json_object_get(template, "single"), "[{s:{s:s,s:i}},{s:{s:s,s:i}},{s:{s:s,s:i}}!]",
                       "SpecialToken", "id", cls, "type_id", &t[0], "Sequence", "id", &a, "type_id", &t[1],
                       "SpecialToken", "id", sep, "type_id", &t[2]) == 0 &&
           t[0] == 0 && t[1] == 0 && t[2] == 0 && strcmp(a, "A") == 0 &&
           json_unpack((json_t *)json_object_get(template, "pair"),
                       "[{s:{s:s,s:i}},{s:{s:s,s:i}},{s:{s:s,s:i}},{s:{s:s,s:i}},{s:{s:s,s:i}}!]", "SpecialToken", "id",
                       &cls_again, "type_id", &t[3], "Sequence", "id", &a, "type_id", &t[4], "SpecialToken", "id",
                       &sep_again, "type_id", &t[5], "Sequence", "id", &b, "type_id", &t[6], "SpecialToken", "id",
                       &last, "type_id", &t[7]) == 0 &&
           t[3] == 0 && t[4] == 0 && t[5] == 0 && t[6] == 1 && t[7] == 1 && strcmp(a, "A") == 0 &&
           strcmp(b, "B") == 0 && strcmp(*cls, cls_again) == 0 && strcmp(*sep, sep_again) == 0 &&
           strcmp(*sep, last) == 0;
}

static void read_post_processor(const char *path, const json_t *root, SpecialNames *names) {
    Steps steps = steps_read(path, root, "post_processor");
    const char *cls = NULL, *sep = NULL;
    if (steps.n == 0) {
        warn("%s: there is no post_processor, so the fast tokenizer would add no [CLS] and [SEP]; this program does",
             path);
        return;
    }
    if (steps.n > 1) fail(EXIT_DATA, "%s: the post_processor has %d steps (expected one)", path, steps.n);
    const json_t *processor = steps.step[0];
    const char *type = step_type(path, "post_processor", processor);
    bool bert = strcmp(type, "BertProcessing") == 0 && json_unpack((json_t *)processor, "{s:[s,i],s:[s,i]}", "cls",
                                                                   &cls, &(int){0}, "sep", &sep, &(int){0}) == 0;
    if (!bert && !(strcmp(type, "TemplateProcessing") == 0 && read_template(processor, &cls, &sep)))
        fail(EXIT_DATA,
             "%s: the post_processor (%s) does not make [CLS] A [SEP] B [SEP] with types 0 and 1, as BERT does", path,
             type);
    special_name_set(names, SPECIAL_CLS, cls);
    special_name_set(names, SPECIAL_SEP, sep);
}

/* ---- added tokens ---- */

static void append_letter(void *context, Letter letter) {
    char bytes[4];
    string_add_bytes(context, bytes, (size_t)utf8_encode(letter.character, bytes));
}

/* What the text looks like once it is clean: what is cut from clean text is looked for in that form. */
static String cleaned(BertRules rules, const char *text, size_t size) {
    String clean = {0};
    Normalizer normalizer = {.rules = rules, .emit = append_letter, .context = &clean};
    for (size_t at = 0; at < size;) {
        int length;
        normalizer_feed(&normalizer, (Letter){utf8_decode(text + at, size - at, &length), 0, 0});
        at += (size_t)length;
    }
    normalizer_end(&normalizer);
    normalizer_free(&normalizer);
    return clean;
}

/* A name for an id that has one already is refused: AutoTokenizer gives it another id, which no model has learnt. */
static _Noreturn void refuse_id(const WordPiece *tokenizer, const char *place, const char *text, int known, int id) {
    const Vocab *vocab = &tokenizer->vocab;
    if (known < 0 && id < vocab->count)
        fail(EXIT_DATA,
             "%s: '%.48s' has the id %d (expected %d, the next free one: %d is '%.48s'). Try: write '%.48s' in its "
             "place into the vocabulary",
             place, text, id, vocab->count, id, vocab_token(vocab, id), text);
    fail(EXIT_DATA, "%s: '%.48s' has the id %d (expected %d, %s). Try: that id", place, text, id,
         known >= 0 ? known : vocab->count, known >= 0 ? "as in the vocabulary" : "the next free one");
}

void tokenizer_json_add(WordPiece *tokenizer, const char *place, const json_t *entry, int id) {
    const char *text = json_is_object(entry) ? json_text(place, entry, "content", NULL) : NULL;
    if (!text) fail(EXIT_DATA, "%s: the entry with the id %d has no content", place, id);
    size_t length = strlen(text);
    int known = vocab_id(&tokenizer->vocab, text, length);
    if (id != (known >= 0 ? known : tokenizer->vocab.count)) refuse_id(tokenizer, place, text, known, id);
    if (known < 0) vocab_add(&tokenizer->vocab, text, length);
    AddedToken token = {id, json_flag(place, entry, "single_word", false), json_flag(place, entry, "lstrip", false),
                        json_flag(place, entry, "rstrip", false)};
    bool special = json_flag(place, entry, "special", false);
    if (json_flag(place, entry, "normalized", !special)) {
        String clean = cleaned(tokenizer->rules, text, length);
        added_tokens_add(&tokenizer->normalized, clean.text, clean.length, token);
        string_free(&clean);
    } else {
        added_tokens_add(&tokenizer->raw, text, length, token);
    }
}

static void read_added_tokens(WordPiece *tokenizer, const char *path, const json_t *root) {
    const json_t *list = json_object_get(root, "added_tokens");
    char *place = text_format("%s: added_tokens", path);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        if (!json_is_object(entry)) fail(EXIT_DATA, "%s: entry %zu is no object {...}", place, i);
        tokenizer_json_add(tokenizer, place, entry, json_int_needed(place, entry, "id", 0, INT_MAX));
    }
    memory_free(place);
}

static char *describe(const char *path, const json_t *root) {
    const json_t *truncation = json_object_get(root, "truncation"), *padding = json_object_get(root, "padding");
    bool cuts = json_is_object(truncation), pads = json_is_object(padding);
    if (!cuts && !pads) return text_copy(path, strlen(path));
    if (!cuts) return text_format("%s (its padding is ignored)", path);
    return text_format("%s (its truncation to %lld ids%s)", path,
                       (long long)json_integer_value(json_object_get(truncation, "max_length")),
                       pads ? " and its padding are ignored" : " is ignored");
}

WordPiece tokenizer_json_parse(const char *path, const char *bytes, size_t size, SpecialNames *names) {
    TokenIds tokens;
    json_t *root = token_ids_cut(path, bytes, size, &tokens);
    WordPiece tokenizer = {.rules = steps_rules(path, root)};
    read_model(&tokenizer, path, root, names);
    tokenizer.vocab = token_ids_vocab(path, &tokens);
    tokenizer.pieces = tokenizer.vocab.count;
    steps_check_splitter(path, root);
    read_post_processor(path, root, names);
    read_added_tokens(&tokenizer, path, root);
    tokenizer.source = describe(path, root);
    json_decref(root);
    return tokenizer;
}
