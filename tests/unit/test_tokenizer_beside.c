/* text/tokenizer_beside: what stands beside a vocabulary of 158 tokens, tests/fixtures/models/plain's. The ids are
 * those of AutoTokenizer (transformers 5.24). */
#include "bert_folder.h"

#define PLAIN "tests/fixtures/models/plain/"
#define BERT "\"tokenizer_class\": \"BertTokenizer\""
#define FAST "\"tokenizer_class\": \"PreTrainedTokenizerFast\""

typedef struct {
    const char *config, *map, *added; /* NULL: that file is not there */
    const char *from, *to;            /* a change to tokenizer.json; NULL: it is not there, but vocab.txt is */
    const char *text, *ids;
    const char *err; /* NULL: not a word */
} Case;
#define AS_IT_IS "{", "{" /* no change */

static char *folder_for(const Case *c) {
    char *text = c->from ? file_with(PLAIN "tokenizer.json", c->from, c->to) : file_with(PLAIN "vocab.txt", "", "");
    char *folder = folder_of(c->from ? NULL : text, c->config, c->from ? text : NULL);
    write_into(folder, "special_tokens_map.json", c->map);
    write_into(folder, "added_tokens.json", c->added);
    write_into(folder, "config.json", "{\"model_type\": \"bert\"}");
    memory_free(text);
    return folder;
}

static void expect_cases(const Case *cases, size_t n) {
    for (const Case *c = cases; c < cases + n; c++) {
        char *folder = folder_for(c);
        expect_printed(folder, c->text, c->ids, c->err);
        memory_free(folder);
    }
}
#define EXPECT_CASES(cases) expect_cases(cases, sizeof(cases) / sizeof *(cases))

static void test_tokens_by_key(void **state) {
    (void)state;
    const char *ends = "[BOS] the old [EOS] clock", *ids = "2 158 110 129 159 130 3";
    const char *map = "{\"bos_token\": \"[BOS]\", \"eos_token\": \"[EOS]\"}";
    const char *config = "{" BERT ", \"bos_token\": \"[BOS]\", \"eos_token\": \"[EOS]\"}";
    const char *image = "{" BERT ", \"image_token\": \"<im>\"}";
    const Case cases[] = {
        {NULL, map, NULL, NULL, NULL, ends, ids, NULL},
        {NULL, map, NULL, AS_IT_IS, ends, ids, NULL},
        {config, NULL, NULL, NULL, NULL, ends, ids, NULL},
        {config, NULL, NULL, AS_IT_IS, ends, ids, NULL},
        {image, NULL, NULL, AS_IT_IS, "the <im> old", "2 110 158 129 3", NULL},
        {image, NULL, NULL, NULL, NULL, "the <im> old", "2 110 158 129 3", NULL},
        {"{" BERT ", \"bos_token\": \"[unused0]\"}", NULL, NULL, NULL, NULL, "x[unused0]y", "2 81 5 82 3", NULL},
        {"{" BERT ", \"mask_token\": {\"content\": \"[MASK]\", \"single_word\": true}}", NULL, NULL, NULL, NULL,
         "x[MASK]y [MASK]", "2 81 28 70 84 102 94 30 82 4 3", NULL},
        {"{" BERT ", \"a_token\": \"[1]\", \"extra_special_tokens\": {\"b\": \"[2]\"}, \"c_token\": {\"content\": "
         "\"[3]\"}, \"additional_special_tokens\": [\"[7]\"]}",
         "{\"d_token\": \"[4]\", \"extra_special_tokens\": {\"e\": \"[5]\"}, \"f_token\": {\"content\": \"[6]\"}}",
         NULL, NULL, NULL, "[1] [2] [3] [4] [5] [6] [7]", "2 161 162 158 159 163 160 164 3", NULL},
    };
    EXPECT_CASES(cases);
}

