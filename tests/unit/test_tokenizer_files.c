/* text/tokenizer_files, tokenizer_json, vocab_json: model folders as people have them, right and wrong, and the
 * vocabulary of a tokenizer.json against jansson's. */
#include "bert_folder.h"
#include "jansson_vocab.h"
#include "text/tokenizer_json.h"

/* One of these 21 tokens has a capital letter: not enough to take the model for a cased one. */
#define WORDS "[UNK]\n[CLS]\n[SEP]\ncat\n##s\nCats\n[MASK]\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n"

static void test_vocab_txt(void **state) {
    (void)state;
    expect_run(folder_of(WORDS, NULL, NULL), "Cats [MASK]",
               "[CLS] cat ##s [MASK] [SEP] | vocab.txt, lower-case as nothing else is said", "");
    expect_run(folder_of(WORDS, "{\"do_lower_case\": false}", NULL), "Cats",
               "[CLS] Cats [SEP] | vocab.txt with tokenizer_config.json", "");
    expect_run(folder_of(WORDS, "{}", NULL), "Cats", "[CLS] cat ##s [SEP] | vocab.txt with tokenizer_config.json", "");
    expect_run(folder_of("[UNK]\n[CLS]\n[SEP]\n[X]\ncat\nThe\n", NULL, NULL), "cat",
               "[CLS] cat [SEP] | vocab.txt, lower-case as nothing else is said", "1 of 6 tokens have capital letters");
    expect_run(folder_of("[UNK]\n[CLS]\n[SEP]\n[X]\ncat\nThe\n", "{\"do_lower_case\": true}", NULL), "cat",
               "[CLS] cat [SEP] | vocab.txt with tokenizer_config.json", "");
}

/* Numbers that jansson would refuse: transformers writes the first one for "no limit". */
static void test_huge_numbers(void **state) {
    (void)state;
    const char *out = "[CLS] Cats [SEP] | vocab.txt with tokenizer_config.json";
    expect_run(
        folder_of(WORDS, "{\"model_max_length\": 1000000000000000019884624838656, \"do_lower_case\": false}", NULL),
        "Cats", out, "");
    expect_run(folder_of(WORDS, "{\"a\": [-9999999999999999999,18446744073709551616],\"do_lower_case\":false}", NULL),
               "Cats", out, "");
    expect_run(folder_of(WORDS,
                         "{\"a\": [1.0000000000000000000000,1e00000000000000000001,1e-00000000000000000001],"
                         "\"do_lower_case\":false}",
                         NULL),
               "Cats", out, "");
    expect_run(folder_of("[UNK]\n[CLS]\n[SEP]\n1000000000000000000000\n", /* texts keep their digits */
                         "{\"mask_token\": \"1000000000000000000000\", \"b\": \"\\\"11111111111111111111\"}", NULL),
               "1000000000000000000000", "[CLS] 1000000000000000000000 [SEP] | vocab.txt with tokenizer_config.json",
               "");
    expect_refused(folder_of(WORDS, "{\"a\": \"", NULL), EXIT_DATA, "tokenizer_config.json:1:|not valid JSON");
}

static void test_names(void **state) {
    (void)state;
    const char *vocab = "<unk>\n<s>\n</s>\ncat\n<mask>\n";
    expect_run(folder_of(vocab,
                         "{\"unk_token\": \"<unk>\", \"cls_token\": {\"content\": \"<s>\", \"lstrip\": false},"
                         " \"sep_token\": \"</s>\", \"mask_token\": \"<mask>\", \"pad_token\": null}",
                         NULL),
               "cat <mask> x", "<s> cat <mask> <unk> </s> | vocab.txt with tokenizer_config.json", "");
    expect_refused(folder_of(vocab, NULL, NULL), EXIT_DATA, "vocab.txt: |no [UNK]|Try: ");
    expect_run(folder_of(WORDS,
                         "{\"added_tokens_decoder\": {\"0\": {\"content\": \"[UNK]\", \"special\": true},"
                         " \"21\": {\"content\": \"New York\"}}}",
                         NULL),
               "new york CATS", "[CLS] New York cat ##s [SEP] | vocab.txt with tokenizer_config.json", "");
    expect_refused(folder_of(WORDS, "{\"added_tokens_decoder\": {\"-1\": {\"content\": \"x\"}}}", NULL), EXIT_DATA,
                   "tokenizer_config.json: |'-1' is no id");
    expect_refused(folder_of(WORDS, "{\"added_tokens_decoder\": {\"9\": {\"content\": \"x\"}}}", NULL), EXIT_DATA,
                   "'x' has the id 9|expected 21");
    expect_refused(
        folder_of(WORDS, "{\"do_lower_case\": true, \"added_tokens_decoder\": {\"2\": {\"content\": \"cat\"}}}", NULL),
        EXIT_DATA, "'cat' has the id 2|expected 3");
    expect_refused(folder_of(WORDS, "{\"do_lower_case\": 1}", NULL), EXIT_DATA, "do_lower_case is 1|true or false");
    expect_refused(folder_of(WORDS, "{\"tokenizer_class\": \"BertJapaneseTokenizer\"}", NULL), EXIT_DATA,
                   "BertJapaneseTokenizer splits words with a dictionary");
}

