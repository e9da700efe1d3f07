/* text/bpe_beside: what the files beside a GPT-2 vocabulary of 657 tokens add, tests/fixtures/bpe/small's. The ids are
 * those of AutoTokenizer (transformers 5.24). */
#include "tokenizer_folder.h"

#define SMALL "tests/fixtures/bpe/small/"

typedef struct {
    const char *name, *content; /* of the file beside */
    bool json;                  /* the vocabulary is a tokenizer.json */
    const char *text, *ids;
    const char *err; /* NULL: not a word */
} Case;

static void copy_file(const char *from, const char *folder, const char *name) {
    char *text = file_with(from, "", "");
    write_into(folder, name, text);
    memory_free(text);
}

static char *folder_for(const Case *c) {
    char *folder = new_folder();
    if (c->json) copy_file(SMALL "tokenizer.json", folder, "tokenizer.json");
    if (!c->json)
        copy_file(SMALL "encoder.json", folder, "vocab.json"), copy_file(SMALL "vocab.bpe", folder, "merges.txt");
    write_into(folder, c->name, c->content);
    return folder;
}

/* With a tokenizer.json whose `from` is `to` (NULL: as it is). */
static void expect_case(const Case *c, const char *from, const char *to) {
    char *folder = folder_for(c), *json = from ? file_with(SMALL "tokenizer.json", from, to) : NULL;
    write_into(folder, "tokenizer.json", json);
    expect_printed(folder, c->text, c->ids, c->err);
    memory_free(folder), memory_free(json);
}

#define CONFIG "tokenizer_config.json"
#define MAP "special_tokens_map.json"

