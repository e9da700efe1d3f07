/* text/tokenizer: which tokenizer a folder has, what is refused of one, and what tokenizer_save leaves. What the kinds
 * make of a text: test_tokenizer_texts.c. */
#include "small_tokenizer.h"

#define UNCASED "tests/fixtures/wordpiece/uncased"
#define SMALL "tests/fixtures/bpe/small"

/* ---- which kind a folder has ---- */

static const char wordpiece_json[] =
    "{\"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"}, \"post_processor\": {\"type\": \"BertProcessing\", "
    "\"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1]}, "
    "\"model\": {\"vocab\": {\"[UNK]\": 0, \"[CLS]\": 1, \"[SEP]\": 2}, %s}}";

typedef struct {
    const char *name, *text; /* a file */
} File;

static const char *folder_of(const File *files) {
    static char folder[80];
    static int number;
    snprintf(folder, sizeof folder, "%s/f%d", test_folder, number++);
    folder_make(folder);
    for (; files->name; files++) {
        char *path = path_join(folder, files->name);
        write_test_text(path, files->text);
        memory_free(path);
    }
    return folder;
}
#define FOLDER(...) folder_of((const File[]){__VA_ARGS__, {0}})

static void expect_kind(TokenizerKind kind, int count, const char *folder) {
    Tokenizer *t = tokenizer_open(folder);
    if (tokenizer_kind(t) != kind || tokenizer_count(t) != count)
        wrong("%s: %d %s, expected %d of kind %d", folder, tokenizer_count(t), tokenizer_units(t), count, (int)kind);
    assert_true((tokenizer_wordpiece(t) != NULL) == (kind == TOKENIZER_WORDPIECE));
    assert_true((tokenizer_bpe(t) != NULL) == (kind == TOKENIZER_BPE));
    tokenizer_free(t);
}

static void test_kinds_of_folders(void **state) {
    (void)state;
    const char *letters = "{\"\\n\": 0, \" \": 1, \"a\": 2, \"\u00e9\": 3}", *bert = "[UNK]\n[CLS]\n[SEP]\ncat\n";
    expect_kind(TOKENIZER_WORDPIECE, 279, UNCASED);
    expect_kind(TOKENIZER_BPE, 657, SMALL);
    expect_kind(TOKENIZER_WORDPIECE, 6, FOLDER({"vocab.txt", bert})); /* and [PAD], [MASK], as AutoTokenizer has it */
    expect_kind(TOKENIZER_WORDPIECE, 6, FOLDER({"vocab.txt", bert}, {"config.json", "{\"model_type\": \"bert\"}"}));
    expect_kind(TOKENIZER_CHARACTERS, 4, FOLDER({"vocab.json", letters}));
    expect_kind(TOKENIZER_CHARACTERS, 4, FOLDER({"vocab.json", letters}, {"config.json", "{\"headlight\": {}}"}));
    expect_kind(TOKENIZER_CHARACTERS, 3, FOLDER({"vocab.json", "{\"a\": 0, \"[MASK]\": 2, \"b\": 1}"}));
    expect_kind(TOKENIZER_WORDS, 3, FOLDER({"vocab.json", "{\"a\": 0, \"an\": 2, \"b\": 1}"}));
    const char *word = "{\"headlight\": {\"tokens\": \"word\"}}", *of_char = "{\"headlight\": {\"tokens\": \"char\"}}";
    expect_kind(TOKENIZER_WORDS, 4, FOLDER({"vocab.json", letters}, {"config.json", word}));
    expect_kind(TOKENIZER_CHARACTERS, 4,
                FOLDER({"vocab.txt", bert}, {"vocab.json", letters}, {"config.json", of_char}));
}