static void test_no_tokenizer(void **state) {
    (void)state;
    expect_refused(path_join(test_folder, "nowhere"), EXIT_ENVIRONMENT,
                   "nowhere: |no such model folder|Try: data/fetch.sh");
    expect_refused(folder_of(NULL, "{}", NULL), EXIT_ENVIRONMENT, "neither tokenizer.json nor vocab.txt|Try: ");
    char *folder = folder_of(NULL, NULL, NULL);
    write_into(folder, "merges.txt", "#version: 0.2\n");
    expect_refused(folder, EXIT_DATA, "byte-level BPE|expected BERT's WordPiece");
    folder = folder_of(NULL, NULL, NULL);
    char *inside = path_join(folder, "vocab.txt"); /* a folder where the file should be */
    folder_make(inside);
    memory_free(inside);
    expect_refused(folder, EXIT_ENVIRONMENT, "neither tokenizer.json nor vocab.txt");
}

static void test_json_read(void **state) {
    (void)state;
    const char *cats = "[CLS] cat ##s [SEP] | tokenizer.json";
    expect_run(folder_of("wrong\n", NULL, bert_tokenizer_json), "Cats", cats,
               ""); /* vocab.txt does not count beside it */
    expect_json_run("\"lowercase\": true", "\"lowercase\": false", "Cats", "[CLS] [UNK] [SEP] | tokenizer.json", "");
    expect_json_run("\"normalizer\": {", "\"normalizer\": null, \"x\": {", "cats c\u00e4t",
                    "[CLS] cat ##s [UNK] [SEP] | tokenizer.json", "");
    expect_json_run("\"type\": \"WordPiece\", ", "", "Cats", cats, ""); /* as written in 2020 */
    expect_json_run("\"truncation\": null, \"padding\": null", "\"truncation\": {\"max_length\": 128}, \"padding\": {}",
                    "Cats",
                    "[CLS] cat ##s [SEP] | tokenizer.json (its truncation to 128 ids and its padding are ignored)", "");
    expect_json_run("\"truncation\": null", "\"truncation\": {\"max_length\": 9}", "Cats",
                    "[CLS] cat ##s [SEP] | tokenizer.json (its truncation to 9 ids is ignored)", "");
    expect_json_run("\"padding\": null", "\"padding\": {}", "Cats",
                    "[CLS] cat ##s [SEP] | tokenizer.json (its padding is ignored)", "");
    expect_json_run("\"post_processor\": {", "\"post_processor\": null, \"x\": {", "Cats", cats, "no post_processor");
    expect_json_run("\"vocab\"", "\"voc\\u0061b\"", "Cats", cats, "");
    expect_json_run("\"cat\": 3", "\"c\\u0061t\" : 3", "Cats", cats, "");
    expect_json_run("\"cat\": 3, \"##s\": 4", "\"##s\":4 ,\n\t\"cat\"\r:3 ", "Cats", cats, "");
    expect_json_run("\"cat\": 3", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\": 3", "x", "[CLS] [UNK] [SEP] | tokenizer.json", "");
    expect_json_run("{\"version\"", "\xEF\xBB\xBF{\"version\"", "Cats", cats, "byte-order mark");
    expect_json_run("\"cat\": 3", "\"cat\": 9", "Cats", cats, ""); /* ids with holes */
    expect_run(folder_of(NULL, "{\"do_lower_case\": false}", bert_tokenizer_json), "Cats",
               "[CLS] [UNK] [SEP] | tokenizer.json", "tokenizer_config.json: do_lower_case is false");
    expect_run(folder_of(NULL, "{\"do_lower_case\": true}", bert_tokenizer_json), "Cats", cats, "");
}

