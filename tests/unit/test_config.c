/* weights/config: what a BERT's config.json may say, and what is refused by key, value and what is allowed. */
#include "expect.h"
#include "weights/config.h"

static const char BASE[] =
    "{\"architectures\": [\"BertModel\"], \"model_type\": \"bert\", \"hidden_act\": \"gelu\", \"hidden_size\": 384,"
    "\"num_hidden_layers\": 6, \"num_attention_heads\": 12, \"intermediate_size\": 1536, \"vocab_size\": 30522,"
    "\"max_position_embeddings\": 512, \"type_vocab_size\": 2, \"layer_norm_eps\": 1e-12,"
    "\"position_embedding_type\": \"absolute\"}";

/* BASE with `"key": value`, or without the key when value is NULL. Owned. */
static char *changed(const char *key, const char *value) {
    String out = {0};
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *at = strstr(BASE, quoted);
    if (!at) { /* a new key */
        string_add(&out, "{%s%s, %s", quoted, value, BASE + 1);
        return out.text;
    }
    const char *end = at + strlen(quoted);
    end += *end == '[' ? strcspn(end, "]") + 1 : strcspn(end, ",}");
    if (value) string_add(&out, "%.*s%s%s%s", (int)(at - BASE), BASE, quoted, value, end);
    else if (*end == ',') string_add(&out, "%.*s%s", (int)(at - BASE), BASE, end + 1);
    else string_add(&out, "%.*s\"end\": 0%s", (int)(at - BASE), BASE, end);
    return out.text;
}

static void parse(void *context) {
    bert_config_parse("config.json", context, strlen(context));
}

static BertConfig parsed(const char *key, const char *value) {
    char *text = changed(key, value);
    BertConfig config = bert_config_parse("config.json", text, strlen(text));
    memory_free(text);
    return config;
}

static void expect_refused(const char *key, const char *value, const char *says) {
    char *text = changed(key, value);
    expect_failure(EXIT_DATA, says, parse, text);
    memory_free(text);
}

static void test_base(void **state) {
    (void)state;
    BertConfig config = bert_config_parse("config.json", BASE, strlen(BASE));
    assert_int_equal(config.layers, 6);
    assert_int_equal(config.heads, 12);
    assert_int_equal(config.width, 384);
    assert_int_equal(config.inner, 1536);
    assert_int_equal(config.vocab, 30522);
    assert_int_equal(config.positions, 512);
    assert_int_equal(config.types, 2);
    assert_true(config.norm_eps == 1e-12f);
    assert_int_equal(config.activation, ACTIVATION_GELU_ERF);
    assert_true(config.has_tied_decoder);
}

static void test_defaults(void **state) {
    (void)state;
    assert_int_equal(parsed("type_vocab_size", NULL).types, 2);
    assert_true(parsed("layer_norm_eps", NULL).norm_eps == 1e-12f);
    assert_int_equal(parsed("hidden_act", NULL).activation, ACTIVATION_GELU_ERF);
    assert_int_equal(parsed("hidden_act", "null").activation, ACTIVATION_GELU_ERF);
    assert_int_equal(parsed("position_embedding_type", NULL).layers, 6);
    assert_int_equal(parsed("model_type", NULL).layers, 6);
    assert_int_equal(parsed("architectures", NULL).layers, 6);
    assert_int_equal(parsed("architectures", "null").layers, 6);
    assert_int_equal(parsed("architectures", "[]").layers, 6);
    const char *old =
        "{\"hidden_size\": 8, \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"intermediate_size\": 16,"
        "\"vocab_size\": 9, \"max_position_embeddings\": 4}"; /* Google's own release says no more */
    assert_int_equal(bert_config_parse("config.json", old, strlen(old)).heads, 2);
}

