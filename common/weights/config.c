#include "weights/config.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* A real one has about 600 bytes. The limit bounds the memory that a hostile one can cost: 250 bytes for each of its
 * own. */
enum { MOST_CONFIG = 256 << 10 };
enum {
    MOST_LAYERS = 1024,
    MOST_HEADS = 1024,
    MOST_WIDTH = 1 << 16,
    MOST_INNER = 1 << 20,
    MOST_VOCAB = 1 << 24,
    MOST_POSITIONS = 1 << 20,
    MOST_TYPES = 1024
};

static const char *const FETCH = "data/fetch.sh minilm, a BERT of 6 layers";

/* ---- other families, refused by name ---- */

#define GPT2_STAGE "stage 18, which reads GPT-2 models"

/* `type` is model_type; `class` begins the names in "architectures", for configurations without model_type. */
static const struct {
    const char *type, *class, *name, *advice;
} FAMILIES[] = {
    {"distilbert", "DistilBert", "DistilBERT", NULL},
    {"roberta", "Roberta", "RoBERTa", NULL},
    {"xlm-roberta", "XLMRoberta", "XLM-RoBERTa", NULL},
    {"camembert", "Camembert", "CamemBERT", NULL},
    {"albert", "Albert", "ALBERT", NULL},
    {"electra", "Electra", "ELECTRA", NULL},
    {"deberta", "Deberta", "DeBERTa", NULL},
    {"deberta-v2", "DebertaV2", "DeBERTa", NULL},
    {"mpnet", "MPNet", "MPNet", NULL},
    {"mobilebert", "MobileBert", "MobileBERT", NULL},
    {"modernbert", "ModernBert", "ModernBERT", NULL},
    {"nomic_bert", "NomicBert", "Nomic BERT", NULL},
    {"bert-generation", "BertGeneration", "BERT decoder", NULL},
    {"xlnet", "XLNet", "XLNet", NULL},
    {"bart", "Bart", "BART", NULL},
    {"t5", "T5", "T5", NULL},
    {"gpt2", "GPT2", "GPT-2", GPT2_STAGE},
    {"openai-gpt", "OpenAIGPT", "GPT", NULL},
    {"gpt_neo", "GPTNeo", "GPT-Neo", NULL},
    {"llama", "Llama", "Llama", NULL},
    {"mistral", "Mistral", "Mistral", NULL},
    {"qwen2", "Qwen2", "Qwen", NULL},
};

static _Noreturn void refuse_family(const char *file, const char *name, const char *advice) {
    fail(EXIT_DATA, "%s: this is a %.80s model; stage 17 reads BERT, 18 GPT-2, 19 and 20 both. Try: %s", file, name,
         advice ? advice : FETCH);
}

/* The first name in "architectures", which may be one text, or NULL: "BertModel", "BertForMaskedLM", ... */
static const char *first_class(const json_t *config) {
    const json_t *list = json_object_get(config, "architectures");
    return json_string_value(json_is_array(list) ? json_array_get(list, 0) : list);
}

/* The same; something else than names fails. */
static const char *architecture(const char *file, const json_t *config) {
    const json_t *list = json_object_get(config, "architectures");
    const char *class = first_class(config);
    bool none = !list || json_is_null(list) || (json_is_array(list) && json_array_size(list) == 0);
    if (!class && !none)
        fail(EXIT_DATA, "%s: architectures is not a list of names (expected such as [\"BertModel\"])", file);
    return class;
}

/* Code of somebody's own comes with its name in auto_map; and these classes call themselves bert, with weights of
 * another form. Any other class of one's own (HF_ColBERT) is a BERT with something on top; what it lacks, its weights
 * will say. */
static bool is_foreign_class(const json_t *config, const char *class) {
    static const char *const foreign[] = {"JinaBert", "NomicBert", "FlashBert", "GteModel", "NewModel"};
    bool foreign_class = json_object_size(json_object_get(config, "auto_map")) > 0;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        foreign_class = foreign_class || strncmp(class, foreign[i], strlen(foreign[i])) == 0;
    return foreign_class && strncmp(class, "Bert", 4) != 0;
}

bool config_is_gpt2(const json_t *config) {
    const char *type = json_string_value(json_object_get(config, "model_type")), *class = first_class(config);
    if (type) return strcmp(type, "gpt2") == 0;
    if (class) return strncmp(class, "GPT2", 4) == 0;
    return json_object_get(config, "n_embd") && !json_object_get(config, "hidden_size");
}

/* model_type decides when it is there; very old configurations of BERT have neither key. */
static void check_family(const char *file, const json_t *config) {
    const char *type = json_text(file, config, "model_type", NULL), *class = architecture(file, config);
    if (type && strcmp(type, "bert") != 0 && (!*type || strcasecmp(type, "bert") == 0))
        fail(EXIT_DATA, "%s: model_type is \"%.80s\" (expected \"bert\")", file, type);
    if (!type && !class && config_is_gpt2(config)) refuse_family(file, "GPT-2", GPT2_STAGE);
    for (size_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++) {
        bool same = type ? strcmp(type, FAMILIES[i].type) == 0
                         : class && strncmp(class, FAMILIES[i].class, strlen(FAMILIES[i].class)) == 0;
        if (same) refuse_family(file, FAMILIES[i].name, FAMILIES[i].advice);
    }
    if (type && strcmp(type, "bert") != 0) refuse_family(file, type, NULL);
    if (class && (type ? is_foreign_class(config, class) : strncmp(class, "Bert", 4) != 0))
        refuse_family(file, class, NULL);
}