/* A tokenizer.json alone says what its model is: first or last in it, with a type or, as in 2020, without. */
static void test_kinds_of_tokenizer_json(void **state) {
    (void)state;
    Bytes bpe = file_read(SMALL "/tokenizer.json");
    expect_kind(TOKENIZER_BPE, 657, FOLDER({"tokenizer.json", bpe.data}));
    String marked = {0};
    string_add(&marked, "\xEF\xBB\xBF%s", bpe.data);
    expect_kind(TOKENIZER_BPE, 657, FOLDER({"tokenizer.json", marked.text}));
    string_free(&marked);
    bytes_free(&bpe);
    static const char *const said[] = {"\"type\": \"WordPiece\"", "\"max_input_chars_per_word\": 9"};
    for (int i = 0; i < 2; i++) {
        char *json = text_format(wordpiece_json, said[i]);
        expect_kind(TOKENIZER_WORDPIECE, 3, FOLDER({"tokenizer.json", json}));
        memory_free(json);
    }
}

static void open_folder(void *folder) {
    tokenizer_free(tokenizer_open(folder));
}

static void expect_refused(ExitCode code, const char *parts, const char *folder) {
    expect_failure(code, parts, open_folder, (void *)(uintptr_t)folder);
}

static void test_wrong_folders(void **state) {
    (void)state;
    const char *letters = "{\"a\": 0}";
    expect_refused(EXIT_ENVIRONMENT, "no such model folder|data/fetch.sh", "/tmp/no/such/folder");
    expect_refused(EXIT_ENVIRONMENT, "neither tokenizer.json nor vocab.txt", FOLDER({"x", ""}));
    expect_refused(EXIT_DATA,
                   "a BERT, but its only vocabulary is vocab.json (expected vocab.txt or tokenizer.json)|Try",
                   FOLDER({"vocab.json", "{\"the\": 0}"}, {"config.json", "{\"model_type\": \"bert\"}"}));
    expect_refused(EXIT_DATA, "config.json: tokens is \"syllable\"|char, word or bpe",
                   FOLDER({"vocab.json", letters}, {"config.json", "{\"headlight\": {\"tokens\": \"syllable\"}}"}));
    expect_refused(EXIT_DATA, "config.json: tokens is 3|a text",
                   FOLDER({"vocab.json", letters}, {"config.json", "{\"headlight\": {\"tokens\": 3}}"}));
    expect_refused(EXIT_ENVIRONMENT, "no vocab.json here. Try: all files",
                   FOLDER({"config.json", "{\"headlight\": {\"tokens\": \"char\"}}"}));
    expect_refused(EXIT_ENVIRONMENT, "vocab.bpe",
                   FOLDER({"vocab.json", letters}, {"config.json", "{\"headlight\": {\"tokens\": \"bpe\"}}"}));
    expect_refused(
        EXIT_DATA, "vocab.json: token 1 is \"the\"|a character",
        FOLDER({"vocab.json", "{\"a\": 0, \"the\": 1}"}, {"config.json", "{\"headlight\": {\"tokens\": \"char\"}}"}));
    expect_refused(EXIT_DATA, "vocab.json: token 1 is empty", FOLDER({"vocab.json", "{\"a\": 0, \"\": 1}"}));
    expect_refused(EXIT_DATA, "'a' has the id 100000|0 to 0", FOLDER({"vocab.json", "{\"a\": 100000}"}));
    expect_refused(EXIT_DATA, "vocab.json:1:2", FOLDER({"vocab.json", "{x"}));
    expect_refused(EXIT_DATA, "tokenizer.json|Unigram|WordPiece",
                   FOLDER({"tokenizer.json", "{\"model\": {\"type\": \"Unigram\"}}"}));
    expect_refused(EXIT_DATA, "tokenizer.json|model is missing", FOLDER({"tokenizer.json", "{}"}));
    expect_refused(EXIT_DATA, "tokenizer.json:1:12", FOLDER({"tokenizer.json", "{\"model\": {x}}"}));
    expect_refused(EXIT_DATA, "tokenizer.json|git-LFS",
                   FOLDER({"tokenizer.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"}));
}

/* ---- written and read ---- */