/* BERT's class adds its usual names; another one those that are named. */
static void test_no_added_tokens(void **state) {
    (void)state;
    const char *from = "\"added_tokens\"", *to = "\"added_tokens\": [], \"x\"", *ids = "2 110 4 129 3";
    const Case cases[] = {
        {NULL, NULL, NULL, from, to, "the [MASK] old", ids, NULL},
        {"{" BERT ", \"mask_token\": \"[MASK]\"}", NULL, NULL, from, to, "the [MASK] old", ids, NULL},
        {"{" FAST ", \"mask_token\": \"[MASK]\"}", NULL, NULL, from, to, "the [MASK] old", ids, NULL},
        {"{" FAST "}", NULL, NULL, from, to, "the [MASK] old", "2 110 28 70 84 102 94 30 129 3", NULL},
    };
    EXPECT_CASES(cases);
}

static void test_two_files(void **state) {
    (void)state;
    const Case cases[] = {
        {"{" BERT ", \"additional_special_tokens\": [\"[A]\"]}", "{\"additional_special_tokens\": [\"[B]\"]}", NULL,
         AS_IT_IS, "[A] the [B]", "2 158 110 28 59 30 3", "special_tokens_map.json: additional_special_tokens: '[B]'"},
        {"{" BERT ", \"extra_special_tokens\": [\"[1]\"], \"additional_special_tokens\": [\"[4]\"]}", NULL, NULL, NULL,
         NULL, "[1] [4]", "2 158 28 42 30 3", "tokenizer_config.json: additional_special_tokens: '[4]' is no token"},
        {"{" BERT ", \"extra_special_tokens\": [\"[1]\"]}", "{\"extra_special_tokens\": [\"[2]\"]}", NULL, NULL, NULL,
         "[1] [2]", "2 158 159 3", NULL},
        {"{" BERT ", \"mask_token\": \"[MASK]\"}", "{\"mask_token\": \"old\"}", NULL, NULL, NULL, "the [MASK] old",
         "2 110 28 70 84 102 94 30 129 3", "special_tokens_map.json: mask_token is \"old\", but tokenizer_config.json"},
    };
    EXPECT_CASES(cases);
}

/* tokenizer.json with one token more. */
#define ADDED(normalized)                                                                                              \
    "\"added_tokens\": [",                                                                                             \
        "\"added_tokens\": [{\"id\": 158, \"content\": \"[J]\", \"single_word\": true, \"normalized\": " normalized    \
        "},"
#define OTHER_LIST "{\"additional_special_tokens\": [\"[A]\"]}"

/* The same text, or the same key, twice. */
static void test_said_twice(void **state) {
    (void)state;
    const char *image = "{\"img_token\": \"[B]\"}", *neither = "2 110 28 58 30 3";
    const char *mask = "{" BERT ", \"mask_token\": {\"content\": \"[MASK]\", \"single_word\": true}, "
                       "\"extra_special_tokens\": [\"[MASK]\"]}";
    const Case cases[] = {
        {mask, NULL, NULL, NULL, NULL, "x[MASK]y", "2 81 4 82 3", NULL},
        {"{" BERT ", \"img_token\": {\"content\": \"[A]\"}}", image, NULL, NULL, NULL, "[A] the [B]",
         "2 28 58 30 110 158 3", NULL},
        {"{" BERT ", \"sep_token\": {\"content\": \"[SEP]\"}, \"img_token\": {\"content\": \"Old\"}}", NULL, NULL, NULL,
         NULL, "[sep] OLD [SEP] Old", "2 28 76 88 99 30 129 3 158 3", NULL},
        {"{" BERT ", \"img_token\": \"[A]\"}", image, NULL, NULL, NULL, "[A] the [B]", "2 158 110 28 59 30 3", NULL},
        {"{" BERT ", \"extra_special_tokens\": [{\"content\": \"Old\"}]}", NULL, NULL, NULL, NULL, "the OLD Old",
         "2 110 158 158 3", NULL},
        {"{" BERT ", \"extra_special_tokens\": [{\"content\": \"Old\", \"special\": true}]}", NULL, NULL, NULL, NULL,
         "the OLD Old", "2 110 129 158 3", NULL},
        {NULL, NULL, "{\"[J]\": 158}", ADDED("true"), "x[J]y [j]", "2 81 28 67 30 82 158 3", NULL},
        {NULL, NULL, "{\"[J]\": 158}", ADDED("false"), "x[J]y [j] [J]", "2 81 28 67 30 82 28 67 30 158 3", NULL},
        {"{" BERT ", \"additional_special_tokens\": []}", OTHER_LIST, NULL, AS_IT_IS, "the [A]", neither,
         "additional_special_tokens: '[A]' is no token"},
        {"{" BERT ", \"additional_special_tokens\": null}", OTHER_LIST, NULL, AS_IT_IS, "the [A]", neither,
         "additional_special_tokens: '[A]' is no token"},
        {"{" FAST ", \"extra_special_tokens\": []}", OTHER_LIST, NULL, AS_IT_IS, "the [A]", neither,
         "additional_special_tokens: '[A]' is no token"},
    };
    EXPECT_CASES(cases);
}

