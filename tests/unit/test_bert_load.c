/* What model/bert refuses to load, each with its line: weights of another shape, number or family. Made from the tiny
 * models by changing one thing at a time. Bad numbers in them: test_bert_numbers.c. */
#include "bert_copy.h"

static void an_unchanged_copy_loads(void **state) {
    (void)state;
    static const char *const models[] = {"plain", "prefix_gamma_mlm", "mlm_untied_tanh", "f16", "bf16_mlm", "f64"};
    for (int m = 0; m < 6; m++) {
        Copy copy = copy_of(models[m]);
        Load l = {.folder = copy_write(&copy)};
        assert_string_equal(said_by_load(&l), "");
        bert_free(&l.bert);
        assert_true(l.bert.layers == NULL && l.bert.path == NULL);
    }
}

/* ---- shapes, names, families ---- */

static void other_shapes_are_refused(void **state) {
    (void)state;
    const struct {
        const char *name;
        int axes;
        size_t shape[3];
        const char *says;
    } cases[] = {
        {"encoder.layer.1.attention.self.query.weight", 2, {23, 24}, "[23, 24], config.json says [24, 24]"},
        {"encoder.layer.0.attention.self.key.weight", 2, {24, 25}, "[24, 25], config.json says [24, 24]"},
        {"encoder.layer.0.attention.self.value.bias", 1, {23}, "[23], config.json says [24]"},
        {"encoder.layer.0.attention.output.dense.weight", 1, {576}, "[576], config.json says [24, 24]"},
        {"encoder.layer.1.intermediate.dense.weight", 2, {24, 40}, "[24, 40], config.json says [40, 24]"},
        {"encoder.layer.1.intermediate.dense.bias", 1, {24}, "[24], config.json says [40]"},
        {"encoder.layer.1.output.dense.weight", 2, {40, 24}, "[40, 24], config.json says [24, 40]"},
        {"encoder.layer.0.output.LayerNorm.weight", 2, {24, 1}, "[24, 1], config.json says [24]"},
        {"encoder.layer.0.attention.output.LayerNorm.bias", 0, {0}, "[], config.json says [24]"},
        {"embeddings.LayerNorm.weight", 1, {25}, "[25], config.json says [24]"},
        {"embeddings.word_embeddings.weight", 2, {157, 24}, "[157, 24], config.json says [158, 24]"},
        {"embeddings.position_embeddings.weight", 2, {512, 24}, "[512, 24], config.json says [48, 24]"},
        {"embeddings.token_type_embeddings.weight", 3, {1, 2, 24}, "[1, 2, 24], config.json says [2, 24]"},
    };
    static const float room[512 * 24];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Copy copy = copy_of("plain");
        TensorOut *tensor = copy_find(&copy, cases[i].name);
        *tensor = (TensorOut){.name = tensor->name, .type = TYPE_F32, .axes = cases[i].axes, .data = room};
        memcpy(tensor->shape, cases[i].shape, sizeof cases[i].shape);
        char says[256];
        snprintf(says, sizeof says, "model.safetensors: %s is %s|Try: the config.json that came", cases[i].name,
                 cases[i].says);
        expect_load_refused(&copy, EXIT_DATA, says);
    }
}

static void the_masked_language_model_head_has_its_shapes(void **state) {
    (void)state;
    static const float room[160 * 24];
    static const char *const cases[][3] = {
        {"mlm_untied_tanh", "cls.predictions.decoder.weight", "is [159, 24], config.json says [158, 24]"},
        {"mlm_untied_tanh", "cls.predictions.decoder.bias", "is [159], config.json says [158]"},
        {"mlm_no_pooler", "cls.predictions.bias", "is [159], config.json says [158]"}};
    for (int i = 0; i < 3; i++) {
        Copy copy = copy_of(cases[i][0]);
        TensorOut *tensor = copy_find(&copy, cases[i][1]);
        tensor->shape[0] = 159, tensor->data = room;
        char says[160];
        snprintf(says, sizeof says, "%s %s", cases[i][1], cases[i][2]);
        expect_load_refused(&copy, EXIT_DATA, says);
    }
}