/* The same kind, and every token by the same id. */
static void expect_same(const Tokenizer *t, const char *folder) {
    Tokenizer *back = tokenizer_open(folder);
    assert_string_equal(tokenizer_name(back), tokenizer_name(t));
    assert_int_equal(tokenizer_count(back), tokenizer_count(t));
    assert_int_equal(tokenizer_mask_id(back), tokenizer_mask_id(t));
    for (int id = 0; id < tokenizer_count(t); id++) {
        String token = {0};
        tokenizer_decode(t, &id, 1, &token);
        assert_int_equal(tokenizer_find(back, token.text, token.length), id);
        string_free(&token);
    }
    tokenizer_free(back);
}

/* In one folder, each after each other: what the one before has left does not count, whether config.json says so or
 * there is none. */
static void test_saved_comes_back(void **state) {
    (void)state;
    Bpe bytes = bpe_bytes(), pairs = bpe_bytes();
    bpe_merge(&pairs, 't', 'h', -1);
    int mask = vocab_add(&pairs.vocab, "[MASK]", 6);
    added_tokens_add(&pairs.special, "[MASK]", 6, (AddedToken){.id = mask});
    Tokenizer *all[] = {tokenizer_of(TOKENIZER_CHARACTERS, "| _ \" \\ \x01 \x7f \u00e9 \U0001F600 [MASK]"),
                        tokenizer_new_bpe(bytes), tokenizer_of(TOKENIZER_WORDS, ", \" a\x01 lamp \u00e9t\u00e9 [MASK]"),
                        tokenizer_new_bpe(pairs)};
    const char *folder = FOLDER({"x", ""});
    char *config = path_join(folder, "config.json");
    for (int i = 0; i < 16; i++) {
        tokenizer_save(all[i / 4], folder), expect_same(all[i / 4], folder);
        tokenizer_save(all[i % 4], folder), expect_same(all[i % 4], folder);
        char *said = text_format("{\"headlight\": {\"tokens\": \"%s\"}}", tokenizer_name(all[i % 4]));
        write_test_text(config, said);
        char *stale = path_join(folder, "vocab.bpe"); /* as an older program, or a person, may leave it */
        if (tokenizer_kind(all[i % 4]) != TOKENIZER_BPE) write_test_text(stale, "#version: 0.2\n");
        expect_same(all[i % 4], folder);
        unlink(config);
        memory_free(said), memory_free(stale);
    }
    for (int i = 0; i < 4; i++) tokenizer_free(all[i]);
    memory_free(config);
}

static void save(void *tokenizer) {
    tokenizer_save(tokenizer, test_folder);
}

/* Nothing is written that tokenizer_open would refuse. */
static void test_what_no_file_can_hold(void **state) {
    (void)state;
    Vocab zero = {0}, twice = {0}, large = {0};
    vocab_add(&zero, "a\0b", 3);
    for (int i = 0; i < 2; i++) vocab_add(&twice, "[MASK]", 6);
    char *word = memory_new(1 << 24, 1, "a word");
    memset(word, 'w', 1 << 24);
    vocab_add(&large, word, 1 << 24);
    const struct {
        Vocab vocab;
        const char *parts;
    } cases[] = {{zero, "vocab.json: token 0|a byte that is 0"},
                 {twice, "vocab.json: '[MASK]' is there twice"},
                 {large, "vocab.json: 1 tokens|at most 16777216"}};
    for (size_t i = 0; i < 3; i++) {
        Tokenizer *t = tokenizer_new(TOKENIZER_WORDS, cases[i].vocab);
        expect_failure(EXIT_DATA, cases[i].parts, save, t);
        tokenizer_free(t);
    }
    assert_false(file_exists(test_path("vocab.json")));
    memory_free(word);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds_of_folders),      cmocka_unit_test(test_kinds_of_tokenizer_json),
        cmocka_unit_test(test_wrong_folders),         cmocka_unit_test(test_saved_comes_back),
        cmocka_unit_test(test_what_no_file_can_hold),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
