#include "text/tokenizer_files.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/special_names.h"
#include "text/tokenizer_extras.h"
#include "text/tokenizer_json.h"

#include <string.h>

/* ---- vocab.txt and tokenizer_config.json ---- */

static WordPiece from_vocab(Vocab vocab, BertRules rules) {
    return (WordPiece){.vocab = vocab,
                       .pieces = vocab.count,
                       .rules = rules,
                       .prefix = text_copy("##", 2),
                       .prefix_size = 2,
                       .longest_word = 100};
}

WordPiece tokenizer_from_vocab(Vocab vocab, bool lower_case) {
    BertRules rules = {.clean_text = true, .space_cjk = true, .strip_accents = lower_case, .lower_case = lower_case};
    WordPiece tokenizer = from_vocab(vocab, rules);
    SpecialNames names = {0};
    special_names_find(&tokenizer, "this vocabulary", &names);
    special_names_cut(&tokenizer, &names);
    tokenizer.source = text_copy("a vocabulary", strlen("a vocabulary"));
    return tokenizer;
}

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
    Bytes file = json_bytes(path);
    vocab_refuse_strangers(path, file.data, file.size);
    soften_huge_numbers(file.data);
    json_t *config = json_parse(path, file.data, file.size);
    bytes_free(&file);
    return config;
}

/* No config (NULL) says nothing: lower case. */
static BertRules read_rules(const char *path, const json_t *config) {
    BertRules rules = {.clean_text = true};
    rules.lower_case = json_flag(path, config, "do_lower_case", true);
    rules.strip_accents = json_flag(path, config, "strip_accents", rules.lower_case); /* null: as lower case */
    rules.space_cjk = json_flag(path, config, "tokenize_chinese_chars", true);
    return rules;
}

/* A vocab.txt alone does not say how BERT splits these languages: other programs do it, with dictionaries. */
static void refuse_other_splitters(const char *path, const json_t *config) {
    const char *class = json_text(path, config, "tokenizer_class", "");
    if (strstr(class, "Japanese") || strstr(class, "RoFormer"))
        fail(EXIT_DATA, "%s: %s splits words with a dictionary (expected a BertTokenizer). Try: a BERT model", path,
             class);
}

/* Lower-casing a cased model's text gives ids that look fine and mean little. */
static void warn_if_cased(const Vocab *vocab, const char *path, const char *folder) {
    int capitals = 0;
    for (int id = 0; id < vocab->count; id++) {
        const char *token = vocab_token(vocab, id);
        if (token[0] == '[') continue; /* [UNK], [unused7] */
        while (*token && !(*token >= 'A' && *token <= 'Z')) token++;
        capitals += *token != '\0';
    }
    if (capitals > vocab->count / 20)
        warn("%s: %d of %d tokens have capital letters, but nothing says that the model is cased: text is lower-cased. "
             "Try: put {\"do_lower_case\": false} into %s/tokenizer_config.json",
             path, capitals, vocab->count, folder);
}

static WordPiece read_vocab_txt(const char *folder, const char *path, const char *config_path, const json_t *config) {
    if (config) refuse_other_splitters(config_path, config);
    SpecialNames names = {0};
    tokenizer_extras_names(folder, config_path, config, &names);
    WordPiece tokenizer = from_vocab(vocab_read(path), read_rules(config_path, config));
    if (!config || !json_object_get(config, "do_lower_case"))
        if (tokenizer.rules.lower_case) warn_if_cased(&tokenizer.vocab, path, folder);
    special_names_cut(&tokenizer, &names);
    tokenizer_extras_add(&tokenizer, folder, config_path, config);
    special_names_find(&tokenizer, path, &names);
    special_names_free(&names);
    tokenizer.source = config ? text_format("%s with tokenizer_config.json", path)
                              : text_format("%s, lower-case as nothing else is said", path);
    return tokenizer;
}

/* ---- the folder ---- */

