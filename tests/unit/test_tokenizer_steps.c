/* text/tokenizer_steps: normalizer, pre-tokenizer and template in Sequences; what they come to is compared with the
 * library itself in test_wordpiece (fixtures wordpiece/sequence_*). */
#include "bert_folder.h"

/* Steps one by one, each in front of the place where the normalizer stood. */
#define STEPS(...) "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" __VA_ARGS__ "]}, \"x\": {"
#define STEP(type) "{\"type\": \"" type "\"}"

static void test_steps(void **state) {
    (void)state;
    const char *cats = "[CLS] cat ##s [SEP] | tokenizer.json", *unknown = "[CLS] [UNK] [SEP] | tokenizer.json";
    const char *text = "C\u00c1TS", *from = "\"normalizer\": {"; /* CATS with an acute on its A */
    expect_json_run(from, STEPS(STEP("NFD") ", " STEP("Lowercase") ", " STEP("StripAccents")), text, cats, "");
    expect_json_run(from, STEPS(STEP("NFD") ", " STEP("StripAccents") ", " STEP("Lowercase")), text, cats, "");
    expect_json_run(from, STEPS(STEP("NFD") ", " STEP("StripAccents") ", " STEP("NFD") ", " STEP("Lowercase")), text,
                    cats, "");
    expect_json_run(from, STEPS(STEP("Lowercase") ", " STEP("NFD") ", " STEP("StripAccents")), text, cats, "");
    expect_json_run(from, STEPS(STEP("BertNormalizer") ", " STEP("Lowercase")), text, cats, "");
    expect_json_run(from, STEPS(STEP("StripAccents") ", " STEP("Lowercase")), text, unknown, ""); /* nothing is apart */
    expect_json_run(from, STEPS(STEP("StripAccents") ", " STEP("Lowercase")), "CA\u0301TS", cats, "");
    expect_json_run(from, STEPS(STEP("StripAccents")), "ca\u0301ts", cats, "");
    expect_json_run(from, STEPS(STEP("StripAccents")), "Cats", unknown, "");
    expect_json_run(from, STEPS(STEP("NFD") ", " STEP("Lowercase")), "CATS", cats, "");
    expect_json_run(from, STEPS(STEP("NFD") ", " STEP("Lowercase")), text, unknown, "");
    expect_json_refused(from, STEPS(STEP("StripAccents") ", " STEP("NFD")), "StripAccents before NFD|Try: NFD first");
    expect_json_refused(from, STEPS(STEP("NFD") ", " STEP("BertNormalizer")), "BertNormalizer behind other steps");
    expect_json_refused(from, STEPS(STEP("NFD") ", " STEP("Replace")), "the normalizer is Replace");
    expect_json_refused(from, STEPS("3"), "the normalizer has no type");
    expect_json_refused(from, "\"normalizer\": {\"type\": \"Sequence\"}, \"x\": {", "a Sequence without normalizers");
}

/* U+0130, a capital I with a dot, becomes i and the mark U+0307, if it is not taken apart before. */
static void expect_dotted(const char *steps, const char *out) {
    char *json = text_with(bert_tokenizer_json, "\"normalizer\": {", steps);
    memcpy(strstr(json, "\"cat\""), "\"cit\"", 5);
    expect_run(folder_of(NULL, NULL, json), "C\u0130TS", out, "");
    memory_free(json);
}

static void test_order_of_steps(void **state) {
    (void)state;
    const char *stripped = "[CLS] cit ##s [SEP] | tokenizer.json", *marked = "[CLS] [UNK] [SEP] | tokenizer.json";
    const char *keeps = "{\"type\": \"BertNormalizer\", \"strip_accents\": false}";
    char steps[256];
    expect_dotted(STEPS(STEP("Lowercase") ", " STEP("StripAccents")), stripped);
    expect_dotted(STEPS(STEP("StripAccents") ", " STEP("Lowercase")), marked);
    expect_dotted(STEPS(STEP("NFD") ", " STEP("Lowercase")), marked);
    expect_dotted(STEPS(STEP("NFD") ", " STEP("StripAccents") ", " STEP("Lowercase")), stripped);
    snprintf(steps, sizeof steps, STEPS("%s, " STEP("StripAccents")), keeps);
    expect_dotted(steps, stripped);
    snprintf(steps, sizeof steps, STEPS("%s"), keeps);
    expect_dotted(steps, marked);
}

