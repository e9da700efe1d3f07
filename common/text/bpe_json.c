/* tokenizer.json with a byte-level BPE model, read and written. */
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "text/bpe_build.h"
#include "text/bpe_files.h"
#include "text/tokenizer_steps.h"
#include "text/vocab_json.h"

#include <string.h>

static void refuse_unless(bool fine, const char *path, const char *what) {
    if (!fine) fail(EXIT_DATA, "%s: %s (expected a byte-level BPE tokenizer as GPT-2's)", path, what);
}

/* Whether object[key] is missing, null, false, 0 or "". */
static bool is_off(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return !value || json_is_null(value) || json_is_false(value) ||
           (json_is_number(value) && json_number_value(value) == 0) ||
           (json_is_string(value) && !json_string_length(value));
}

/* A rule that is not GPT-2's. Its own class, which makes its tokenizer of the vocabulary and the merges, passes over
 * it. */
static void rule(bool fine, const char *path, bool rebuilt, const char *what) {
    if (rebuilt && !fine)
        warn("%s: %s, which does not count, as for AutoTokenizer: the tokenizer's class is GPT-2's", path, what);
    else refuse_unless(fine, path, what);
}

static void check_splitter(const char *path, const json_t *root, bool rebuilt) {
    Steps steps = steps_read(path, root, "pre_tokenizer");
    bool level = steps.n == 1 && strcmp(step_type(path, "pre_tokenizer", steps.step[0]), "ByteLevel") == 0;
    rule(level, path, rebuilt, "pre_tokenizer is not ByteLevel");
    if (level) rule(json_flag(path, steps.step[0], "use_regex", true), path, rebuilt, "pre_tokenizer.use_regex is off");
}

static void check_rules(const char *path, const json_t *root, const json_t *model, bool rebuilt) {
    refuse_unless(json_is_object(model), path, "has no model");
    refuse_unless(strcmp(json_text(path, model, "type", "BPE"), "BPE") == 0, path, "model.type is not BPE");
    rule(steps_read(path, root, "normalizer").n == 0, path, rebuilt, "has a normalizer");
    rule(is_off(model, "dropout"), path, rebuilt, "model.dropout is on");
    rule(is_off(model, "continuing_subword_prefix"), path, rebuilt, "model.continuing_subword_prefix is set");
    rule(is_off(model, "end_of_word_suffix"), path, rebuilt, "model.end_of_word_suffix is set");
    rule(is_off(model, "byte_fallback"), path, rebuilt, "model.byte_fallback is on");
    rule(is_off(model, "ignore_merges"), path, rebuilt, "model.ignore_merges is on");
    check_splitter(path, root, rebuilt);
}

/* A merge is "left right" in older files, ["left", "right"] in newer ones. */
static void add_merge(BpeBuild *build, const char *path, const json_t *merge, size_t number) {
    const json_t *left = json_array_get(merge, 0), *right = json_array_get(merge, 1);
    if (json_array_size(merge) == 2 && json_is_string(left) && json_is_string(right)) {
        bpe_build_merge(build, json_string_value(left), json_string_length(left), json_string_value(right),
                        json_string_length(right), 0);
        return;
    }
    const char *text = json_string_value(merge), *space = text ? strchr(text, ' ') : NULL;
    if (!space) fail(EXIT_DATA, "%s: model.merges: number %zu is no merge (expected two tokens)", path, number);
    bpe_build_merge(build, text, (size_t)(space - text), space + 1, strlen(space + 1), 0);
}

/* Tokens that stand in added_tokens and not in model.vocab take the ids after it, in rising order. */
static Vocab all_names(const char *path, TokenIds *ids, const json_t *added) {
    refuse_unless(ids->count > 0, path, "model.vocab has no tokens");
    Vocab names = token_ids_vocab(path, ids);
    for (size_t i = 0; i < json_array_size(added); i++) {
        const json_t *entry = json_array_get(added, i);
        const char *text = json_text(path, entry, "content", "");
        int known = vocab_id(&names, text, strlen(text));
        int id = json_int_needed(path, entry, "id", 0, known < 0 ? names.count : names.count - 1);
        if (known < 0 && id == names.count && *text) vocab_add(&names, text, strlen(text));
        else if (known != id)
            fail(EXIT_DATA, "%s: added_tokens: '%.80s' has the id %d (expected %d, its own or the next free one)", path,
                 text, id, known < 0 ? names.count : known);
    }
    return names;
}