static void test_values(void **state) {
    (void)state;
    assert_int_equal(parsed("hidden_act", "\"gelu_new\"").activation, ACTIVATION_GELU_TANH);
    assert_int_equal(parsed("hidden_act", "\"gelu_pytorch_tanh\"").activation, ACTIVATION_GELU_TANH);
    assert_int_equal(parsed("hidden_act", "\"gelu_fast\"").activation, ACTIVATION_GELU_TANH);
    assert_int_equal(parsed("hidden_act", "\"gelu_accurate\"").activation, ACTIVATION_GELU_TANH);
    assert_int_equal(parsed("hidden_act", "\"gelu_python_tanh\"").activation, ACTIVATION_GELU_TANH);
    assert_int_equal(parsed("hidden_act", "\"relu\"").activation, ACTIVATION_RELU);
    assert_true(parsed("layer_norm_eps", "1e-5").norm_eps == 1e-5f);
    assert_true(parsed("layer_norm_eps", "1").norm_eps == 1);
    assert_false(parsed("tie_word_embeddings", "false").has_tied_decoder);
    assert_int_equal(parsed("architectures", "[\"BertForMaskedLM\"]").layers, 6);
    assert_int_equal(parsed("architectures", "[\"BertForPreTraining\", \"Other\"]").layers, 6);
    assert_int_equal(parsed("is_decoder", "false").layers, 6);
    assert_int_equal(parsed("pruned_heads", "{}").layers, 6);
    assert_int_equal(parsed("quantization_config", "null").layers, 6);
    assert_int_equal(parsed("num_hidden_layers", "1024").layers, 1024);
    assert_int_equal(parsed("num_attention_heads", "1").heads, 1);
    assert_int_equal(parsed("num_attention_heads", "384").heads, 384);
}

/* Each number: missing, null, 0, negative, one too many, a fraction, a text, 1e9. */
static void test_numbers(void **state) {
    (void)state;
    const struct {
        const char *key, *too_many, *range;
    } keys[] = {
        {"num_hidden_layers", "1025", "1 to 1024"},  {"num_attention_heads", "1025", "1 to 1024"},
        {"hidden_size", "65537", "1 to 65536"},      {"intermediate_size", "1048577", "1 to 1048576"},
        {"vocab_size", "16777217", "1 to 16777216"}, {"max_position_embeddings", "1048577", "1 to 1048576"},
        {"type_vocab_size", "1025", "1 to 1024"},
    };
    const char *bad[] = {"0", "-1", NULL, "1.5", "6.0", "\"6\"", "true", "1000000000", "4294967302", "[6]"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
            const char *value = bad[k] ? bad[k] : keys[i].too_many;
            char *says = text_format("config.json: %s is %s (expected a whole number from %s)", keys[i].key, value,
                                     keys[i].range);
            expect_refused(keys[i].key, value, says);
            memory_free(says);
        }
        if (strcmp(keys[i].key, "type_vocab_size") == 0) continue; /* has a default */
        char *says = text_format("config.json: the key %s is missing", keys[i].key);
        expect_refused(keys[i].key, NULL, says);
        expect_refused(keys[i].key, "null", says);
        memory_free(says);
    }
    expect_refused("layer_norm_eps", "0", "layer_norm_eps is 0 (expected a number from 1e-30 to 1)");
    expect_refused("layer_norm_eps", "-1e-12", "layer_norm_eps is -");
    expect_refused("layer_norm_eps", "2", "layer_norm_eps is 2");
    expect_refused("layer_norm_eps", "\"small\"", "layer_norm_eps is \"small\"");
    expect_refused("layer_norm_eps", "1e999", "config.json:1:|not valid JSON");
}

static void test_heads_divide(void **state) {
    (void)state;
    expect_refused("num_attention_heads", "5",
                   "num_attention_heads is 5 (expected a divisor of hidden_size 384: 1, 2, 3, 4, 6, 8, 12, 16");
    expect_refused("num_attention_heads", "385", "num_attention_heads is 385|192, 384)");
    expect_refused("hidden_size", "383",
                   "num_attention_heads is 12 (expected a divisor of hidden_size 383: 1, 383). Try: ");
}