static void follow_flag(bool *rule, const char *path, const json_t *config, const char *key) {
    bool says = json_flag(path, config, key, *rule);
    if (says != *rule)
        warn("%s: %s is %s, but the normalizer of tokenizer.json says otherwise; %s counts, as for AutoTokenizer", path,
             key, says ? "true" : "false", path);
    *rule = says;
}

/* Where the two files disagree, AutoTokenizer changes the normalizer to what the config says, unless the class is one
 * that takes any tokenizer.json as it is; a BertTokenizer has the steps of a BertNormalizer and no others. */
static void follow_config(BertRules *rules, const char *path, const json_t *config) {
    const char *class = json_text(path, config, "tokenizer_class", "");
    bool lower = rules->lower_case, other_steps = rules->lower_first || rules->take_apart || rules->strip_marks;
    if (strcmp(class, "PreTrainedTokenizerFast") == 0 || strcmp(class, "TokenizersBackend") == 0) return;
    if (other_steps && (strcmp(class, "BertTokenizer") == 0 || strcmp(class, "BertTokenizerFast") == 0)) {
        *rules = read_rules(path, config);
        warn("%s: tokenizer_class is %s, whose normalizer is BertNormalizer; the steps in tokenizer.json do not count, "
             "as for AutoTokenizer",
             path, class);
        return;
    }
    follow_flag(&rules->lower_case, path, config, "do_lower_case");
    if (rules->lower_case != lower) rules->strip_accents = rules->lower_case; /* as lower case, unless it is said */
    follow_flag(&rules->strip_accents, path, config, "strip_accents");
    follow_flag(&rules->space_cjk, path, config, "tokenize_chinese_chars");
}

static WordPiece read_tokenizer_json(const char *folder, const char *path, const char *config_path,
                                     const json_t *config) {
    Bytes file = json_bytes(path);
    SpecialNames names = {0};
    tokenizer_extras_names(folder, config_path, config, &names);
    WordPiece tokenizer = tokenizer_json_parse(path, file.data, file.size, &names);
    tokenizer_extras_add(&tokenizer, folder, config_path, config);
    special_names_find(&tokenizer, path, &names);
    special_names_free(&names);
    bytes_free(&file);
    if (config) follow_config(&tokenizer.rules, config_path, config);
    return tokenizer;
}

static _Noreturn void fail_without_files(const char *folder) {
    folder_of_model(folder);
    static const char *const others[][2] = {{"merges.txt", "byte-level BPE (GPT-2, RoBERTa)"},
                                            {"vocab.bpe", "byte-level BPE (GPT-2)"},
                                            {"spiece.model", "SentencePiece (T5, ALBERT)"},
                                            {"sentencepiece.bpe.model", "SentencePiece (XLM-RoBERTa)"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (folder_has(folder, others[i][0]))
            fail(EXIT_DATA,
                 "%s: this tokenizer is %s (expected BERT's WordPiece). Try: a BERT model, such as data/minilm", folder,
                 others[i][1]);
    fail(EXIT_ENVIRONMENT,
         "%s: neither tokenizer.json nor vocab.txt is there. Try: all files that came with the model, or "
         "--model data/minilm (data/fetch.sh minilm)",
         folder);
}

WordPiece tokenizer_files_read(const char *folder) {
    char *json_path = path_join(folder, "tokenizer.json"), *vocab_path = path_join(folder, "vocab.txt");
    char *config_path = path_join(folder, "tokenizer_config.json");
    bool has_json = file_exists(json_path);
    if (!has_json && !file_exists(vocab_path)) fail_without_files(folder);
    json_t *config = file_exists(config_path) ? read_config(config_path) : NULL;
    WordPiece tokenizer = has_json ? read_tokenizer_json(folder, json_path, config_path, config)
                                   : read_vocab_txt(folder, vocab_path, config_path, config);
    json_decref(config);
    memory_free(json_path);
    memory_free(vocab_path);
    memory_free(config_path);
    return tokenizer;
}
