#include "text/tokenizer_json.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/tokenizer_steps.h"
#include "text/utf8.h"
#include "text/vocab_json.h"

#include <limits.h>
#include <stdlib.h>
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

/* What a class that makes its own tokenizer of the vocabulary has instead; one warning when the file says otherwise. */
static void follow_class(WordPiece *tokenizer, const char *path, const char *unk, SpecialNames *names) {
    const char *own = names->text[SPECIAL_UNK] ? names->text[SPECIAL_UNK] : "[UNK]", *key = NULL;
    bool prefix = strcmp(tokenizer->prefix, "##") != 0;
    if (strcmp(unk, own) != 0) key = "model.unk_token";
    if (prefix) key = "model.continuing_subword_prefix";
    if (tokenizer->longest_word != 100) key = "model.max_input_chars_per_word";
    if (!key) return;
    warn("%s: %s does not count, as for AutoTokenizer: the tokenizer's class is BERT's, which has ##, 100 and %s; "
         "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"} in tokenizer_config.json would take the file as it stands",
         path, key, own);
    memory_free(tokenizer->prefix);
    tokenizer->prefix = text_copy("##", 2), tokenizer->prefix_size = 2, tokenizer->longest_word = 100;
}

/* The same for the normalizer. */
static void follow_rules(BertRules *rules, const char *path, const BertRules *own) {
    const char *key = NULL;
    if (rules->lower_first || rules->take_apart || rules->strip_marks) key = "steps";
    else if (rules->lower_case != own->lower_case) key = "lowercase";
    else if (rules->strip_accents != own->strip_accents) key = "strip_accents";
    else if (rules->space_cjk != own->space_cjk) key = "handle_chinese_chars";
    else if (rules->clean_text != own->clean_text) key = "clean_text";
    if (key)
        warn(
            "%s: normalizer.%s does not count, as for AutoTokenizer: the tokenizer's class is BERT's, whose normalizer "
            "is BertNormalizer with what tokenizer_config.json says (here: lower case %s)",
            path, key, own->lower_case ? "yes" : "no");
    *rules = *own;
}