/* What stands beside a vocabulary, in the files of several years. */
static void test_extras(void **state) {
    (void)state;
    static const char *const kept[] = {"vocab.txt with tokenizer_config.json",
                                       "vocab.txt, lower-case as nothing else is said"};
    char out[160];
    snprintf(out, sizeof out, "[CLS] [E1] cat [E2] [SEP] | %s", kept[0]);
    expect_run(folder_of(WORDS, /* keys in any order */
                         "{\"added_tokens_decoder\": {\"22\": {\"content\": \"[E2]\", \"special\": true},"
                         " \"21\": {\"content\": \"[E1]\", \"special\": true}}}",
                         NULL),
               "[E1] cat[E2]", out, "");
    expect_run(folder_of(WORDS, "{\"additional_special_tokens\": [\"[E1]\", {\"content\": \"[E2]\"}]}", NULL),
               "[E1] cat[E2]", out, "");
    expect_run(folder_of(WORDS, "{\"extra_special_tokens\": {\"one\": \"[E1]\", \"two\": \"[E2]\"}}", NULL),
               "[E1] cat[E2]", out, "");
    expect_run(folder_of(NULL, "{\"additional_special_tokens\": [\"[E1]\", \"[E2]\"]}", bert_tokenizer_json),
               "[E1] cat[E2]", "[CLS] [E1] cat [E2] [SEP] | tokenizer.json", "");
    snprintf(out, sizeof out, "[CLS] [E1] cat [E2] [SEP] | %s", kept[1]);
    char *folder = folder_of(WORDS, NULL, NULL);
    write_into(folder, "added_tokens.json", "{\"[E2]\": 22, \"[E1]\": 21}");
    expect_run(folder, "[E1] cat[e2]", out, "");
    folder = folder_of(WORDS, NULL, NULL);
    write_into(folder, "special_tokens_map.json",
               "{\"mask_token\": \"cat\", \"additional_special_tokens\": [\"[E1]\", \"[E2]\"]}");
    expect_run(folder, "[E1]cat[E2]", out, ""); /* cat is cut from a word's middle, as [MASK] would be */
    expect_refused(folder_of(WORDS, "{\"additional_special_tokens\": [3]}", NULL), EXIT_DATA, "an entry is no token");
}

/* With special_tokens_map.json beside the two. Ids by AutoTokenizer of transformers 5.24. */
static void expect_ids(const char *config, const char *json, const char *map, const char *text, const int *ids, int n) {
    char *folder = folder_of(json ? NULL : WORDS, config, json);
    write_into(folder, "special_tokens_map.json", map);
    WordPiece t = wordpiece_load(folder);
    Encoding e = wordpiece_encode(&t, text, strlen(text), NULL, 0);
    if (e.n != n || memcmp(e.ids, ids, (size_t)n * sizeof *ids) != 0)
        wrong("%s, %s: %d ids, the second is %d", config ? config : "-", map ? map : "-", e.n, e.ids[1]);
    encoding_free(&e), wordpiece_free(&t), memory_free(folder);
}
#define EXPECT_IDS(config, json, map, text, ...)                                                                       \
    expect_ids(config, json, map, text, (const int[]){__VA_ARGS__}, sizeof(int[]){__VA_ARGS__} / sizeof(int))

/* Special tokens that no vocabulary has get the next ids: WORDS has 21 tokens, [MASK] among them, and no [PAD], which
 * every BertTokenizer has; the tokenizer.json has 5, and neither. */
