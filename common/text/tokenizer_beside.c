#include "text/tokenizer_beside.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/options.h"
#include "text/vocab.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- the files ---- */

/* transformers writes "no limit" as model_max_length 1000000000000000019884624838656, and jansson refuses what does
 * not fit 64 bits. We read no such number: with its last two digits made ".0" it is one that jansson takes, in the
 * same place. */
static void soften_huge_numbers(char *json) {
    for (char *at = json; *at;) {
        size_t length = strspn(at, "+-.0123456789eE"), digits = strspn(at + (*at == '-'), "0123456789");
        if (*at == '"') { /* a text is passed over */
            for (at++; *at && *at != '"'; at++)
                if (*at == '\\' && at[1]) at++;
            at += *at == '"';
        } else {
            if (digits > 18 && digits + (*at == '-') == length) memcpy(at + length - 2, ".0", 2);
            at += length ? length : 1;
        }
    }
}

static json_t *read_config(const char *path) {
    if (!file_exists(path)) return NULL;
    Bytes file = json_bytes(path);
    vocab_refuse_strangers(path, file.data, file.size);
    soften_huge_numbers(file.data);
    json_t *config = json_parse(path, file.data, file.size);
    bytes_free(&file);
    return config;
}

/* What the config says; else what usually belongs to the model_type of config.json. */
static char *read_class(const char *folder, const char *config_path, const json_t *config) {
    const char *class = json_text(config_path, config, "tokenizer_class", "");
    char *path = path_join(folder, "config.json");
    json_t *model = !*class && file_exists(path) ? json_read(path) : NULL;
    const char *type = json_string_value(json_object_get(model, "model_type"));
    if (type && strcmp(type, "bert") == 0) class = "BertTokenizer";
    if (type && strcmp(type, "gpt2") == 0) class = "GPT2Tokenizer";
    char *copy = text_copy(class, strlen(class));
    json_decref(model);
    memory_free(path);
    return copy;
}

static const char *const named[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                    "pad_token", "cls_token", "mask_token"};
enum { NAMED = 7 };
static const char *const usually[][NAMED] = {
    [USUAL_BERT] = {NULL, NULL, "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"},
    [USUAL_GPT2] = {"<|endoftext|>", "<|endoftext|>", "<|endoftext|>"},
};

static const char *text_of(const json_t *value) {
    return json_string_value(json_is_object(value) ? json_object_get(value, "content") : value);
}

static void warn_of_two_names(const Beside *b) {
    for (int i = 0; i < NAMED; i++) {
        const char *one = text_of(json_object_get(b->map, named[i]));
        const char *other = text_of(json_object_get(b->config, named[i]));
        if (one && other && strcmp(one, other) != 0)
            warn("%s: %s is \"%.80s\", but tokenizer_config.json says \"%.80s\"; %s counts, as for AutoTokenizer",
                 b->map_path, named[i], one, other, b->map_path);
    }
}

void beside_free(Beside *b) {
    memory_free(b->config_path), memory_free(b->map_path), memory_free(b->added_path), memory_free(b->class);
    json_decref(b->config), json_decref(b->map), json_decref(b->added);
    *b = (Beside){0};
}

/* Beside nothing there is no class. */
static bool class_is(const Beside *b, const char *name) {
    size_t length = strlen(name);
    if (!b->class || strncmp(b->class, name, length) != 0) return false;
    return !b->class[length] || strcmp(b->class + length, "Fast") == 0;
}

bool beside_rebuilds(const Beside *b) {
    return class_is(b, "BertTokenizer") || class_is(b, "DistilBertTokenizer") || class_is(b, "ElectraTokenizer");
}

bool beside_is_gpt2(const Beside *b) {
    return class_is(b, "GPT2Tokenizer");
}

/* null is a word, too: then there is no such token. */
static const json_t *said(const Beside *b, const char *key, const char **path) {
    const json_t *value = json_object_get(b->map, key);
    *path = value ? b->map_path : b->config_path;
    return value ? value : json_object_get(b->config, key);
}

static const char *checked_text(const char *path, const char *key, const json_t *value) {
    const char *text = text_of(value);
    if (!text) fail(EXIT_DATA, "%s: %s: an entry is no token (expected a text, or {\"content\": ...})", path, key);
    return text;
}

const char *beside_name(const Beside *b, const char *key) {
    const char *path;
    const json_t *value = said(b, key, &path);
    return !value || json_is_null(value) ? NULL : checked_text(path, key, value);
}

/* ---- tokens with an id ---- */

static NewToken *push(NewTokens *tokens, const char *path, const char *key, int id, json_t *entry) {
    tokens->at = memory_for_more(tokens->at, tokens->n, sizeof *tokens->at, "added tokens");
    tokens->at[tokens->n] =
        (NewToken){key ? text_format("%s: %s", path, key) : text_copy(path, strlen(path)), entry, id, false, false};
    return &tokens->at[tokens->n++];
}