static void weights_must_be_floats(void **state) {
    (void)state;
    static const int64_t whole[24];
    Copy copy = copy_of("plain");
    TensorOut *tensor = copy_find(&copy, "encoder.layer.0.output.dense.bias");
    tensor->type = TYPE_I64, tensor->data = whole;
    expect_load_refused(&copy, EXIT_DATA, "\"encoder.layer.0.output.dense.bias\" has type I64 (expected F32");
}

static void missing_tensors_are_named(void **state) {
    (void)state;
    Copy one = copy_of("plain"), many = copy_of("prefix_gamma_mlm"), head = copy_of("mlm_no_pooler");
    copy_drop(&one, "encoder.layer.1.output.dense.bias");
    expect_load_refused(&one, EXIT_DATA,
                        ": 1 tensor that config.json asks for is missing: encoder.layer.1.output.dense.bias. Try");
    static const char *const names[] = {
        "embeddings.position_embeddings.weight",       "embeddings.LayerNorm.gamma",
        "encoder.layer.0.attention.self.query.weight", "encoder.layer.0.attention.self.query.bias",
        "encoder.layer.0.output.LayerNorm.beta",       "encoder.layer.1.intermediate.dense.weight"};
    for (int i = 0; i < 6; i++) {
        char full[128];
        snprintf(full, sizeof full, "bert.%s", names[i]);
        copy_drop(&many, full);
    }
    /* without its gamma, a norm of this file is asked for under the name of today */
    expect_load_refused(
        &many, EXIT_DATA,
        ": 6 tensors|are missing: bert.embeddings.position_embeddings.weight, bert.embeddings.LayerNorm.weight, "
        "bert.encoder.layer.0.attention.self.query.weight, bert.encoder.layer.0.attention.self.query.bias, "
        "bert.encoder.layer.0.output.LayerNorm.bias, ...");
    copy_drop(&head, "cls.predictions.bias");
    copy_drop(&head, "cls.predictions.transform.LayerNorm.weight");
    expect_load_refused(&head, EXIT_DATA,
                        ": 2 tensors|cls.predictions.transform.LayerNorm.weight, cls.predictions.bias. Try");
}

static void more_layers_than_the_file_has(void **state) {
    (void)state;
    Copy three = copy_of("plain"), thousand = copy_of("plain");
    copy_configure(&three, "num_hidden_layers", 3);
    expect_load_refused(&three, EXIT_DATA,
                        ": 16 tensors|missing: encoder.layer.2.attention.self.query.weight, "
                        "encoder.layer.2.attention.self.query.bias, encoder.layer.2.attention.self.key.weight");
    copy_configure(&thousand, "num_hidden_layers", 1024);
    expect_load_refused(&thousand, EXIT_DATA, "or more tensors|encoder.layer.2.attention.self.query.weight");
}

/* Fewer layers are what somebody may want, but not without knowing it. */
static void fewer_layers_than_the_file_has(void **state) {
    (void)state;
    Copy copy = copy_of("plain");
    copy_configure(&copy, "num_hidden_layers", 1);
    Load l = {.folder = copy_write(&copy)};
    const char *said = said_by_load(&l);
    assert_non_null(strstr(said, "warning: "));
    assert_non_null(strstr(said, "config.json says 1 layer, but the file has more"));
    assert_int_equal(l.bert.config.layers, 1);
    bert_free(&l.bert);
}

