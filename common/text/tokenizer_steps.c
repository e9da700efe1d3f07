#include "text/tokenizer_steps.h"
#include "base/error.h"
#include "base/json.h"

#include <string.h>

/* ---- one step or many ---- */

const char *step_type(const char *path, const char *key, const json_t *step) {
    const char *type = json_is_object(step) ? json_text(path, step, "type", NULL) : NULL;
    if (!type) fail(EXIT_DATA, "%s: the %s has no type (expected {\"type\": ...})", path, key);
    return type;
}

/* A Sequence keeps its steps under a name that depends on what they are. */
static const char *list_key(const char *key) {
    if (strcmp(key, "normalizer") == 0) return "normalizers";
    return strcmp(key, "pre_tokenizer") == 0 ? "pretokenizers" : "processors";
}

static void add_step(Steps *steps, const char *path, const char *key, const json_t *step) {
    if (strcmp(step_type(path, key, step), "Sequence") != 0) {
        if (steps->n == STEPS_MOST) fail(EXIT_DATA, "%s: the %s has more than %d steps", path, key, STEPS_MOST);
        steps->step[steps->n++] = step;
        return;
    }
    const json_t *list = json_object_get(step, list_key(key));
    if (!json_is_array(list)) fail(EXIT_DATA, "%s: the %s is a Sequence without %s", path, key, list_key(key));
    for (size_t i = 0; i < json_array_size(list); i++) add_step(steps, path, key, json_array_get(list, i));
}

Steps steps_read(const char *path, const json_t *root, const char *key) {
    Steps steps = {0};
    const json_t *value = json_object_get(root, key);
    if (value && !json_is_null(value)) add_step(&steps, path, key, value);
    return steps;
}

/* ---- the normalizer ---- */

static BertRules bert_rules(const char *path, const json_t *step) {
    BertRules rules = {
        .clean_text = json_flag(path, step, "clean_text", true),
        .space_cjk = json_flag(path, step, "handle_chinese_chars", true),
        .lower_case = json_flag(path, step, "lowercase", true),
    };
    rules.strip_accents = json_flag(path, step, "strip_accents", rules.lower_case); /* null: as lower case */
    return rules;
}

/* Whether letters are in lower case before they are taken apart or after it is the same (compared over all
 * characters). Before and after marks are dropped is not: the lower case of U+0130 has a mark. */
static void add_rule(BertRules *rules, const char *path, const char *type) {
    bool apart = rules->take_apart || rules->strip_accents;
    if (strcmp(type, "Lowercase") == 0) {
        rules->lower_case = true;
    } else if (strcmp(type, "StripAccents") == 0) {
        rules->lower_first = rules->lower_first || rules->lower_case;
        rules->strip_marks = true;
    } else if (strcmp(type, "NFD") == 0) {
        if (rules->strip_marks && !apart)
            fail(EXIT_DATA, "%s: the normalizer has StripAccents before NFD, so that accents stay. Try: NFD first",
                 path);
        rules->take_apart = true;
    } else {
        fail(EXIT_DATA,
             "%s: the normalizer is %s (expected BertNormalizer, or NFD, Lowercase, StripAccents). Try: a BERT model, "
             "such as data/minilm",
             path, type);
    }
}

BertRules steps_rules(const char *path, const json_t *root) {
    Steps steps = steps_read(path, root, "normalizer");
    BertRules rules = {0};
    for (int i = 0; i < steps.n; i++) {
        const char *type = step_type(path, "normalizer", steps.step[i]);
        bool bert = strcmp(type, "BertNormalizer") == 0;
        if (bert && i > 0) fail(EXIT_DATA, "%s: the normalizer has BertNormalizer behind other steps", path);
        if (bert) rules = bert_rules(path, steps.step[i]);
        else add_rule(&rules, path, type);
    }
    return rules;
}

const char *steps_other_normalizer(const char *path, const json_t *root) {
    static const char *const known[] = {"BertNormalizer", "NFD", "Lowercase", "StripAccents"};
    Steps steps = steps_read(path, root, "normalizer");
    for (int i = 0; i < steps.n; i++) {
        const char *type = step_type(path, "normalizer", steps.step[i]);
        int at = 0;
        while (at < 4 && strcmp(type, known[at]) != 0) at++;
        if (at == 4) return type;
    }
    return NULL;
}

/* ---- the pre-tokenizer ---- */

const char *steps_other_splitter(const char *path, const json_t *root) {
    Steps steps = steps_read(path, root, "pre_tokenizer");
    bool at_spaces = false, at_marks = false;
    const char *other = steps.n ? NULL : "missing";
    for (int i = 0; i < steps.n; i++) {
        const char *type = step_type(path, "pre_tokenizer", steps.step[i]);
        bool bert = strcmp(type, "BertPreTokenizer") == 0, spaces = strcmp(type, "WhitespaceSplit") == 0;
        bool marks = strcmp(type, "Punctuation") == 0 &&
                     strcmp(json_text(path, steps.step[i], "behavior", "Isolated"), "Isolated") == 0;
        at_spaces = at_spaces || bert || spaces;
        at_marks = at_marks || bert || marks;
        if (!bert && !spaces && !marks) other = type;
    }
    if (!other && !(at_spaces && at_marks)) other = step_type(path, "pre_tokenizer", steps.step[0]);
    return other;
}