static int by_id(const void *a, const void *b) {
    const NewToken *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* {"0": {"content": "[PAD]", ...}, ...}: the same as the added_tokens of a tokenizer.json, with the id as key. */
static void read_decoder(NewTokens *tokens, const Beside *b) {
    const char *key, *name = "added_tokens_decoder";
    json_t *entry;
    json_object_foreach(json_object_get(b->config, name), key, entry) {
        long id;
        if (!text_to_int(key, 0, INT_MAX, &id))
            fail(EXIT_DATA, "%s: %s: '%.48s' is no id (expected a whole number)", b->config_path, name, key);
        push(tokens, b->config_path, name, (int)id, json_incref(entry));
    }
}

static bool have(const NewTokens *tokens, size_t first, const char *text) {
    for (size_t i = 0; i < first; i++)
        if (strcmp(text_of(tokens->at[i].entry), text) == 0) return true;
    return false;
}

/* {"[E11]": 30522, ...}; they are no special tokens unless they are also among the first names. */
static void read_added(NewTokens *tokens, const Beside *b, const NewTokens *names, size_t first) {
    const char *token;
    json_t *id;
    json_object_foreach(b->added, token, id) {
        if (!json_is_integer(id) || json_integer_value(id) < 0 || json_integer_value(id) > INT_MAX)
            fail(EXIT_DATA, "%s: '%.48s' has no id (expected a whole number)", b->added_path, token);
        json_t *entry = json_pack("{s:s,s:b}", "content", token, "special", (int)have(names, first, token));
        push(tokens, b->added_path, NULL, (int)json_integer_value(id), entry)->plain = true;
    }
}

/* ---- tokens without one ---- */

/* Special: cut from the raw text as it stands, unless it says otherwise. */
static NewToken *push_special(NewTokens *tokens, const char *path, const char *key, const json_t *value) {
    const char *text = checked_text(path, key, value);
    json_t *entry = json_is_object(value) ? json_copy((json_t *)value) : json_pack("{s:s}", "content", text);
    json_object_set_new(entry, "special", json_true());
    return push(tokens, path, key, -1, entry);
}

static void push_named(NewTokens *tokens, const Beside *b, Usual usual) {
    for (int i = 0; i < NAMED; i++) {
        const char *path;
        const json_t *value = said(b, named[i], &path);
        json_t *name = !value && usually[usual][i] ? json_string(usually[usual][i]) : NULL;
        if (name) value = name;
        if (value && !json_is_null(value))
            push_special(tokens, path, named[i], value)->framing = i == 2 || i == 3 || i == 5;
        json_decref(name);
    }
}

static bool is_named(const char *key) {
    for (int i = 0; i < NAMED; i++)
        if (strcmp(key, named[i]) == 0) return true;
    return false;
}

/* image_token and the like. */
static bool is_other(const char *key, const json_t *value) {
    size_t length = strlen(key);
    return length > 6 && strcmp(key + length - 6, "_token") == 0 && text_of(value) && !is_named(key);
}

/* Of a key that is in both files the config's text counts, else what the map has. */
static void push_others(NewTokens *tokens, const Beside *b) {
    const char *key;
    json_t *value;
    json_object_foreach(b->config, key, value)
        if (is_other(key, value) && json_is_object(value) && !json_object_get(b->map, key))
            push_special(tokens, b->config_path, key, value);
    json_object_foreach(b->map, key, value)
        if (is_other(key, value) && !json_is_string(json_object_get(b->config, key)))
            push_special(tokens, b->map_path, key, value);
    json_object_foreach(b->config, key, value)
        if (is_other(key, value) && json_is_string(value)) push_special(tokens, b->config_path, key, value);
}

/* An object in a list of the config has to say itself that it is special. */
static void push_list(NewTokens *tokens, const Beside *b, const char *path, const char *key, json_t *list) {
    json_t *value;
    const char *name;
    size_t i;
    if (json_is_array(list))
        json_array_foreach(list, i, value) {
            bool special = path == b->map_path || !json_is_object(value) || json_flag(path, value, "special", false);
            json_t *entry = push_special(tokens, path, key, value)->entry;
            if (!special && !json_object_get(entry, "normalized"))
                json_object_set_new(entry, "normalized", json_true());
        }
    if (json_is_object(list))
        json_object_foreach(list, name, value) push_special(tokens, path, key, value);
}

static const char ADDITIONAL[] = "additional_special_tokens", EXTRA[] = "extra_special_tokens";

/* Two keys mean the same, in two files; a list under the newer key, or in the config, leaves the others out. How many
 * names there are before those of the map's older key. */
static size_t push_lists(NewTokens *tokens, const Beside *b) {
    json_t *extra = json_object_get(b->config, EXTRA), *map_extra = json_object_get(b->map, EXTRA);
    json_t *old = json_object_get(b->config, ADDITIONAL), *map_old = json_object_get(b->map, ADDITIONAL);
    bool moved = old && !json_array_size(extra) && !json_object_size(extra);
    bool lists = json_is_array(extra) || moved;
    if (json_is_object(extra)) push_list(tokens, b, b->config_path, EXTRA, extra);
    if (json_is_object(map_extra)) push_list(tokens, b, b->map_path, EXTRA, map_extra);
    if (moved) push_list(tokens, b, b->config_path, ADDITIONAL, old);
    if (json_is_array(extra)) push_list(tokens, b, b->config_path, EXTRA, extra);
    if (json_is_array(map_extra)) push_list(tokens, b, b->map_path, EXTRA, map_extra), lists = true;
    const json_t *left = map_old ? map_old : moved ? NULL : old;
    const char *path = map_old ? b->map_path : b->config_path;
    size_t first = tokens->n;
    if (!lists) push_list(tokens, b, path, ADDITIONAL, (json_t *)left);
    return first;
}

NewTokens beside_tokens(const Beside *b, Usual usual) {
    NewTokens names = {0}, tokens = {0};
    push_named(&names, b, usual);
    push_others(&names, b);
    size_t first = push_lists(&names, b);
    read_decoder(&tokens, b);
    read_added(&tokens, b, &names, first);
    if (tokens.n) qsort(tokens.at, tokens.n, sizeof *tokens.at, by_id);
    for (size_t i = 0; i < names.n; i++) {
        tokens.at = memory_for_more(tokens.at, tokens.n, sizeof *tokens.at, "added tokens");
        tokens.at[tokens.n++] = names.at[i];
    }
    memory_free(names.at);
    return tokens;
}

void new_tokens_free(NewTokens *tokens) {
    for (size_t i = 0; i < tokens->n; i++) memory_free(tokens->at[i].place), json_decref(tokens->at[i].entry);
    memory_free(tokens->at);
    *tokens = (NewTokens){0};
}

/* ---- what does not count ---- */

static void warn_of_list(const Beside *b, const char *path, const json_t *list) {
    if (json_array_size(list) == 0) return;
    NewTokens tokens = beside_tokens(b, USUAL_BERT);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = checked_text(path, ADDITIONAL, json_array_get(list, i));
        if (have(&tokens, tokens.n, text)) continue;
        warn("%s: %s: '%.48s' is no token, as another list counts, as for AutoTokenizer", path, ADDITIONAL, text);
        break;
    }
    new_tokens_free(&tokens);
}