static void other_families_are_refused_by_name(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"roberta.embeddings.word_embeddings.weight", "RoBERTa"},
        {"distilbert.embeddings.word_embeddings.weight", "DistilBERT"},
        {"transformer.layer.0.attention.q_lin.weight", "DistilBERT"},
        {"electra.embeddings.word_embeddings.weight", "ELECTRA"},
        {"embeddings_project.weight", "ELECTRA"},
        {"albert.embeddings.word_embeddings.weight", "ALBERT"},
        {"encoder.embedding_hidden_mapping_in.weight", "ALBERT"},
        {"deberta.embeddings.word_embeddings.weight", "DeBERTa"},
        {"encoder.rel_embeddings.weight", "DeBERTa"},
        {"mpnet.embeddings.word_embeddings.weight", "MPNet"},
        {"encoder.relative_attention_bias.weight", "MPNet"},
        {"wte.weight", "GPT-2"},
        {"transformer.wte.weight", "GPT-2"},
        {"model.embed_tokens.weight", "Llama"},
    };
    static const float room[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Copy copy = copy_of("plain");
        /* as such files are: some call their word embeddings as BERT does */
        bool bare = strncmp(cases[i][0], "transformer.layer", 17) == 0 || strncmp(cases[i][0], "e", 1) == 0;
        copy.count = 0;
        copy.tensors[copy.count++] =
            (TensorOut){.name = cases[i][0], .type = TYPE_F32, .axes = 1, .shape = {16}, .data = room};
        if (bare)
            copy.tensors[copy.count++] = (TensorOut){
                .name = "embeddings.word_embeddings.weight", .type = TYPE_F32, .axes = 1, .shape = {16}, .data = room};
        char says[128];
        snprintf(says, sizeof says,
                 "model.safetensors: these are the weights of a %s (expected a BERT's|Try: ", cases[i][1]);
        expect_load_refused(&copy, EXIT_DATA, says);
    }
    Copy none = copy_of("plain");
    none.count = 1, none.tensors[0].name = "something";
    expect_load_refused(&none, EXIT_DATA, "no tensor is called embeddings.word_embeddings.weight|Try: ");
}

/* The recipe may not write to the file that it is reading. */
static void names_under_another_prefix(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"module.embeddings.word_embeddings.weight",
         "begin with `module.`|Try: rename them once, in this folder: python3|removeprefix('module.')|"
         "'new.safetensors'); os.replace('new.safetensors', 'model.safetensors')"},
        {"model.bert.embeddings.word_embeddings.weight", "begin with `model.`|removeprefix('model.')"},
        {"x') or print('.embeddings.word_embeddings.weight", "begin with `x') or print('.`|Try: the names without it"}};
    for (int i = 0; i < 3; i++) {
        Copy copy = copy_of("plain");
        copy_find(&copy, "embeddings.word_embeddings.weight")->name = cases[i][0];
        expect_load_refused(&copy, EXIT_DATA, cases[i][1]);
    }
}

static void missing_files_are_the_environments_fault(void **state) {
    (void)state;
    Load nowhere = {.folder = test_path("nowhere")};
    expect_failure(EXIT_ENVIRONMENT, "nowhere: ", load, &nowhere);
    Copy copy = copy_of("plain");
    Load l = {.folder = copy_write(&copy)};
    char path[600];
    snprintf(path, sizeof path, "%s/model.safetensors", l.folder);
    assert_int_equal(remove(path), 0);
    expect_failure(EXIT_ENVIRONMENT, "model.safetensors", load, &l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unchanged_copy_loads),
        cmocka_unit_test(other_shapes_are_refused),
        cmocka_unit_test(the_masked_language_model_head_has_its_shapes),
        cmocka_unit_test(weights_must_be_floats),
        cmocka_unit_test(missing_tensors_are_named),
        cmocka_unit_test(more_layers_than_the_file_has),
        cmocka_unit_test(fewer_layers_than_the_file_has),
        cmocka_unit_test(other_families_are_refused_by_name),
        cmocka_unit_test(names_under_another_prefix),
        cmocka_unit_test(missing_files_are_the_environments_fault),
    };
    return cmocka_run_group_tests_name("bert_load", tests, make_test_folder, remove_test_folder);
}
