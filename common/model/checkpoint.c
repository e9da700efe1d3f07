/* A run's checkpoints. Declared in trainer.h. */
#include "base/error.h"
#include "base/files.h"
#include "base/fingerprint.h"
#include "base/memory.h"
#include "base/ranks.h"
#include "math/fast/vecmath.h"
#include "model/gpt_files.h"
#include "model/trainer.h"
#include "weights/safetensors.h"

#include <string.h>

static const char *const STATE = "training.safetensors", *const MODEL = "model.safetensors";
enum { RNG_NUMBERS = 625, FORM_NUMBERS = 9, SETTING_NUMBERS = 9 };

/* What a checkpoint belongs to: the model's form, the objective, and the text that it learns. */
static const char *const FORM[FORM_NUMBERS] = {"layers",      "heads",      "width",
                                               "inner width", "vocabulary", "context",
                                               "positions",   "objective",  "the text's fingerprint"};

static void form_of(const Trainer *t, int64_t form[FORM_NUMBERS]) {
    const GptConfig *c = &t->gpt->config;
    uint64_t hash = FINGERPRINT_OF_NOTHING;
    for (size_t i = 0; i < t->text.n; i++) hash = fingerprint_add(hash, (uint64_t)t->text.at[i]);
    const int64_t now[FORM_NUMBERS] = {c->layers, c->heads, c->width, c->inner, c->vocab, c->context,
                                       c->positions - POSITION_SCHEMES, t->plan.masked, (int64_t)(hash >> 1)};
    memcpy(form, now, sizeof now);
}

/* What a person may change when a run goes on; but then its losses are not those of a run that never stopped. */
static const char *const SETTINGS[SETTING_NUMBERS] = {
    "mask", "batch", "learning rate", "weight decay", "clipping", "schedule", "dropout", "seed", "threads"};