/* Beside an added_tokens_decoder BERT's class has those that it names; another class has all of tokenizer.json, too. */
static void test_decoder_against_file(void **state) {
    (void)state;
    const char *bert = "{" BERT ", \"added_tokens_decoder\": {\"158\": {\"content\": \"[A]\", \"special\": true}}}";
    const char *fast = "{" FAST ", \"added_tokens_decoder\": {\"159\": {\"content\": \"[A]\", \"special\": true}}}";
    const Case cases[] = {
        {bert, NULL, NULL, ADDED("false"), "[A] the [J] [MASK]", "2 158 110 28 67 30 4 3",
         "tokenizer.json: added_tokens: '[J]' does not count"},
        {fast, NULL, NULL, ADDED("false"), "[A] the [J] [MASK]", "2 159 110 158 4 3", NULL},
    };
    EXPECT_CASES(cases);
}

/* BERT's class takes nothing but the vocabulary and the added tokens from a tokenizer.json. */
static void test_class_against_file(void **state) {
    (void)state;
    const char *bert = "{" BERT "}", *longest = "\"max_input_chars_per_word\": 100";
    const Case cases[] = {
        {"{" BERT ", \"unk_token\": \"the\"}", NULL, NULL, AS_IT_IS, "the xq\u2603 old", "2 110 110 129 3",
         "model.unk_token does not count"},
        {"{" BERT ", \"cls_token\": \"the\", \"sep_token\": \"old\"}", NULL, NULL, AS_IT_IS, "the old",
         "110 110 129 129", NULL},
        {"{" FAST ", \"cls_token\": \"the\", \"sep_token\": \"old\"}", NULL, NULL, AS_IT_IS, "the old", "2 110 129 3",
         NULL},
        {bert, NULL, NULL, longest, "\"max_input_chars_per_word\": 4", "theold clock", "2 110 98 95 87 130 3",
         "tokenizer.json: model.max_input_chars_per_word does not count"},
        {bert, NULL, NULL, "\"continuing_subword_prefix\": \"##\"", "\"continuing_subword_prefix\": \"@@\"",
         "theold clocked", "2 110 98 95 87 130 145 3", "model.continuing_subword_prefix does not count"},
        {bert, NULL, NULL, "\"unk_token\": \"[UNK]\"", "\"unk_token\": \"[PAD]\"", "the \u2603 old", "2 110 1 129 3",
         "model.unk_token does not count"},
        {bert, NULL, NULL, "\"clean_text\": true", "\"clean_text\": false", "the\u200bold", "2 110 98 95 87 3",
         "tokenizer.json: normalizer.clean_text does not count"},
        {NULL, NULL, NULL, "\"lowercase\": true", "\"lowercase\": false", "THE old", "2 110 129 3",
         "tokenizer.json: normalizer.lowercase does not count"},
        {bert, NULL, NULL, "\"BertPreTokenizer\"", "\"WhitespaceSplit\"", "THE-old clock", "2 110 18 129 130 3",
         "tokenizer.json: pre_tokenizer (WhitespaceSplit) does not count"},
        {bert, NULL, NULL, "\"BertNormalizer\"", "\"NFC\"", "THE-old clock", "2 110 18 129 130 3",
         "tokenizer.json: normalizer (NFC) does not count"},
        {bert, NULL, NULL, "\"type_id\": 0", "\"type_id\": 1", "THE-old clock", "2 110 18 129 130 3",
         "tokenizer.json: post_processor (TemplateProcessing) does not count"},
        {"{" FAST "}", NULL, NULL, longest, "\"max_input_chars_per_word\": 4", "theold clock", "2 1 1 3", NULL},
    };
    EXPECT_CASES(cases);
}