static void test_tokens(void **state) {
    (void)state;
    const char *habits = "{\"added_tokens_decoder\": {\"657\": {\"content\": \"[X]\", \"special\": true, \"lstrip\": "
                         "true, \"rstrip\": true}}}";
    const char *end = "{\"added_tokens_decoder\": {\"656\": {\"content\": \"<|endoftext|>\", \"special\": true, "
                      "\"lstrip\": true}}}";
    const char *spaced = "{\"tokenizer_class\": \"GPT2Tokenizer\", \"add_prefix_space\": true}";
    const char *two_rounds = "{\"tokenizer_class\": \"GPT2Tokenizer\", \"added_tokens_decoder\": {"
                             "\"657\": {\"content\": \"Foo\", \"special\": true}, "
                             "\"658\": {\"content\": \"the\", \"single_word\": true}, "
                             "\"659\": {\"content\": \"old F\", \"special\": false}}}";
    const Case cases[] = {
        {"added_tokens.json", "{\"[X]\": 657}", false, "the [X] old", "83 256 220 657 439", NULL},
        {"added_tokens.json", "{\"[X]\": 9999}", false, "the [X] old", "83 256 220 657 439",
         "added_tokens.json: '[X]' has the id 9999, but gets 657"},
        {CONFIG, "{\"pad_token\": \"[PAD]\", \"additional_special_tokens\": [\"[X]\"]}", false, "the [PAD] [X] old",
         "83 256 220 657 220 658 439", NULL},
        {CONFIG, habits, false, "the [X]  old", "83 256 657 530", NULL},
        {CONFIG, end, false, "the <|endoftext|> old", "83 256 656 439", NULL},
        {MAP, "{\"pad_token\": \"the\"}", false, "the old the", "657 439 220 657", NULL},
        {CONFIG, "{\"pad_token\": {\"content\": \" x\", \"rstrip\": true}}", false, "a x x old", "64 657 657 530",
         NULL},
        {CONFIG, "{\"pad_token\": {\"content\": \"[X]\", \"single_word\": true}, \"mask_token\": \"[X]\"}", false,
         "the[X]old", "83 256 657 530", NULL},
        {MAP, "{\"pad_token\": \"[X]\"}", true, "the [X] old", "83 256 220 657 439", NULL},
        {CONFIG, "{\"add_bos_token\": true}", false, "the old", "656 83 256 439", NULL},
        {CONFIG, "{\"add_bos_token\": true, \"add_eos_token\": true}", false, "", "656 656", NULL},
        {CONFIG, "{\"add_eos_token\": true}", false, "<|endoftext|>the old", "656 83 256 439 656", NULL},
        {CONFIG, "{\"add_bos_token\": true, \"bos_token\": null}", false, "the old", "83 256 439", NULL},
        {CONFIG, "{\"add_bos_token\": true, \"bos_token\": \"[B]\"}", false, "the old", "657 83 256 439", NULL},
        {CONFIG, "{\"add_bos_token\": true}", true, "the old", "83 256 439", NULL},
        {CONFIG, "{\"add_prefix_space\": true}", true, "the old", "83 256 439", NULL},
        {CONFIG, spaced, false, "the old", "258 439", NULL},
        {CONFIG, spaced, false, "\nthe<|endoftext|>the", "220 198 83 256 656 258", NULL},
        {CONFIG, spaced, true, "the old", "258 439", NULL},
        {CONFIG, spaced, true, " the", "258", NULL},
        {CONFIG, two_rounds, false, "Foothe bathe the", "657 658 267 266 256 220 658", NULL},
        {CONFIG, two_rounds, true, "old Foothe old F", "530 220 657 658 220 659", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) expect_case(&cases[i], NULL, NULL);
}

static void test_refused(void **state) {
    (void)state;
    static const char *const parts[] = {"added_tokens.json: '[X]' has the id 7 (expected 657",
                                        "added_tokens.json: 'a' has the id 657 (expected 64"};
    const Case cases[] = {{"added_tokens.json", "{\"[X]\": 7}", false, "", "", NULL},
                          {"added_tokens.json", "{\"a\": 657}", false, "", "", NULL}};
    for (int i = 0; i < 2; i++) {
        char *folder = folder_for(&cases[i]);
        Load load = {folder, ""};
        expect_failure(EXIT_DATA, parts[i], print_ids, &load);
        memory_free(folder);
    }
}

/* merges.txt and vocab.json do not count beside a tokenizer.json, which has a token more here; and of its added tokens
 * those do not that an added_tokens_decoder leaves out, but for GPT-2's own. */
static void test_both_forms(void **state) {
    (void)state;
    const Case cases[] = {
        {"x", "", true, "the [J] old", "83 256 657 439", NULL},
        {"added_tokens.json", "{\"[J]\": 657}", true, "the [J] old", "83 256 657 439", NULL},
        {CONFIG,
         "{\"tokenizer_class\": \"GPT2Tokenizer\", \"added_tokens_decoder\": {\"657\": {\"content\": \"[X]\", "
         "\"special\": true}}}",
         true, "the [J][X] <|endoftext|>", "83 256 220 58 41 60 657 220 656", "added_tokens: '[J]' does not count"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = folder_for(&cases[i]);
        char *text = file_with(SMALL "tokenizer.json", "\"added_tokens\":[{",
                               "\"added_tokens\":[{\"id\":657,\"content\":\"[J]\",\"lstrip\":true},{");
        copy_file(SMALL "encoder.json", folder, "vocab.json"), copy_file(SMALL "vocab.bpe", folder, "merges.txt");
        write_into(folder, "tokenizer.json", text);
        expect_printed(folder, cases[i].text, cases[i].ids, cases[i].err);
        if (i == 0) { /* OpenAI's form, which is stage 15's, comes before both */
            copy_file(SMALL "encoder.json", folder, "encoder.json"), copy_file(SMALL "vocab.bpe", folder, "vocab.bpe");
            expect_printed(folder, "the [J] old", "83 256 220 58 41 60 439", NULL);
        }
        memory_free(text), memory_free(folder);
    }
}

/* Names that nothing makes, in a vocab.json or a tokenizer.json of GPT-2's class: they have an id, and a text is cut
 * there only when a file beside says so. <|endoftext|> is special in any case, and new where the vocabulary has none.
 */
static void test_mere_names(void **state) {
    (void)state;
#define LOOKS "\"<s>\": 656, \"<a b>\": 657"
    static const struct {
        const char *name, *content, *ids;
    } cases[] = {
        {"x", "", "27 82 29 258 658 27 64 267 29"},
        {MAP, "{\"bos_token\": \"<s>\"}", "656 258 658 27 64 267 29"},
        {MAP, "{\"unk_token\": \"<a b>\"}", "27 82 29 258 658 657"},
        {"added_tokens.json", "{\"<s>\": 656}", "656 258 658 27 64 267 29"},
        {CONFIG, "{\"bos_token\": null, \"eos_token\": null, \"unk_token\": null}",
         "27 82 29 258 27 91 68 263 78 469 68 87 83 91 29 27 64 267 29"},
    };
    char *vocab = file_with(SMALL "encoder.json", "\"<|endoftext|>\": 656", LOOKS);
    char *added = file_with(SMALL "tokenizer.json", "\"added_tokens\":[", "\"added_tokens\":[],\"unused\":[");
    char *json = text_with(added, "\"<|endoftext|>\":656", LOOKS);
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        char *folder = new_folder();
        write_into(folder, "config.json", "{\"model_type\": \"gpt2\"}");
        if (i % 2) copy_file(SMALL "vocab.bpe", folder, "merges.txt"), write_into(folder, "vocab.json", vocab);
        else write_into(folder, "tokenizer.json", json);
        write_into(folder, cases[i / 2].name, cases[i / 2].content);
        expect_printed(folder, "<s> the<|endoftext|><a b>", cases[i / 2].ids, NULL);
        memory_free(folder);
    }
    memory_free(vocab), memory_free(added), memory_free(json);
}

/* GPT-2's own class makes its tokenizer anew: rules of another one are passed over, which others refuse. */
static void test_passed_over(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *what;
    } cases[] = {
        {"\"normalizer\":null", "\"normalizer\":{\"type\":\"Lowercase\"}", "has a normalizer"},
        {"\"type\":\"ByteLevel\"", "\"type\":\"Digits\"", "pre_tokenizer is not ByteLevel"},
        {"\"use_regex\":true", "\"use_regex\":false", "use_regex is off"},
        {"\"dropout\":null", "\"dropout\":0.5", "model.dropout is on"},
        {"\"ignore_merges\":false", "\"ignore_merges\":true", "model.ignore_merges is on"},
        {"\"dropout\":null", "\"dropout\":0.0", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *ids = "291 220 46 43 35 220 16 17", *what = cases[i].what;
        Case own = {CONFIG, "{\"tokenizer_class\": \"GPT2Tokenizer\"}", true, "The OLD 12", ids, what};
        Case other = {"x", "", true, "The OLD 12", what ? "" : ids, what};
        expect_case(&own, cases[i].from, cases[i].to);
        expect_case(&other, cases[i].from, cases[i].to);
    }
}

/* A post-processor adds tokens to a text, or only says that it is one. */
static void test_frame(void **state) {
    (void)state;
#define END "{\"SpecialToken\": {\"id\": \"<|endoftext|>\", \"type_id\": 0}}"
#define TEXT "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}"
#define TEMPLATE(single)                                                                                               \
    "{\"type\": \"TemplateProcessing\", \"single\": [" single "], \"special_tokens\": {\"<|endoftext|>\": {\"id\": "   \
    "\"<|endoftext|>\", \"ids\": [656], \"tokens\": [\"<|endoftext|>\"]}}}"
    static const struct {
        const char *step, *ids, *err;
    } cases[] = {
        {TEMPLATE(TEXT), "83 256 439", NULL},
        {TEMPLATE(END ", " TEXT), "656 83 256 439", NULL},
        {TEMPLATE(END ", " END ", " TEXT ", " END), "656 656 83 256 439 656", NULL},
        {"{\"type\": \"Sequence\", \"processors\": [{\"type\": \"ByteLevel\"}, " TEMPLATE(TEXT ", " END) "]}",
         "83 256 439 656", NULL},
        {"{\"type\": \"RobertaProcessing\", \"cls\": [\"<|endoftext|>\", 656], \"sep\": [\"a\", 65]}",
         "656 83 256 439 65", NULL},
        {"{\"type\": \"BertProcessing\", \"cls\": [\"a\", 657], \"sep\": [\"a\", 65]}", "", "an id that is none"},
        {TEMPLATE("{\"SpecialToken\": {\"id\": \"a\"}}"), "", "post_processor names 'a', which its special_tokens"},
        {"{\"type\": \"Other\"}", "", "post_processor is Other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Case c = {"x", "", true, "the old", cases[i].ids, cases[i].err};
        char *step = text_format("\"post_processor\":%s", cases[i].step);
        expect_case(&c, "\"post_processor\":null", step);
        memory_free(step);
    }
}

/* A pre-tokenizer may put a space in front; what tokenizer_config.json says counts for GPT-2's own class alone. */
static void test_spaced_json(void **state) {
    (void)state;
    const Case cases[] = {{"x", "", true, "the old", "258 439", NULL},
                          {CONFIG, "{\"add_prefix_space\": false}", true, "the old", "258 439", NULL},
                          {CONFIG, "{\"tokenizer_class\": \"GPT2Tokenizer\"}", true, "the old", "83 256 439", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_case(&cases[i], "\"ByteLevel\",\"add_prefix_space\":false", "\"ByteLevel\",\"add_prefix_space\":true");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tokens), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_frame), cmocka_unit_test(test_both_forms),
                                       cmocka_unit_test(test_spaced_json), cmocka_unit_test(test_mere_names),
                                       cmocka_unit_test(test_passed_over)};
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