static void test_families(void **state) {
    (void)state;
    const struct {
        const char *type, *name, *advice;
    } families[] = {
        {"distilbert", "DistilBERT", "data/fetch.sh minilm"},
        {"roberta", "RoBERTa", "data/fetch.sh minilm"},
        {"xlm-roberta", "XLM-RoBERTa", "fetch.sh"},
        {"gpt2", "GPT-2", "Try: stage 18"},
        {"albert", "ALBERT", "data/fetch.sh minilm"},
        {"electra", "ELECTRA", "data/fetch.sh minilm"},
        {"deberta", "DeBERTa", "data/fetch.sh minilm"},
        {"deberta-v2", "DeBERTa", "data/fetch.sh minilm"},
        {"t5", "T5", "data/fetch.sh minilm"},
        {"llama", "Llama", "data/fetch.sh minilm"},
        {"mpnet", "MPNet", "data/fetch.sh minilm"},
        {"modernbert", "ModernBERT", "data/fetch.sh minilm"},
        {"brand_new", "brand_new", "data/fetch.sh minilm"},
    };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        char *value = text_format("\"%s\"", families[i].type);
        char *says = text_format("config.json: this is a %s model; stage 17 reads BERT, 18 GPT-2, 19 and 20 both. "
                                 "Try: |%s",
                                 families[i].name, families[i].advice);
        expect_refused("model_type", value, says);
        memory_free(value);
        memory_free(says);
    }
    expect_refused("model_type", "3", "model_type is 3 (expected a text)");
    expect_refused("model_type", "\"Bert\"", "model_type is \"Bert\" (expected \"bert\")");
    expect_refused("model_type", "\"\"", "model_type is \"\" (expected \"bert\")");
    expect_refused("model_type", "\"a\\nb\"", "this is a a\\nb model");
}

/* The class decides when there is no model_type, and has a word when there is. */
static void test_architectures(void **state) {
    (void)state;
    const char *classes[][2] = {
        {"DistilBertForMaskedLM", "DistilBERT"},   {"RobertaModel", "RoBERTa"}, {"GPT2LMHeadModel", "GPT-2"},
        {"BertGenerationEncoder", "BERT decoder"}, {"T5Model", "T5"},           {"SomethingElse", "SomethingElse"}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        char *text = text_format("{\"architectures\": [\"%s\"], \"hidden_size\": 8}", classes[i][0]);
        char *says = text_format("this is a %s model", classes[i][1]);
        expect_failure(EXIT_DATA, says, parse, text);
        memory_free(text);
        memory_free(says);
    }
    expect_refused("architectures", "[\"JinaBertForMaskedLM\"]", "this is a JinaBertForMaskedLM model");
    assert_int_equal(parsed("architectures", "[\"HF_ColBERT\"]").layers, 6); /* a BERT with something on top */
    expect_refused("architectures", "[\"HF_ColBERT\"], \"auto_map\": {\"AutoModel\": \"x.y\"}",
                   "this is a HF_ColBERT model");
    assert_int_equal(parsed("hidden_act", "\"gelu_python\"").activation, ACTIVATION_GELU_ERF);
    expect_refused("architectures", "[1]", "architectures is not a list of names");
    assert_int_equal(parsed("architectures", "\"BertModel\"").layers, 6);
    expect_failure(EXIT_DATA, "this is a GPT-2 model; stage 17 reads BERT, 18 GPT-2|Try: stage 18", parse,
                   "{\"n_embd\": 8, \"n_layer\": 1}"); /* the oldest of theirs say no more */
}

static void test_extras(void **state) {
    (void)state;
    expect_refused("position_embedding_type", "\"relative_key\"",
                   "position_embedding_type is \"relative_key\" (expected \"absolute\"");
    expect_refused("position_embedding_type", "\"relative_key_query\"",
                   "position_embedding_type is \"relative_key_query\"");
    expect_refused("position_embedding_type", "\"alibi\"", "position_embedding_type is \"alibi\"");
    expect_refused("hidden_act", "\"silu\"",
                   "hidden_act is \"silu\" (expected gelu, gelu_new, gelu_pytorch_tanh or relu)");
    expect_refused("hidden_act", "\"\"", "hidden_act is \"\"");
    expect_refused("hidden_act", "7", "hidden_act is 7 (expected a text)");
    expect_refused("is_decoder", "true", "is_decoder is true (expected false");
    expect_refused("is_decoder", "1", "is_decoder is 1 (expected true or false)");
    expect_refused("is_encoder_decoder", "true", "is_encoder_decoder is true");
    expect_refused("add_cross_attention", "true", "add_cross_attention is true");
    expect_refused("pruned_heads", "{\"0\": [1]}", "pruned_heads is not empty");
    expect_refused("quantization_config", "{\"bits\": 4}", "quantization_config is there");
    expect_refused("tie_word_embeddings", "\"yes\"", "tie_word_embeddings is \"yes\" (expected true or false)");
}

static void expect_refused_text(const char *text, const char *says) {
    char *copy = text_copy(text, strlen(text));
    expect_failure(EXIT_DATA, says, parse, copy);
    memory_free(copy);
}