/* A double's bits, so that equal means equal. */
static int64_t bits_of(double x) {
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* What it allows, whatever it is called. */
static int64_t mask_fingerprint(Mask mask, int n) {
    uint64_t hash = FINGERPRINT_OF_NOTHING;
    for (int query = 0; query < n; query++)
        for (Span s = {0}; mask_next_span(mask, n, query, &s);)
            hash = fingerprint_add(
                fingerprint_add(fingerprint_add(fingerprint_add(hash, (uint64_t)query), (uint64_t)s.first),
                                (uint64_t)s.end),
                (uint64_t)s.step);
    return (int64_t)(hash >> 1);
}

static void settings_of(const Trainer *t, int64_t settings[SETTING_NUMBERS]) {
    const TrainPlan *p = &t->plan;
    uint64_t schedule =
        fingerprint_add(fingerprint_add(FINGERPRINT_OF_NOTHING, (uint64_t)p->adamw.warmup), p->adamw.cosine);
    if (p->adamw.cosine) schedule = fingerprint_add(schedule, (uint64_t)p->adamw.steps);
    const int64_t now[SETTING_NUMBERS] = {mask_fingerprint(p->mask, p->length),
                                          p->batch,
                                          bits_of(p->adamw.rate),
                                          bits_of(p->adamw.decay),
                                          bits_of(p->adamw.clip),
                                          (int64_t)(schedule >> 1),
                                          bits_of(p->dropout),
                                          (int64_t)p->seed,
                                          t->shares};
    memcpy(settings, now, sizeof now);
}

/* Of a file's bytes; 0 when there is no file. */
static int64_t file_fingerprint(const char *path) {
    if (!file_exists(path)) return 0;
    Bytes file = file_read(path);
    uint64_t hash = FINGERPRINT_OF_NOTHING;
    for (size_t i = 0; i < file.size; i++) hash = fingerprint_add(hash, (unsigned char)file.data[i]);
    bytes_free(&file);
    return (int64_t)(hash >> 1) + 1;
}

void trainer_save(const Trainer *t, const char *folder) {
    if (!trainer_ranks_equal(t))
        fail(EXIT_DATA, "step %d: the ranks' parameters differ (expected the same bits). Try: machines of one kind",
             t->step);
    if (!ranks_first()) return;
    int64_t rng[RNG_NUMBERS], step = t->step, form[FORM_NUMBERS], settings[SETTING_NUMBERS];
    for (int i = 0; i < RNG_NUMBERS - 1; i++) rng[i] = t->rng.word[i];
    rng[RNG_NUMBERS - 1] = t->rng.at;
    form_of(t, form), settings_of(t, settings);
    char *path = path_join(folder, STATE), *model = path_join(folder, MODEL);
    int64_t before = file_fingerprint(model);
    size_t n = t->gpt->count;
    const TensorOut tensors[] = {
        {"before", TYPE_I64, {1}, 1, &before},    {"form", TYPE_I64, {FORM_NUMBERS}, 1, form},
        {"mean", TYPE_F32, {n}, 1, t->mean},      {"parameters", TYPE_F32, {n}, 1, t->gpt->weights.numbers},
        {"rng", TYPE_I64, {RNG_NUMBERS}, 1, rng}, {"settings", TYPE_I64, {SETTING_NUMBERS}, 1, settings},
        {"square", TYPE_F32, {n}, 1, t->square},  {"step", TYPE_I64, {1}, 1, &step},
    };
    safetensors_write(path, tensors, sizeof tensors / sizeof *tensors);
    memory_free(path), memory_free(model);
    gpt_save(t->gpt, folder);
}

/* ---- reading ---- */

static const Tensor *find(const Safetensors *file, const char *path, const char *name, TensorType type, size_t count) {
    const Tensor *t = safetensors_find(file, name);
    if (!t || t->type != type || t->count != count)
        fail(EXIT_DATA, "%s: tensor %s is not as a run leaves it (expected %zu numbers). Try: train without --resume",
             path, name, count);
    return t;
}

static int64_t whole(const Tensor *t, int i) {
    uint64_t bits = 0;
    for (int b = 0; b < 8; b++) bits |= (uint64_t)t->data[8 * (size_t)i + (size_t)b] << 8 * b;
    return (int64_t)bits;
}

static void check_form(const Trainer *t, const Safetensors *file, const char *path) {
    int64_t now[FORM_NUMBERS];
    form_of(t, now);
    const Tensor *then = find(file, path, "form", TYPE_I64, FORM_NUMBERS);
    for (int i = 0; i < FORM_NUMBERS; i++)
        if (whole(then, i) != now[i])
            fail(EXIT_DATA, "%s: %s is %lld in the checkpoint (expected %lld). Try: the options of the first run", path,
                 FORM[i], (long long)whole(then, i), (long long)now[i]);
}

static void look_at_settings(const Trainer *t, const Safetensors *file, const char *path) {
    int64_t now[SETTING_NUMBERS];
    String changed = {0};
    settings_of(t, now);
    const Tensor *then = find(file, path, "settings", TYPE_I64, SETTING_NUMBERS);
    for (int i = 0; i < SETTING_NUMBERS; i++)
        if (whole(then, i) != now[i]) string_add(&changed, "%s%s", changed.text ? ", " : "", SETTINGS[i]);
    if (changed.text)
        note("%s: the run had another %s: its losses will not be those of a run that never stopped", path,
             changed.text);
    string_free(&changed);
}

static void read_floats(const Safetensors *file, const char *path, const char *name, float *out, size_t n) {
    tensor_floats(find(file, path, name, TYPE_F32, n), path, 0, n, out);
    size_t bad = vec_first_nonfinite(out, n);
    if (bad < n)
        fail(EXIT_DATA, "%s: %s holds a %g (expected finite numbers). Try: an older checkpoint", path, name,
             (double)out[bad]);
}

/* Fills the trainer; gives the fingerprint of the model.safetensors that this checkpoint found. */
static int64_t read_state(Trainer *t, const char *path) {
    Safetensors file = safetensors_open(path);
    check_form(t, &file, path);
    look_at_settings(t, &file, path);
    read_floats(&file, path, "parameters", t->gpt->weights.numbers, t->gpt->count);
    read_floats(&file, path, "mean", t->mean, t->gpt->count);
    read_floats(&file, path, "square", t->square, t->gpt->count);
    const Tensor *rng = find(&file, path, "rng", TYPE_I64, RNG_NUMBERS), *step = find(&file, path, "step", TYPE_I64, 1);
    for (int i = 0; i < RNG_NUMBERS - 1; i++) t->rng.word[i] = (uint32_t)whole(rng, i);
    int64_t at = whole(rng, RNG_NUMBERS - 1), done = whole(step, 0);
    if (at < 0 || at > RNG_NUMBERS - 1 || done < 0 || done > INT32_MAX)
        fail(EXIT_DATA, "%s: its step or its random numbers make no sense (step %lld). Try: train without --resume",
             path, (long long)done);
    t->rng.at = (int)at;
    t->rng.has_spare = false;
    t->step = (int)done;
    int64_t before = whole(find(&file, path, "before", TYPE_I64, 1), 0);
    safetensors_close(&file);
    return before;
}

/* model.safetensors is what other programs read; a spoilt one should be known before hours go by, and one that a person
 * has changed must not be overwritten, as if the change had been learnt from. */
static void check_model(const Trainer *t, const char *folder, const char *path) {
    Gpt gpt = gpt_load(folder);
    if (gpt.count != t->gpt->count ||
        memcmp(gpt.weights.numbers, t->gpt->weights.numbers, gpt.count * sizeof *gpt.weights.numbers) != 0)
        fail(EXIT_DATA,
             "%s: its weights are not those of %s beside it (expected what the run has saved). Try: another --out, or "
             "move it away, and the run goes on without it",
             path, STATE);
    gpt_free(&gpt);
}

/* It may be missing, or be the one that the checkpoint found, when the last run was killed between the two files: then
 * we finish what that run began. */
static void complete(const Trainer *t, const char *folder, int64_t before) {
    char *model = path_join(folder, MODEL), *config = path_join(folder, "config.json");
    if (file_exists(model) && file_exists(config) && file_fingerprint(model) != before) check_model(t, folder, model);
    else gpt_save(t->gpt, folder);
    memory_free(model), memory_free(config);
}

static bool resume_here(Trainer *t, const char *folder) {
    char *path = path_join(folder, STATE), *model = path_join(folder, MODEL);
    bool there = file_exists(path);
    if (!there && file_exists(model))
        fail(EXIT_DATA, "%s: not there, but a model is (expected both, as a run leaves them). Try: another --out",
             path);
    if (there) complete(t, folder, read_state(t, path));
    memory_free(path), memory_free(model);
    return there;
}

bool trainer_resume(Trainer *t, const char *folder) {
    bool there = ranks_first() && resume_here(t, folder);
    ranks_broadcast(&there, sizeof there);
    if (!there) return false;
    size_t size = t->gpt->count * sizeof(float);
    ranks_broadcast(t->gpt->weights.numbers, size);
    ranks_broadcast(t->mean, size), ranks_broadcast(t->square, size);
    ranks_broadcast(&t->rng, sizeof t->rng), ranks_broadcast(&t->step, sizeof t->step);
    return true;
}