/* ---- what a BERT may say that we do not do ---- */

static void check_positions(const char *file, const json_t *config) {
    const char *type = json_text(file, config, "position_embedding_type", "absolute");
    if (strcmp(type, "absolute") != 0)
        fail(EXIT_DATA,
             "%s: position_embedding_type is \"%.80s\" (expected \"absolute\": only learned absolute positions are "
             "read). Try: %s",
             file, type, FETCH);
}

static void check_extras(const char *file, const json_t *config) {
    static const char *const flags[] = {"is_decoder", "is_encoder_decoder", "add_cross_attention"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (json_flag(file, config, flags[i], false))
            fail(EXIT_DATA, "%s: %s is true (expected false: this program reads BERT as an encoder). Try: %s", file,
                 flags[i], FETCH);
    if (json_object_size(json_object_get(config, "pruned_heads")) > 0)
        fail(EXIT_DATA, "%s: pruned_heads is not empty (expected a model with all of its heads). Try: %s", file, FETCH);
    const json_t *quantized = json_object_get(config, "quantization_config");
    if (quantized && !json_is_null(quantized))
        fail(EXIT_DATA,
             "%s: quantization_config is there (expected weights in F32, F16, BF16 or F64). Try: the model before it "
             "was quantized",
             file);
}

/* Of several names the first is the one that is written. */
static const struct {
    const char *name;
    Activation activation;
} CURVES[] = {
    {"gelu", ACTIVATION_GELU_ERF},           {"gelu_python", ACTIVATION_GELU_ERF},
    {"gelu_new", ACTIVATION_GELU_TANH},      {"gelu_pytorch_tanh", ACTIVATION_GELU_TANH},
    {"gelu_fast", ACTIVATION_GELU_TANH},     {"gelu_python_tanh", ACTIVATION_GELU_TANH},
    {"gelu_accurate", ACTIVATION_GELU_TANH}, {"relu", ACTIVATION_RELU},
};

const char *config_activation_name(Activation activation) {
    int i = 0;
    while (CURVES[i].activation != activation) i++;
    return CURVES[i].name;
}

Activation config_activation(const char *file, const json_t *config, const char *key, const char *usual) {
    const char *name = json_text(file, config, key, usual);
    for (size_t i = 0; i < sizeof CURVES / sizeof *CURVES; i++)
        if (strcmp(name, CURVES[i].name) == 0) return CURVES[i].activation;
    fail(EXIT_DATA,
         "%s: %s is \"%.80s\" (expected gelu, gelu_new, gelu_pytorch_tanh or relu). Try: the config.json that came "
         "with the model",
         file, key, name);
}

static void check_heads(const char *file, int heads, int width) {
    if (width % heads == 0) return;
    String divisors = {0};
    for (int i = 1; i <= width && i <= MOST_HEADS; i++)
        if (width % i == 0) string_add(&divisors, i > 1 ? ", %d" : "%d", i);
    fail(EXIT_DATA,
         "%s: num_attention_heads is %d (expected a divisor of hidden_size %d: %s). Try: the config.json that came "
         "with the model",
         file, heads, width, divisors.text);
}

BertConfig bert_config_parse(const char *name, const char *text, size_t size) {
    if (size > MOST_CONFIG)
        fail(EXIT_DATA, "%s: %zu bytes (expected at most %d for a configuration). Try: fetch the file again", name,
             size, MOST_CONFIG);
    json_t *json = json_parse(name, text, size);
    check_family(name, json);
    check_positions(name, json);
    check_extras(name, json);
    BertConfig config = {
        .layers = json_int_needed(name, json, "num_hidden_layers", 1, MOST_LAYERS),
        .heads = json_int_needed(name, json, "num_attention_heads", 1, MOST_HEADS),
        .width = json_int_needed(name, json, "hidden_size", 1, MOST_WIDTH),
        .inner = json_int_needed(name, json, "intermediate_size", 1, MOST_INNER),
        .vocab = json_int_needed(name, json, "vocab_size", 1, MOST_VOCAB),
        .positions = json_int_needed(name, json, "max_position_embeddings", 1, MOST_POSITIONS),
        .types = json_int(name, json, "type_vocab_size", 1, MOST_TYPES, 2),
        .norm_eps = (float)json_real_at(name, json, "layer_norm_eps", 1e-30, 1, 1e-12),
        .activation = config_activation(name, json, "hidden_act", "gelu"),
        .has_tied_decoder = json_flag(name, json, "tie_word_embeddings", true),
    };
    json_decref(json);
    check_heads(name, config.heads, config.width);
    return config;
}

BertConfig bert_config_read(const char *folder) {
    folder_of_model(folder);
    char *path = path_join(folder, "config.json");
    if (access(path, R_OK) != 0)
        fail(EXIT_ENVIRONMENT, "%s: %s. Try: data/fetch.sh minilm, or a folder that holds a model", path,
             strerror(errno));
    FileMap map = file_map(path); /* so that the size is judged before anything is read */
    BertConfig config = bert_config_parse(path, map.size ? (const char *)map.data : "", map.size);
    file_unmap(&map);
    memory_free(path);
    return config;
}