static void test_not_a_config(void **state) {
    (void)state;
    expect_refused_text("", "config.json:1:0: not valid JSON");
    expect_refused_text("[]", "config.json: expected a JSON object|Try: fetch");
    expect_refused_text("{}", "the key num_hidden_layers is missing. Try: fetch");
    expect_refused_text("{\"hidden_size\": 8,\n\"hidden_size\": 8}", "config.json:2:|duplicate");
    expect_refused_text("<!doctype html>", "config.json:1:1: not valid JSON");
    char *large = memory_new(300001, 1, "a test");
    memset(large, ' ', 300000);
    expect_refused_text(large, "config.json: 300000 bytes (expected at most 262144 for a configuration)");
    memory_free(large);
}

/* ---- the folder ---- */

static void read_folder(void *context) {
    bert_config_read(context);
}

static void test_model_folder(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "/nothing-here: no such model folder. Try: data/fetch.sh minilm", read_folder,
                   "/nothing-here");
    expect_failure(EXIT_ENVIRONMENT, "config.json: No such file or directory. Try: data/fetch.sh minilm", read_folder,
                   test_folder);
    write_test_text(test_path("config.json"), BASE);
    expect_success(read_folder, test_folder);
    assert_int_equal(bert_config_read(test_folder).width, 384);
    expect_failure(EXIT_ENVIRONMENT, "config.json: this is a file (expected a model's folder)", read_folder,
                   (void *)(size_t)test_path("config.json"));
    write_test_text(test_path("config.json"), "");
    expect_failure(EXIT_DATA, "config.json:1:0: not valid JSON", read_folder, test_folder);
    assert_int_equal(truncate(test_path("config.json"), (off_t)1 << 40), 0); /* not a byte of it is read */
    expect_failure(EXIT_DATA, "config.json: 1099511627776 bytes (expected at most", read_folder, test_folder);
    assert_int_equal(unlink(test_path("config.json")), 0);
    assert_int_equal(mkdir(test_path("config.json"), 0777), 0);
    expect_failure(EXIT_ENVIRONMENT, "config.json: Is a directory", read_folder, test_folder);
}

/* Configurations as transformers writes them. */
static void test_fixtures(void **state) {
    (void)state;
    const struct {
        const char *name;
        int layers, heads, width, inner, positions, types;
        Activation activation;
        float eps;
        bool tied;
    } models[] = {
        {"plain", 2, 3, 24, 40, 48, 2, ACTIVATION_GELU_ERF, 1e-12f, true},
        {"prefix_gamma_mlm", 2, 3, 24, 40, 48, 2, ACTIVATION_GELU_ERF, 1e-12f, true},
        {"mlm_untied_tanh", 2, 3, 24, 40, 48, 2, ACTIVATION_GELU_TANH, 1e-12f, false},
        {"mlm_no_pooler", 2, 3, 24, 40, 48, 2, ACTIVATION_GELU_TANH, 1e-12f, true},
        {"relu", 2, 3, 24, 40, 48, 2, ACTIVATION_RELU, 1e-12f, true},
        {"odd_geometry", 3, 5, 35, 53, 48, 2, ACTIVATION_GELU_ERF, 1e-12f, true},
        {"one_head", 1, 1, 13, 29, 24, 1, ACTIVATION_GELU_ERF, 1e-12f, true},
        {"eps_1e-5", 2, 3, 24, 40, 48, 2, ACTIVATION_GELU_ERF, 1e-5f, true},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        char *folder = path_join("tests/fixtures/models", models[i].name);
        BertConfig c = bert_config_read(folder);
        bool same = c.layers == models[i].layers && c.heads == models[i].heads && c.width == models[i].width &&
                    c.inner == models[i].inner && c.positions == models[i].positions && c.types == models[i].types &&
                    c.activation == models[i].activation && c.norm_eps == models[i].eps &&
                    c.has_tied_decoder == models[i].tied;
        if (!same) wrong("%s is read otherwise", folder);
        memory_free(folder);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base),          cmocka_unit_test(test_defaults),     cmocka_unit_test(test_values),
        cmocka_unit_test(test_numbers),       cmocka_unit_test(test_heads_divide), cmocka_unit_test(test_families),
        cmocka_unit_test(test_architectures), cmocka_unit_test(test_extras),       cmocka_unit_test(test_not_a_config),
        cmocka_unit_test(test_model_folder),  cmocka_unit_test(test_fixtures),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