/* Where the config names a class: one that takes the file as it is, or one that has its own normalizer. */
static void test_steps_and_class(void **state) {
    (void)state;
    const char *out = "[CLS] cat ##s [SEP] | tokenizer.json", *unknown = "[CLS] [UNK] [SEP] | tokenizer.json";
    char *json = text_with(bert_tokenizer_json, "\"normalizer\": {",
                           STEPS(STEP("NFD") ", " STEP("Lowercase") ", " STEP("StripAccents")));
    const char *any = "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"do_lower_case\": false}";
    expect_run(folder_of(NULL, any, json), "C\u00c1TS", out, "");
    expect_run(folder_of(NULL, any, bert_tokenizer_json), "CATS", out, "");
    expect_run(folder_of(NULL, "{\"tokenizer_class\": \"TokenizersBackend\", \"do_lower_case\": false}", json), "CATS",
               out, "");
    expect_run(folder_of(NULL, "{}", json), "cat\x01s", unknown, "");
    expect_run(folder_of(NULL, "{\"tokenizer_class\": \"BertTokenizer\"}", json), "CAT\x01S", out, /* drops controls */
               "normalizer.steps does not count");
    expect_run(folder_of(NULL, "{\"tokenizer_class\": \"BertTokenizerFast\", \"do_lower_case\": false}", json), "CATS",
               unknown, "normalizer.steps does not count");
    memory_free(json);
}

static void test_sequences(void **state) {
    (void)state;
    const char *cats = "[CLS] cat ##s [SEP] | tokenizer.json";
    expect_json_run("{\"type\": \"BertNormalizer\"",
                    "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"BertNormalizer\"}],"
                    " \"x\": \"y\"",
                    "Cats", cats, "");
    expect_json_run("{\"type\": \"BertPreTokenizer\"}",
                    "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"BertPreTokenizer\"}]}", "Cats", cats,
                    "");
    expect_json_run("{\"type\": \"BertProcessing\"",
                    "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"Sequence\", \"processors\": []}, {\"type\":"
                    " \"BertProcessing\", \"sep\": [\"[SEP]\", 2], \"cls\": [\"[CLS]\", 1]}], \"x\": \"\"",
                    "Cats", cats, "");
    expect_json_run("{\"type\": \"BertProcessing\"", "{\"type\": \"Sequence\", \"processors\": [], \"x\": \"\"", "Cats",
                    cats, "no post_processor");
    expect_json_run("{\"type\": \"BertNormalizer\"", "{\"type\": \"Sequence\", \"normalizers\": [], \"x\": \"\"",
                    "cats Cats", "[CLS] cat ##s [UNK] [SEP] | tokenizer.json", "");
    expect_json_refused("{\"type\": \"BertPreTokenizer\"}", "{\"type\": \"Sequence\", \"pretokenizers\": []}",
                        "the pre_tokenizer is missing");
    expect_json_refused("{\"type\": \"BertPreTokenizer\"}",
                        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"WhitespaceSplit\"}]}",
                        "the pre_tokenizer is WhitespaceSplit (expected BertPreTokenizer");
    expect_json_refused("{\"type\": \"BertPreTokenizer\"}",
                        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"WhitespaceSplit\"},"
                        " {\"type\": \"Punctuation\", \"behavior\": \"Removed\"}]}",
                        "the pre_tokenizer is Punctuation");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps), cmocka_unit_test(test_order_of_steps),
                                       cmocka_unit_test(test_steps_and_class), cmocka_unit_test(test_sequences)};
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
