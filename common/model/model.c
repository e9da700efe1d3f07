#include "model/model.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "model/gpt_files.h"
#include "model/gpt_run.h"
#include "model/twin.h"

#include <assert.h>
#include <string.h>

struct Model {
    bool is_gpt;
    Bert bert; /* one of the two */
    Gpt gpt;
    char *path; /* of a GPT's weights; owned */
};

/* Whatever else is wrong with a configuration, the readers have the words for it. */
ModelFamily model_family(const char *folder) {
    char *path = path_join(folder, "config.json");
    ModelFamily family = FAMILY_BERT;
    if (file_exists(path)) {
        json_error_t error;
        Bytes text = json_bytes(path);
        json_t *json = json_try(path, text.data, text.size, &error);
        if (config_is_gpt2(json)) family = json_object_get(json, "headlight") ? FAMILY_TRAINED_HERE : FAMILY_GPT2;
        json_decref(json);
        bytes_free(&text);
    }
    memory_free(path);
    return family;
}

Model *model_open(const char *folder, Workers *workers, bool allow_nonfinite) {
    Model *model = memory_new(1, sizeof *model, "the model");
    model->is_gpt = model_family(folder) != FAMILY_BERT;
    if (model->is_gpt) {
        model->gpt = gpt_load(folder);
        model->path = path_join(folder, "model.safetensors");
    } else {
        model->bert = bert_load(folder, workers, allow_nonfinite);
    }
    return model;
}

Model *model_twin(const Model *model, uint64_t seed) {
    Model *twin = memory_new(1, sizeof *twin, "the random twin");
    Rng rng = rng_seed(seed);
    twin->is_gpt = model->is_gpt;
    if (model->is_gpt) {
        twin->gpt = gpt_twin(&model->gpt, &rng);
        twin->path = text_copy(model->path, strlen(model->path));
    } else {
        twin->bert = bert_twin(&model->bert, &rng);
    }
    return twin;
}

void model_free(Model *model) {
    if (!model) return;
    if (model->is_gpt) gpt_free(&model->gpt);
    else bert_free(&model->bert);
    memory_free(model->path);
    memory_free(model);
}

const Bert *model_bert(const Model *model) {
    return model->is_gpt ? NULL : &model->bert;
}

const Gpt *model_gpt(const Model *model) {
    return model->is_gpt ? &model->gpt : NULL;
}

ModelCard model_card(const Model *model) {
    if (model->is_gpt) {
        const GptConfig *c = &model->gpt.config;
        return (ModelCard){.path = model->path,
                           .layers = c->layers,
                           .heads = c->heads,
                           .width = c->width,
                           .vocab = c->vocab,
                           .context = c->context,
                           .types = 1,
                           .parameters = model->gpt.count + (size_t)model->gpt.own_head.rows * (size_t)c->width,
                           .guesses = true,
                           .trained = model->gpt.trained.rule};
    }
    const BertConfig *c = &model->bert.config;
    return (ModelCard){.path = model->bert.path,
                       .layers = c->layers,
                       .heads = c->heads,
                       .width = c->width,
                       .vocab = c->vocab,
                       .context = c->positions,
                       .types = c->types,
                       .parameters = model->bert.parameters,
                       .guesses = model->bert.has_mlm};
}

Trace model_trace_new(const Model *model, int n) {
    return model->is_gpt ? gpt_trace_new(&model->gpt, n) : bert_trace_new(&model->bert, n);
}

void model_run(const Model *model, Workers *workers, const int *ids, const int *types, Run run, Trace *trace) {
    int *zeros = types ? NULL : memory_new((size_t)trace->n, sizeof *zeros, "the segments");
    if (model->is_gpt) gpt_trace(&model->gpt, workers, ids, run, trace);
    else bert_forward(&model->bert, workers, ids, types ? types : zeros, run, trace);
    memory_free(zeros);
}

Mat model_added(const Model *model, Workers *workers, const Trace *t, int layer, Added by) {
    bool feed = by == ADDED_BY_FEED_FORWARD;
    Linear projection;
    if (model->is_gpt) {
        const GptLayer *w = &model->gpt.weights.layers[layer];
        projection = feed ? w->narrow : w->mix;
    } else {
        const BertLayer *w = &model->bert.layers[layer];
        projection = feed ? w->narrow : w->mix;
    }
    Mat added = mat_new(t->n, t->width);
    linear_forward(workers, added, feed ? t->inner[layer] : t->context[layer], projection, ACTIVATION_NONE);
    return added;
}

Mat model_logits(const Model *model, Workers *workers, const Trace *trace) {
    assert(model_card(model).guesses);
    return model->is_gpt ? gpt_logits(&model->gpt, workers, trace) : bert_mlm_logits(&model->bert, workers, trace);
}
