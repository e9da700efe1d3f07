/* source - which model: the one that is named, or the best one that is there, or a small one that is trained now. */
#include "base/error.h"
#include "base/progress.h"
#include "base/stop.h"
#include "model/gpt_files.h"
#include "model/trainer.h"
#include "text/course_text.h"
#include "text/utf8.h"
#include "text/vocab_tokens.h"
#include "text/windows.h"
#include "tool.h"

#include <string.h>

/* ---- 1. One that has to be trained: stage 15's default, without its lecture ---- */

enum { STEPS = 1000, CONTEXT = 64 };

static void learn(Trainer *trainer) {
    Progress progress = progress_begin("training a small model", STEPS);
    for (int step = 0; step < STEPS; step++) {
        if (!trainer_step(trainer).is_finite) fail(EXIT_DATA, "step %d: no finite loss. Try: another --seed", step + 1);
        progress_step(&progress, (size_t)step + 1);
    }
    progress_end(&progress);
}

static void train(const Choices *ask, const char *folder) {
    const char *path;
    Bytes text = course_text_story(NULL, &path);
    note("there is no model yet: training a small one on %s, under a minute, kept in %s", path, folder);
    stop_at_once("stopped: nothing is saved");
    folder_try(folder); /* it is made when there is something to keep */
    size_t split = split_offset(text.data, text.size, split_at(utf8_count(text.data, text.size), 0.9));
    Tokenizer *tokenizer = tokenizer_new(TOKENIZER_CHARACTERS, vocab_of_characters(text.data, text.size));
    Encoding all = tokenizer_encode(tokenizer, text.data, split, NULL, 0);
    Workers *workers = workers_new(ask->common.threads);
    Rng rng = rng_seed(ask->common.seed);
    Gpt gpt = gpt_new((GptConfig){.layers = 2,
                                  .heads = 4,
                                  .width = 64,
                                  .inner = 256,
                                  .context = CONTEXT,
                                  .vocab = tokenizer_count(tokenizer),
                                  .norm_eps = 1e-5f});
    gpt.tokens = tokenizer_name(tokenizer);
    gpt_randomise(&gpt, &rng, 0.02f);
    TrainPlan plan = {.batch = 16, .length = CONTEXT, .mask = {.causal = true}, .seed = ask->common.seed};
    plan.adamw = (AdamW){.rate = 2e-3, .beta1 = .9, .beta2 = .99, .eps = 1e-8, .decay = .1, .clip = 1, .steps = STEPS};
    Trainer trainer = trainer_new(&gpt, workers, plan, (Ids){all.ids, (size_t)all.n, (size_t)all.n}, &rng);
    learn(&trainer);
    folder_make(folder);
    tokenizer_save(tokenizer, folder);
    gpt_save(&gpt, folder);
    trainer_free(&trainer), gpt_free(&gpt), workers_free(workers);
    encoding_free(&all), tokenizer_free(tokenizer), bytes_free(&text);
}

/* ---- 2. Which one ---- */

void model_find(Choices *ask) {
    if (ask->study.model || ask->study.from) return;
    if (file_exists("data/gpt2/model.safetensors")) ask->study.model = "data/gpt2";
    else if (file_exists("out/15_training/model.safetensors")) ask->study.model = "out/15_training";
    if (ask->study.model) return;
    char *folder = path_join(ask->common.out, "model"), *path = path_join(folder, "model.safetensors");
    if (!file_exists(path)) train(ask, folder);
    ask->study.model = ask->own_folder = folder;
    memory_free(path);
}

Reader reader_of(const Choices *ask) {
    if (ask->study.from) return study_file(&ask->study, &ask->common);
    const char *folder = ask->study.model;
    if (!file_exists(folder) && !folder_exists(folder))
        fail(EXIT_ENVIRONMENT, "%s: no such model folder. Try: data/fetch.sh gpt2, or 18_gpt2 without --model", folder);
    Reader reader = reader_open(folder, ask->common.threads, false);
    const Gpt *gpt = model_gpt(reader.model);
    if (!gpt) fail(EXIT_DATA, "%s: this is a BERT (expected a GPT-2). Try: 17_bert --model %s", folder, folder);
    gpt_check_writes(gpt, folder);
    return reader;
}

/* ---- 3. A text that it can read ---- */

const char DEFAULT_TEXT[] = "The old man lit the lamp, and the";

static bool can_say(const Tokenizer *t, const char *text) {
    if (tokenizer_kind(t) == TOKENIZER_BPE) return true;
    while (*text) {
        size_t size = tokenizer_kind(t) == TOKENIZER_WORDS ? strcspn(text, " ,") : 1;
        if (size && tokenizer_find(t, text, size) < 0) return false;
        text += size ? size : 1;
    }
    return true;
}

const char *default_text(const Tokenizer *tokenizer) {
    static const char *const texts[] = {DEFAULT_TEXT, "The light of the old house", "the "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (can_say(tokenizer, texts[i])) return texts[i];
    fail(EXIT_DATA, "this vocabulary cannot say \"%s\". Try: a TEXT of its words", DEFAULT_TEXT);
}