/* ---- what is put around a text ---- */

static void add_id(const Bpe *bpe, const char *path, const json_t *id, Ids *out) {
    json_int_t number = json_integer_value(id);
    if (!json_is_integer(id) || number < 0 || number >= bpe->vocab.count)
        fail(EXIT_DATA, "%s: post_processor names an id that is none (expected 0 to %d)", path, bpe->vocab.count - 1);
    ids_add(out, (int)number);
}

/* {"SpecialToken": {"id": NAME}} has its ids in special_tokens; {"Sequence": ...} is the text. */
static void add_template(Bpe *bpe, const char *path, const json_t *step) {
    const json_t *single = json_object_get(step, "single"), *known = json_object_get(step, "special_tokens");
    Ids *out = &bpe->before;
    for (size_t i = 0; i < json_array_size(single); i++) {
        const json_t *item = json_array_get(single, i), *token = json_object_get(item, "SpecialToken");
        if (!token) out = &bpe->behind;
        const char *name = token ? json_text(path, token, "id", "") : "";
        const json_t *ids = json_object_get(json_object_get(known, name), "ids");
        if (token && json_array_size(ids) == 0)
            fail(EXIT_DATA, "%s: post_processor names '%.48s', which its special_tokens have not", path, name);
        for (size_t k = 0; k < json_array_size(ids); k++) add_id(bpe, path, json_array_get(ids, k), out);
    }
}

/* ByteLevel only moves offsets. */
static void add_frame(Bpe *bpe, const char *path, const json_t *root) {
    Steps steps = steps_read(path, root, "post_processor");
    bool framed = false;
    for (int i = 0; i < steps.n; i++) {
        const json_t *step = steps.step[i];
        const char *type = step_type(path, "post_processor", step);
        bool template = strcmp(type, "TemplateProcessing") == 0;
        bool pair = strcmp(type, "RobertaProcessing") == 0 || strcmp(type, "BertProcessing") == 0;
        if (strcmp(type, "ByteLevel") == 0) continue;
        if (framed || (!template && !pair))
            fail(EXIT_DATA, "%s: post_processor is %s (expected ByteLevel, or one TemplateProcessing)", path, type);
        framed = true;
        if (template) add_template(bpe, path, step);
        if (pair) add_id(bpe, path, json_array_get(json_object_get(step, "cls"), 1), &bpe->before);
        if (pair) add_id(bpe, path, json_array_get(json_object_get(step, "sep"), 1), &bpe->behind);
    }
}

Bpe bpe_parse_json(const char *path, const char *bytes, size_t size, const Beside *beside) {
    TokenIds ids;
    json_t *root = token_ids_cut(path, bytes, size, &ids);
    const json_t *model = json_object_get(root, "model");
    json_t *added = json_object_get(root, "added_tokens");
    bool rebuilt = beside && beside_is_gpt2(beside);
    check_rules(path, root, model, rebuilt);
    if (beside) beside_leave_out(beside, path, added);
    BpeBuild build = bpe_build_new(path, all_names(path, &ids, added), path);
    for (size_t i = 0; i < json_array_size(added); i++) {
        const json_t *entry = json_array_get(added, i);
        int id = json_int_needed(path, entry, "id", 0, build.names.count - 1);
        bpe_build_special(&build, added_token_read(path, entry, id));
    }
    const json_t *merges = json_object_get(model, "merges");
    refuse_unless(json_is_array(merges), path, "model.merges is no list");
    for (size_t i = 0; i < json_array_size(merges); i++) add_merge(&build, path, json_array_get(merges, i), i + 1);
    Bpe bpe = bpe_build_end(&build, false);
    add_frame(&bpe, path, root);
    if (!rebuilt) /* else bpe_add_beside knows */
        bpe.spaced = json_flag(path, steps_read(path, root, "pre_tokenizer").step[0], "add_prefix_space", false);
    json_decref(root);
    return bpe;
}

Bpe bpe_read_json(const char *path, const Beside *beside) {
    Bytes file = json_bytes(path);
    Bpe bpe = bpe_parse_json(path, file.data, file.size, beside);
    bytes_free(&file);
    return bpe;
}