static void test_names_in_no_vocabulary(void **state) {
    (void)state;
    const char *pad = "{\"pad_token\": \"<pad>\", \"mask_token\": \"<mask>\"}";
    EXPECT_IDS(NULL, NULL, NULL, "[PAD] [MASK] a", 1, 21, 6, 7, 2);
    EXPECT_IDS(NULL, NULL, "{\"mask_token\": \"<mask>\"}", "[PAD] <mask> a", 1, 21, 22, 7, 2);
    EXPECT_IDS("{\"mask_token\": {\"content\": \"<mask>\"}}", NULL, NULL, "<mask>a", 1, 22, 7, 2);
    EXPECT_IDS("{\"bos_token\": \"<b>\", \"eos_token\": \"<e>\", \"additional_special_tokens\": [\"<x>\"]}", NULL, pad,
               "<b> <e> <pad> <mask> <x>", 1, 21, 22, 23, 24, 25, 2);
    EXPECT_IDS("{\"pad_token\": null}", NULL, "{\"mask_token\": \"<mask>\"}", "<mask>", 1, 21, 2);
    const char *bert = "{\"tokenizer_class\": \"BertTokenizer\"}";
    EXPECT_IDS(bert, bert_tokenizer_json, NULL, "[PAD] [MASK] cat", 1, 5, 6, 3, 2);
    EXPECT_IDS(bert, bert_tokenizer_json, pad, "<pad> <mask> cat", 1, 5, 6, 3, 2);
    EXPECT_IDS("{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"mask_token\": \"<mask>\"}", bert_tokenizer_json,
               NULL, "<mask> cat", 1, 5, 3, 2);
    /* said twice: the map counts, unless the config has an added_tokens_decoder */
    EXPECT_IDS("{\"mask_token\": \"cat\", \"pad_token\": null}", NULL, "{\"mask_token\": \"<m>\"}", "<m>", 1, 21, 2);
    EXPECT_IDS("{\"mask_token\": \"<m>\", \"pad_token\": null, \"added_tokens_decoder\": {}}", NULL, pad, "<m>", 1, 21,
               2);
}

static void test_blank_line(void **state) {
    (void)state;
    expect_run(folder_of("[UNK]\n[CLS]\n[SEP]\n\ncat\n\n", NULL, NULL), "cat",
               "[CLS] cat [SEP] | vocab.txt, lower-case as nothing else is said",
               "vocab.txt:4: a blank line, which counts as a token");
    expect_run(folder_of("[UNK]\n[CLS]\n[SEP]\ncat\n\n\n", NULL, NULL), "cat",
               "[CLS] cat [SEP] | vocab.txt, lower-case as nothing else is said", "");
}

/* The message names file and key, and the way out. */
static void test_names_for_taken_ids(void **state) {
    (void)state;
    expect_refused(folder_of(WORDS, "{\"added_tokens_decoder\": {\"3\": {\"content\": \"<ent>\"}}}", NULL), EXIT_DATA,
                   "tokenizer_config.json: added_tokens_decoder: '<ent>' has the id 3 (expected 21, the next free one: "
                   "3 is 'cat')|Try: write '<ent>' in its place into the vocabulary");
    char *folder = folder_of(WORDS, NULL, NULL);
    write_into(folder, "added_tokens.json", "{\"<ent>\": 3}");
    expect_refused(folder, EXIT_DATA, "added_tokens.json: '<ent>' has the id 3|Try: write '<ent>'");
    expect_json_refused("\"id\": 0, \"content\": \"[UNK]\"", "\"id\": 3, \"content\": \"new\"",
                        "tokenizer.json: added_tokens: 'new' has the id 3 (expected 5, the next free one: 3 is 'cat')");
}