/* Holes, and ids that nobody would have given. */
static void test_next_ids(void **state) {
    (void)state;
    const char *one = "{\"additional_special_tokens\": [\"[N]\"]}", *space = "\"[unused0]\": 5,";
    const Case cases[] = {
        {NULL, one, NULL, space, "", "[N] the old", "2 157 110 129 3", "gets the id 157, as for AutoTokenizer"},
        {NULL, "{\"additional_special_tokens\": [\"[N]\", \"[M]\"]}", NULL, space, "\"[unused0]\": 5, \"##zz\": 160,",
         "[N] [M] the old", "2 159 160 110 129 3", "'[M]' gets the id 160, as for AutoTokenizer, which is"},
        {NULL, NULL, "{\"[E]\": 200}", NULL, NULL, "the [E] old", "2 110 158 129 3",
         "added_tokens.json: '[E]' has the id 200, but gets 158"},
        {"{" BERT ", \"added_tokens_decoder\": {\"200\": {\"content\": \"[E]\", \"special\": true}, \"201\": "
         "{\"content\": \"[F]\", \"special\": true}}}",
         NULL, NULL, NULL, NULL, "the [E] old [F]", "2 110 158 129 159 3", "'[E]' has the id 200, but gets 158"},
        {NULL, NULL, "{\"[N]\": 158}", NULL, NULL, "[N] the [n]", "2 158 110 158 3", NULL},
        {NULL, one, "{\"[N]\": 158}", NULL, NULL, "[N] the [n]", "2 158 110 158 3", NULL},
        {NULL, "{\"eos_token\": \"[N]\"}", "{\"[N]\": 158}", NULL, NULL, "[N] the [n]", "2 158 110 28 71 30 3", NULL},
    };
    EXPECT_CASES(cases);
}

static void expect_no(const char *config, const char *from, const char *to, const char *parts) {
    expect_refused(folder_for(&(Case){.config = config, .from = from, .to = to}), EXIT_DATA, parts);
}

static void test_refused(void **state) {
    (void)state;
    const char *fast = "{" FAST "}";
    expect_no("{\"split_special_tokens\": true}", AS_IT_IS, "tokenizer_config.json: split_special_tokens is true");
    expect_no("{\"split_special_tokens\": true}", NULL, NULL, "tokenizer_config.json: split_special_tokens is true");
    expect_no(fast, "\"ids\": [\n          2", "\"ids\": [5",
              "post_processor.special_tokens: '[CLS]' has other ids (expected 2");
    expect_no(fast, "\"ids\": [\n          2", "\"ids\": [2, 4",
              "post_processor.special_tokens: '[CLS]' has other ids");
    expect_no(fast, "\"ids\": [\n          3", "\"ids\": [5",
              "post_processor.special_tokens: '[SEP]' has other ids (expected 3");
    expect_no(fast, "\"post_processor\"",
              "\"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 102], \"cls\": [\"[CLS]\", 2]}, "
              "\"x\"",
              "post_processor.sep: '[SEP]' has the id 102 (expected 3");
    expect_no(fast, "\"post_processor\"",
              "\"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 3], \"cls\": [\"[CLS]\", 101]}, "
              "\"x\"",
              "post_processor.cls: '[CLS]' has the id 101 (expected 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_by_key), cmocka_unit_test(test_no_added_tokens),
        cmocka_unit_test(test_two_files),     cmocka_unit_test(test_said_twice),
        cmocka_unit_test(test_next_ids),      cmocka_unit_test(test_decoder_against_file),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_class_against_file),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
