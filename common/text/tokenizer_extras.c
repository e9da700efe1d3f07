#include "text/tokenizer_extras.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/options.h"
#include "text/tokenizer_json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A file of the folder as JSON; NULL when it is not there. *path is owned either way. */
static json_t *read_beside(const char *folder, const char *name, char **path) {
    *path = path_join(folder, name);
    return file_exists(*path) ? json_read(*path) : NULL;
}

/* ---- names ---- */

/* "[MASK]" or {"content": "[MASK]", ...}: both are in use. */
static const char *content_of(const char *path, const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_object(value) ? json_text(path, value, "content", NULL) : json_text(path, object, key, NULL);
}

static void read_names(SpecialNames *names, const char *path, const json_t *object) {
    static const char *const keys[SPECIALS] = {"unk_token", "cls_token", "sep_token", "mask_token", "pad_token"};
    for (int i = 0; i < SPECIALS; i++) special_name_set(names, i, content_of(path, object, keys[i]));
}

/* A config with added_tokens_decoder says it all, and then this file of older days is not read. */
static json_t *read_map(const char *folder, const json_t *config, char **path) {
    json_t *map = read_beside(folder, "special_tokens_map.json", path);
    if (!json_object_get(config, "added_tokens_decoder")) return map;
    json_decref(map);
    return NULL;
}

void tokenizer_extras_names(const char *folder, const char *config_path, const json_t *config, SpecialNames *names) {
    char *path;
    json_t *map = read_map(folder, config, &path);
    if (config) read_names(names, config_path, config);
    if (map) read_names(names, path, map); /* said twice, this one counts, as for AutoTokenizer */
    json_decref(map);
    memory_free(path);
}

/* ---- tokens with an id ---- */

typedef struct {
    int id;
    const char *place; /* the file that says so, and the key; borrowed */
    json_t *entry;     /* {"content": ..., "special": ...}; owned */
} Extra;

typedef struct {
    Extra *at;
    size_t n;
} Extras;

static void push(Extras *extras, const char *place, int id, json_t *entry) {
    extras->at = memory_for_more(extras->at, extras->n, sizeof *extras->at, "added tokens");
    extras->at[extras->n++] = (Extra){id, place, entry};
}

static int by_id(const void *a, const void *b) {
    const Extra *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* {"0": {"content": "[PAD]", ...}, ...}: the same as the added_tokens of a tokenizer.json, with the id as key. */
static void read_decoder(Extras *extras, const char *place, const json_t *config) {
    const char *key;
    json_t *entry;
    json_object_foreach(json_object_get(config, "added_tokens_decoder"), key, entry) {
        long id;
        if (!text_to_int(key, 0, INT_MAX, &id))
            fail(EXIT_DATA, "%s: '%.48s' is no id (expected a whole number)", place, key);
        push(extras, place, (int)id, json_incref(entry));
    }
}

/* {"[E11]": 30522, ...}; they are no special tokens unless they are also named as such. */
static void read_encoder(Extras *extras, const char *path, const json_t *added) {
    const char *token;
    json_t *id;
    json_object_foreach((json_t *)added, token, id) {
        if (!json_is_integer(id) || json_integer_value(id) < 0 || json_integer_value(id) > INT_MAX)
            fail(EXIT_DATA, "%s: '%.48s' has no id (expected a whole number)", path, token);
        push(extras, path, (int)json_integer_value(id), json_pack("{s:s}", "content", token));
    }
}

static void add_in_order(WordPiece *tokenizer, Extras *extras) {
    if (extras->n) qsort(extras->at, extras->n, sizeof *extras->at, by_id);
    for (size_t i = 0; i < extras->n; i++) {
        tokenizer_json_add(tokenizer, extras->at[i].place, extras->at[i].entry, extras->at[i].id);
        json_decref(extras->at[i].entry);
    }
    memory_free(extras->at);
}

/* ---- tokens without one ---- */

/* Special: cut from the raw text as it stands. */
static void add_special(WordPiece *tokenizer, const char *path, const char *key, const json_t *value) {
    const char *text = json_is_string(value)   ? json_string_value(value)
                       : json_is_object(value) ? json_text(path, value, "content", NULL)
                                               : NULL;
    if (!text) fail(EXIT_DATA, "%s: %s: an entry is no token (expected a text, or {\"content\": ...})", path, key);
    int known = vocab_id(&tokenizer->vocab, text, strlen(text));
    json_t *entry = json_pack("{s:s,s:b}", "content", text, "special", 1);
    tokenizer_json_add(tokenizer, path, entry, known >= 0 ? known : tokenizer->vocab.count);
    json_decref(entry);
}

/* A list; newer files also have {"name": token, ...}. */
static void add_specials(WordPiece *tokenizer, const char *path, const json_t *object) {
    static const char *const keys[] = {"additional_special_tokens", "extra_special_tokens"};
    for (int k = 0; k < 2; k++) {
        json_t *list = json_object_get(object, keys[k]), *value;
        const char *name;
        size_t i;
        if (json_is_array(list)) json_array_foreach(list, i, value) add_special(tokenizer, path, keys[k], value);
        if (json_is_object(list)) json_object_foreach(list, name, value) add_special(tokenizer, path, keys[k], value);
    }
}

/* null is a word, too: then there is no such token. */
static const json_t *said(const json_t *config, const json_t *map, const char *key) {
    const json_t *value = json_object_get(map, key);
    return value ? value : json_object_get(config, key);
}

/* Every tokenizer of BERT's class has [PAD] and [MASK], even if its vocabulary has not. */
static bool has_usual_names(const json_t *config) {
    const char *class = json_string_value(json_object_get(config, "tokenizer_class"));
    return !class || (strcmp(class, "PreTrainedTokenizerFast") != 0 && strcmp(class, "TokenizersBackend") != 0);
}

/* What a file names that no vocabulary has, in AutoTokenizer's order. [CLS] and [SEP] are not added: a model that has
 * learnt none is no BERT, and special_names_find says so. */
static void add_named(WordPiece *tokenizer, const char *path, const json_t *config, const json_t *map) {
    static const char *const keys[][2] = {
        {"bos_token", NULL}, {"eos_token", NULL}, {"pad_token", "[PAD]"}, {"mask_token", "[MASK]"}};
    for (int k = 0; k < 4; k++) {
        const json_t *value = said(config, map, keys[k][0]);
        json_t *usual = !value && keys[k][1] && has_usual_names(config) ? json_string(keys[k][1]) : NULL;
        if (usual) value = usual;
        const char *text = json_string_value(json_is_object(value) ? json_object_get(value, "content") : value);
        if (text && vocab_id(&tokenizer->vocab, text, strlen(text)) < 0)
            add_special(tokenizer, path, keys[k][0], value);
        json_decref(usual);
    }
}

void tokenizer_extras_add(WordPiece *tokenizer, const char *folder, const char *config_path, const json_t *config) {
    char *added_path, *map_path, *decoder_place = text_format("%s: added_tokens_decoder", config_path);
    json_t *added = read_beside(folder, "added_tokens.json", &added_path);
    json_t *map = read_map(folder, config, &map_path);
    Extras extras = {0};
    if (config) read_decoder(&extras, decoder_place, config);
    if (added) read_encoder(&extras, added_path, added);
    add_in_order(tokenizer, &extras);
    add_named(tokenizer, config ? config_path : map_path, config, map);
    if (config) add_specials(tokenizer, config_path, config);
    if (map) add_specials(tokenizer, map_path, map);
    json_decref(added), json_decref(map);
    memory_free(added_path), memory_free(map_path), memory_free(decoder_place);
}