static void test_json_refused(void **state) {
    (void)state;
    expect_json_refused("\"WordPiece\"", "\"BPE\"", "this tokenizer is BPE (expected WordPiece)|Try: ");
    expect_json_refused("\"type\": \"WordPiece\", ", "\"merges\": [], ", "this tokenizer is BPE");
    expect_json_refused("\"model\"", "\"modell\"", "the key model is missing");
    expect_json_refused("\"vocab\": {", "\"vocab\": 3, \"x\": {", "model.vocab is missing");
    expect_json_refused("\"BertNormalizer\"", "\"NFKC\"", "the normalizer is NFKC (expected BertNormalizer, or NFD");
    expect_json_refused("\"BertPreTokenizer\"", "\"ByteLevel\"", "the pre_tokenizer is ByteLevel");
    expect_json_refused("{\"type\": \"BertPreTokenizer\"}", "null", "the pre_tokenizer is missing");
    expect_json_refused("\"BertProcessing\"", "\"RobertaProcessing\"",
                        "the post_processor (RobertaProcessing) does not make");
    expect_json_refused("\"clean_text\": true", "\"clean_text\": 1", "clean_text is 1 (expected true or false)");
    expect_json_refused("word\": 100", "word\": -1", "max_input_chars_per_word is -1");
    expect_json_refused("\"id\": 0, \"content\": \"[UNK]\"", "\"id\": 3, \"content\": \"[UNK]\"",
                        "'[UNK]' has the id 3 (expected 0");
    expect_json_run("\"id\": 0, \"content\": \"[UNK]\"", "\"id\": 6, \"content\": \"new\"", "new",
                    "[CLS] new [SEP] | tokenizer.json", "added_tokens: 'new' has the id 6, but gets 5, the next free");
    expect_json_refused("\"id\": 0, ", "", "the key id is missing");
    expect_json_refused("\"content\": \"[UNK]\", ", "", "no content");
    expect_json_refused("\"added_tokens\": [", "\"added_tokens\": [7, ", "entry 0 is no object");
    expect_json_refused("\"[SEP]\": 2", "\"x\": 2", "no [SEP]");
    expect_refused(folder_of(NULL, NULL, ""), EXIT_DATA, "tokenizer.json:1:1: not valid JSON");
    expect_refused(folder_of(NULL, NULL, "version https://git-lfs.github.com/spec/v1\n"), EXIT_DATA, "git-LFS pointer");
    /* the place of an error behind the vocabulary is its place in the file */
    expect_json_refused("4}}}", "4}},,}", "tokenizer.json:7:68: not valid JSON");
    expect_json_refused("\"max_input_chars_per_word\": 100,", "\"type\": \"x\",",
                        "tokenizer.json:6:|the key \"type\" appears twice");
}

static void test_json_ids(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"\"cat\": -1", "'cat' has the id -1 (expected a whole number from 0 to 4"},
        {"\"cat\": 3.0", "'cat' has the id 3.0"},
        {"\"cat\": 3e0", "'cat' has the id 3e0"},
        {"\"cat\": \"3\"", "'cat' has the id \"3\""},
        {"\"cat\": null", "'cat' has the id null"},
        {"\"cat\": 65541", "'cat' has the id 65541 (expected ids near 0 to 4: there are 5 tokens)"},
        {"\"cat\": 4294967296", "'cat' has the id 4294967296"},
        {"\"cat\": 18446744073709551616", "does not fit 64 bits"},
        {"\"cat\": 2", "'[SEP]' and 'cat' both have the id 2"},
        {"\"cat\": 03", "not valid JSON"},
        {"\"cat\": 3 3", "not valid JSON"},
        {"\"cat\": 3,", "not valid JSON"},
        {"\"cat\" 3", "not valid JSON"},
        {"\"c\nt\": 3", "not valid JSON"},
        {"\"c\xFFt\": 3", "not valid UTF-8"},
        {"\"c\\xt\": 3", "not valid JSON"},
        {"\"[SEP]\": 3", "'[SEP]' is there twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_json_refused("\"cat\": 3", cases[i][0], cases[i][1]);
    expect_json_refused("\"[UNK]\": 0, \"[CLS]\": 1, \"[SEP]\": 2, \"cat\": 3, \"##s\": 4", "", "no [UNK]");
}