Beside beside_read(const char *folder) {
    Beside b = {path_join(folder, "tokenizer_config.json"),
                path_join(folder, "special_tokens_map.json"),
                path_join(folder, "added_tokens.json"),
                NULL,
                NULL,
                NULL,
                NULL};
    b.config = read_config(b.config_path);
    if (!json_object_get(b.config, "added_tokens_decoder")) {
        b.map = file_exists(b.map_path) ? json_read(b.map_path) : NULL;
        b.added = file_exists(b.added_path) ? json_read(b.added_path) : NULL;
    }
    b.class = read_class(folder, b.config_path, b.config);
    if (json_flag(b.config_path, b.config, "split_special_tokens", false))
        fail(EXIT_DATA, "%s: split_special_tokens is true (expected false: a special token in a text is one token)",
             b.config_path);
    warn_of_two_names(&b);
    warn_of_list(&b, b.config_path, json_object_get(b.config, ADDITIONAL));
    warn_of_list(&b, b.map_path, json_object_get(b.map, ADDITIONAL));
    return b;
}

/* GPT-2's own class knows its one special token by itself, as BERT's knows five, which are named. */
void beside_leave_out(const Beside *b, const char *path, json_t *added) {
    bool gpt = beside_is_gpt2(b), warned = false;
    if (!json_object_get(b->config, "added_tokens_decoder") || !(gpt || beside_rebuilds(b))) return;
    NewTokens tokens = beside_tokens(b, gpt ? USUAL_GPT2 : USUAL_BERT);
    size_t entries = 0;
    while (entries < tokens.n && tokens.at[entries].id >= 0) entries++;
    for (size_t i = json_array_size(added); i-- > 0;) {
        const char *text = text_of(json_array_get(added, i));
        if (!text || have(&tokens, entries, text) || (gpt && strcmp(text, "<|endoftext|>") == 0)) continue;
        if (!warned && !have(&tokens, tokens.n, text)) {
            warn("%s: added_tokens: '%.48s' does not count, as for AutoTokenizer: the added_tokens_decoder of %s has "
                 "no such token",
                 path, text, b->config_path);
            warned = true;
        }
        json_array_remove(added, i);
    }
    new_tokens_free(&tokens);
}
