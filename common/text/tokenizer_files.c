/* Which of a model folder's files says what about BERT's tokenizer. Declared in wordpiece.h.
 *
 * tokenizer.json says everything, where it is there. Else vocab.txt has the tokens and tokenizer_config.json the rules
 * (do_lower_case, strip_accents, tokenize_chinese_chars, the special tokens' names), and without it the rules are
 * BERT's own: lower-case. Ids of special tokens always come from the vocabulary. */
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/fast/wordpiece_ascii.h"
#include "text/special_names.h"
#include "text/tokenizer_beside.h"
#include "text/tokenizer_json.h"
#include "text/wordpiece.h"

#include <string.h>

/* ---- vocab.txt and tokenizer_config.json ---- */

static WordPiece from_vocab(Vocab vocab, BertRules rules) {
    return (WordPiece){.vocab = vocab,
                       .pieces = vocab.count,
                       .next = vocab.distinct,
                       .rules = rules,
                       .prefix = text_copy("##", 2),
                       .prefix_size = 2,
                       .longest_word = 100};
}

WordPiece wordpiece_new(Vocab vocab, bool lower_case) {
    BertRules rules = {.clean_text = true, .space_cjk = true, .strip_accents = lower_case, .lower_case = lower_case};
    WordPiece tokenizer = from_vocab(vocab, rules);
    SpecialNames names = {0};
    special_names_find(&tokenizer, "this vocabulary", &names);
    special_names_cut(&tokenizer, &names);
    tokenizer.source = text_copy("a vocabulary", strlen("a vocabulary"));
    tokenizer.ascii = ascii_tables_new(&tokenizer);
    return tokenizer;
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

static void read_names(const Beside *beside, SpecialNames *names) {
    static const char *const keys[SPECIALS] = {"unk_token", "cls_token", "sep_token", "mask_token", "pad_token"};
    for (int i = 0; i < SPECIALS; i++) special_name_set(names, i, beside_name(beside, keys[i]));
}

static bool is_among(const AddedTokens *tokens, int first, int id) {
    while (first > 0 && tokens->token[first - 1].id != id) first--;
    return first > 0;
}

/* What the files beside the vocabulary name: of a text with two names the later one counts, but one that has an entry
 * of its own stays as it is. [UNK], [CLS] and [SEP] are not added: a model that has learnt none is no BERT, and
 * special_names_find says so. */
static void add_named(WordPiece *tokenizer, const Beside *beside, bool bert) {
    const AddedTokens *raw = &tokenizer->raw, *normalized = &tokenizer->normalized;
    NewTokens tokens = beside_tokens(beside, bert ? USUAL_BERT : USUAL_NONE);
    int entries = raw->texts.count, normalized_entries = normalized->texts.count;
    for (size_t i = 0; i < tokens.n; i++) {
        const NewToken *token = &tokens.at[i];
        int id = wordpiece_known(tokenizer, json_string_value(json_object_get(token->entry, "content")));
        bool has_entry = is_among(raw, entries, id) || is_among(normalized, normalized_entries, id);
        if (((token->id < 0 || token->plain) && has_entry) || (token->framing && id < 0)) continue;
        tokenizer_json_add(tokenizer, token->place, token->entry, token->id);
        if (token->id >= 0) entries = raw->texts.count, normalized_entries = normalized->texts.count;
    }
    new_tokens_free(&tokens);
}

static WordPiece read_vocab_txt(const char *folder, const char *path, const Beside *beside) {
    const json_t *config = beside->config;
    if (config) refuse_other_splitters(beside->config_path, config);
    SpecialNames names = {0};
    read_names(beside, &names);
    WordPiece tokenizer = from_vocab(vocab_read(path), read_rules(beside->config_path, config));
    if (!config || !json_object_get(config, "do_lower_case"))
        if (tokenizer.rules.lower_case) warn_if_cased(&tokenizer.vocab, path, folder);
    add_named(&tokenizer, beside, true);
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
 * that takes any tokenizer.json as it is. */
static void follow_config(BertRules *rules, const Beside *beside) {
    const char *class = beside->class, *path = beside->config_path;
    const json_t *config = beside->config;
    bool lower = rules->lower_case;
    if (strcmp(class, "PreTrainedTokenizerFast") == 0 || strcmp(class, "TokenizersBackend") == 0) return;
    follow_flag(&rules->lower_case, path, config, "do_lower_case");
    if (rules->lower_case != lower) rules->strip_accents = rules->lower_case; /* as lower case, unless it is said */
    follow_flag(&rules->strip_accents, path, config, "strip_accents");
    follow_flag(&rules->space_cjk, path, config, "tokenize_chinese_chars");
}

static WordPiece read_tokenizer_json(const char *path, const Beside *beside) {
    Bytes file = json_bytes(path);
    SpecialNames names = {0};
    bool rebuilt = beside_rebuilds(beside);
    BertRules own = read_rules(beside->config_path, beside->config);
    read_names(beside, &names);
    WordPiece tokenizer = tokenizer_json_parse(path, file.data, file.size, beside, rebuilt ? &own : NULL, &names);
    add_named(&tokenizer, beside, rebuilt);
    special_names_find(&tokenizer, path, &names);
    special_names_free(&names);
    bytes_free(&file);
    if (beside->config && !rebuilt) follow_config(&tokenizer.rules, beside);
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

WordPiece wordpiece_load(const char *folder) {
    char *json_path = path_join(folder, "tokenizer.json"), *vocab_path = path_join(folder, "vocab.txt");
    bool has_json = file_exists(json_path);
    if (!has_json && !file_exists(vocab_path)) fail_without_files(folder);
    Beside beside = beside_read(folder);
    WordPiece tokenizer =
        has_json ? read_tokenizer_json(json_path, &beside) : read_vocab_txt(folder, vocab_path, &beside);
    tokenizer.ascii = ascii_tables_new(&tokenizer);
    beside_free(&beside);
    memory_free(json_path);
    memory_free(vocab_path);
    return tokenizer;
}