static void test_template(void **state) {
    (void)state;
#define S(name, type) "{\"SpecialToken\": {\"id\": \"" name "\", \"type_id\": " #type "}}"
#define Q(name, type) "{\"Sequence\": {\"id\": \"" name "\", \"type_id\": " #type "}}"
#define TEMPLATE(single, pair)                                                                                         \
    "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [" single "], \"pair\": [" pair "]}, \"x\": {"
#define SINGLE S("[CLS]", 0) ", " Q("A", 0) ", " S("[SEP]", 0)
    const char *from = "\"post_processor\": {", *not = "the post_processor (TemplateProcessing) does not make";
    expect_json_run(from, TEMPLATE(SINGLE, SINGLE ", " Q("B", 1) ", " S("[SEP]", 1)), "cats",
                    "[CLS] cat ##s [SEP] | tokenizer.json", "");
    expect_json_run(from,
                    TEMPLATE(S("##s", 0) ", " Q("A", 0) ", " S("[CLS]", 0),
                             S("##s", 0) ", " Q("A", 0) ", " S("[CLS]", 0) ", " Q("B", 1) ", " S("[CLS]", 1)),
                    "cats", "##s cat ##s [CLS] | tokenizer.json", ""); /* the template says which, not the name */
    expect_json_refused(from, TEMPLATE(SINGLE, SINGLE ", " Q("B", 0) ", " S("[SEP]", 0)), not );
    expect_json_refused(from, TEMPLATE(SINGLE, SINGLE ", " S("[SEP]", 0) ", " Q("B", 1) ", " S("[SEP]", 1)), not );
    expect_json_refused(from, TEMPLATE(Q("A", 0), SINGLE ", " Q("B", 1) ", " S("[SEP]", 1)), not );
    expect_json_refused(from, TEMPLATE(SINGLE, SINGLE ", " Q("B", 1) ", " S("[CLS]", 1)), not );
    expect_json_refused(from, TEMPLATE(SINGLE, SINGLE ", " Q("A", 1) ", " S("[SEP]", 1)), not );
}

/* ---- the scanner against jansson ---- */

static void test_scanner(void **state) {
    (void)state;
    static const char *const bits[] = {"\"",
                                       "\\",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       ",",
                                       ":",
                                       " ",
                                       "\n",
                                       "0",
                                       "7",
                                       "-",
                                       ".",
                                       "e",
                                       "\"model\"",
                                       "\"vocab\":{}",
                                       "\"cat\":3",
                                       "null",
                                       "\xC3",
                                       "\xA9",
                                       "\x01",
                                       "\\u0041",
                                       "\\n"};
    Rng rng = test_rng(31);
    size_t size = strlen(bert_tokenizer_json);
    assert_true(taken_as_by_jansson(bert_tokenizer_json, size, true));
    int accepted = 0;
    for (int round = 0; round < 20000; round++) {
        char text[sizeof bert_tokenizer_json + 64];
        memcpy(text, bert_tokenizer_json, size);
        size_t length = size;
        for (size_t changes = 1 + random_below(&rng, 2); changes > 0; changes--) {
            size_t from = round % 4 ? size - 120 : 0; /* mostly in the vocabulary and what surrounds it */
            size_t at = from + random_below(&rng, length - from), cut = random_below(&rng, 3);
            const char *bit = bits[random_below(&rng, sizeof bits / sizeof *bits)];
            size_t more = random_below(&rng, 4) ? strlen(bit) : 0;
            if (cut > length - at) cut = length - at;
            memmove(text + at + more, text + at + cut, length - at - cut);
            memcpy(text + at, bit, more);
            length += more - cut;
        }
        accepted += taken_as_by_jansson(text, length, true);
    }
    assert_true(accepted > 2000); /* a generator of nothing but rubbish would prove little */
    for (size_t cut = 0; cut < size; cut++) taken_as_by_jansson(bert_tokenizer_json, cut, true); /* a torn download */
}

static void test_scanner_on_minilm(void **state) {
    (void)state;
    if (!file_exists("data/minilm/tokenizer.json")) skip();
    Bytes file = file_read("data/minilm/tokenizer.json");
    assert_true(taken_as_by_jansson(file.data, file.size, true));
    bytes_free(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vocab_txt),  cmocka_unit_test(test_huge_numbers),
        cmocka_unit_test(test_names),      cmocka_unit_test(test_no_tokenizer),
        cmocka_unit_test(test_json_read),  cmocka_unit_test(test_names_in_no_vocabulary),
        cmocka_unit_test(test_blank_line), cmocka_unit_test(test_names_for_taken_ids),
        cmocka_unit_test(test_extras),     cmocka_unit_test(test_json_refused),
        cmocka_unit_test(test_json_ids),   cmocka_unit_test(test_template),
        cmocka_unit_test(test_scanner),    cmocka_unit_test(test_scanner_on_minilm),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