static void read_model(WordPiece *tokenizer, const char *path, json_t *root, bool rebuilt, SpecialNames *names) {
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
    const char *unk = json_text(path, model, "unk_token", "[UNK]");
    if (rebuilt) follow_class(tokenizer, path, unk, names);
    else special_name_set(names, SPECIAL_UNK, unk);
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

/* The ids that a template gives to a name must be that token's. */
static void check_template_id(const WordPiece *tokenizer, const char *path, const json_t *processor, const char *name) {
    const json_t *ids = json_object_get(json_object_get(json_object_get(processor, "special_tokens"), name), "ids");
    int id = vocab_id(&tokenizer->vocab, name, strlen(name));
    if (ids && id >= 0 && (json_array_size(ids) != 1 || json_integer_value(json_array_get(ids, 0)) != id))
        fail(EXIT_DATA, "%s: post_processor.special_tokens: '%.48s' has other ids (expected %d, as in the vocabulary)",
             path, name, id);
}

static void check_bert_id(const WordPiece *tokenizer, const char *path, const char *key, const char *name, int said) {
    int id = vocab_id(&tokenizer->vocab, name, strlen(name));
    if (id >= 0 && id != said)
        fail(EXIT_DATA, "%s: post_processor.%s: '%.48s' has the id %d (expected %d, as in the vocabulary)", path, key,
             name, said, id);
}

static void warn_of_part(const char *path, const char *part, const char *type) {
    warn("%s: %s (%.80s) does not count, as for AutoTokenizer: the tokenizer's class is BERT's", path, part, type);
}

/* A class of its own has BERT's splitter, whatever the file says. */
static void check_splitter(const char *path, const json_t *root, bool rebuilt) {
    const char *other = steps_other_splitter(path, root);
    if (other && rebuilt) warn_of_part(path, "pre_tokenizer", other);
    else if (other)
        fail(EXIT_DATA,
             "%s: the pre_tokenizer is %s (expected BertPreTokenizer, or WhitespaceSplit and Punctuation). Try: a BERT "
             "model",
             path, other);
}

/* And BERT's frame, and the names that are said beside the file. */
static void read_post_processor(const WordPiece *tokenizer, const char *path, const json_t *root, bool rebuilt,
                                SpecialNames *names) {
    Steps steps = steps_read(path, root, "post_processor");
    const char *cls = NULL, *sep = NULL;
    int cls_id, sep_id;
    if (steps.n == 0) {
        if (rebuilt) return;
        warn("%s: there is no post_processor, so the fast tokenizer would add no [CLS] and [SEP]; this program does",
             path);
        return;
    }
    if (steps.n > 1 && !rebuilt)
        fail(EXIT_DATA, "%s: the post_processor has %d steps (expected one)", path, steps.n);
    const json_t *processor = steps.step[0];
    const char *type = step_type(path, "post_processor", processor);
    bool bert = strcmp(type, "BertProcessing") == 0 &&
                json_unpack((json_t *)processor, "{s:[s,i],s:[s,i]}", "cls", &cls, &cls_id, "sep", &sep, &sep_id) == 0;
    bool fits = bert || (strcmp(type, "TemplateProcessing") == 0 && read_template(processor, &cls, &sep));
    if (rebuilt && (!fits || steps.n > 1)) warn_of_part(path, "post_processor", type);
    if (rebuilt) return;
    if (!fits)
        fail(EXIT_DATA,
             "%s: the post_processor (%s) does not make [CLS] A [SEP] B [SEP] with types 0 and 1, as BERT does", path,
             type);
    if (bert) {
        check_bert_id(tokenizer, path, "cls", cls, cls_id);
        check_bert_id(tokenizer, path, "sep", sep, sep_id);
    } else {
        check_template_id(tokenizer, path, processor, cls);
        check_template_id(tokenizer, path, processor, sep);
    }
    special_name_set(names, SPECIAL_CLS, cls);
    special_name_set(names, SPECIAL_SEP, sep);
}

/* ---- added tokens ---- */

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

/* The id of a token that nothing has yet, as AutoTokenizer counts; said: by the file, or -1. */
static int new_id(WordPiece *tokenizer, const char *place, const char *text, int said) {
    Vocab *vocab = &tokenizer->vocab;
    int id = tokenizer->next;
    if (said >= 0 && said < vocab->count && said != id && vocab->length[said] > 0)
        refuse_id(tokenizer, place, text, -1, said);
    if (said >= 0 && said != id)
        warn("%s: '%.48s' has the id %d, but gets %d, the next free one, as for AutoTokenizer", place, text, said, id);
    if (id == vocab->count) vocab_add(vocab, text, strlen(text));
    else if (vocab->length[id] > 0)
        warn(
            "%s: '%.48s' gets the id %d, as for AutoTokenizer, which is the id of '%.48s', too: some tokens were taken "
            "out of the vocabulary",
            place, text, id, vocab_token(vocab, id));
    return id;
}

void tokenizer_json_add(WordPiece *tokenizer, const char *place, const json_t *entry, int said) {
    const char *text = json_is_object(entry) ? json_text(place, entry, "content", NULL) : NULL;
    if (!text && said >= 0) fail(EXIT_DATA, "%s: the entry with the id %d has no content", place, said);
    if (!text) fail(EXIT_DATA, "%s: an entry has no content", place);
    size_t length = strlen(text);
    int id = wordpiece_known(tokenizer, text);
    if (said >= 0 && id >= 0 && said != id) refuse_id(tokenizer, place, text, id, said);
    if (length > 0 && id < 0) id = new_id(tokenizer, place, text, said);
    if (id >= tokenizer->next) tokenizer->next = id + 1;
    AddedToken token = added_token_read(place, entry, id);
    if (token.normalized) {
        String clean = normalizer_text(tokenizer->rules, text, length); /* it is cut from clean text */
        added_tokens_add(&tokenizer->normalized, clean.text, clean.length, token);
        string_free(&clean);
    } else {
        added_tokens_add(&tokenizer->raw, text, length, token);
    }
}

static int by_id(const void *a, const void *b) {
    const json_t *const *x = a, *const *y = b;
    json_int_t one = json_integer_value(json_object_get(*x, "id")),
               other = json_integer_value(json_object_get(*y, "id"));
    return (one > other) - (one < other);
}

/* In the order of the file; a class of its own adds the lowest id first. */
static void read_added_tokens(WordPiece *tokenizer, const char *path, const json_t *root, bool rebuilt) {
    const json_t *list = json_object_get(root, "added_tokens");
    size_t n = json_array_size(list);
    char *place = text_format("%s: added_tokens", path);
    const json_t **entry = memory_new(n + 1, sizeof *entry, "added tokens");
    for (size_t i = 0; i < n; i++) {
        entry[i] = json_array_get(list, i);
        if (!json_is_object(entry[i])) fail(EXIT_DATA, "%s: entry %zu is no object {...}", place, i);
        json_int_needed(place, entry[i], "id", 0, INT_MAX);
    }
    if (rebuilt) qsort(entry, n, sizeof *entry, by_id);
    for (size_t i = 0; i < n; i++)
        tokenizer_json_add(tokenizer, place, entry[i], json_int_needed(place, entry[i], "id", 0, INT_MAX));
    memory_free(entry);
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

WordPiece tokenizer_json_parse(const char *path, const char *bytes, size_t size, const Beside *beside,
                               const BertRules *own, SpecialNames *names) {
    TokenIds tokens;
    json_t *root = token_ids_cut(path, bytes, size, &tokens);
    const char *other = own ? steps_other_normalizer(path, root) : NULL;
    WordPiece tokenizer = {.rules = other ? *own : steps_rules(path, root)};
    if (other) warn_of_part(path, "normalizer", other);
    else if (own) follow_rules(&tokenizer.rules, path, own);
    read_model(&tokenizer, path, root, own, names);
    tokenizer.next = tokens.count;
    tokenizer.vocab = token_ids_vocab(path, &tokens);
    tokenizer.pieces = tokenizer.vocab.count;
    check_splitter(path, root, own);
    read_post_processor(&tokenizer, path, root, own, names);
    beside_leave_out(beside, path, json_object_get(root, "added_tokens"));
    read_added_tokens(&tokenizer, path, root, own);
    tokenizer.source = describe(path, root);
    json_decref(root);
    return tokenizer;
}
