/* The long run: steps, now and then a look at what was held back, and a checkpoint. */
#include "tool.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/stop.h"
#include "model/gpt_files.h"
#include "model/gpt_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- opening ---- */

static NamedMask mask_of(const Choices *ask) {
    NamedMask named = mask_from_options(&ask->mask, ask->model.context);
    if (!ask->plan.masked && !named.rule.causal)
        note("this mask shows each token the one that it is to predict: the loss will look splendid, and mean nothing");
    else if (!ask->plan.masked && named.rule.prefix > 1)
        note("the first %d tokens of a window see the ones that they are to predict: their part of the loss means "
             "nothing",
             named.rule.prefix - 1);
    return named;
}

void training_open(Training *run, const Choices *ask) {
    stop_at_once("stopped: nothing is saved");
    *run = (Training){.ask = ask, .mask = mask_of(ask), .story = story_read(ask)};
    run->workers = workers_new(ask->common.threads);
    if (ask->compare != COMPARE_NOTHING) return;
    GptConfig config = ask->model;
    TrainPlan plan = ask->plan;
    Rng rng = rng_seed(ask->common.seed);
    config.vocab = tokenizer_count(run->story.tokenizer);
    config.fills_gaps = plan.masked;
    plan.mask = run->mask.rule;
    run->gpt = gpt_new(config);
    run->gpt.tokens = tokenizer_name(run->story.tokenizer);
    gpt_randomise(&run->gpt, &rng, 0.02f);
    run->trainer = trainer_new(&run->gpt, run->workers, plan, run->story.train, &rng);
}

void training_close(Training *run) {
    History *h = &run->history;
    memory_free(h->step), memory_free(h->train), memory_free(h->held);
    for (int i = 0; i < h->map_count; i++) mat_free(&h->maps[i]);
    for (int i = 0; i < h->gaps_count; i++) memory_free(h->gaps[i]);
    if (run->gpt.count) trainer_free(&run->trainer), gpt_free(&run->gpt);
    workers_free(run->workers), story_free(&run->story), named_mask_free(&run->mask);
    *run = (Training){0};
}

/* ---- --time and --compare ---- */

static void one_step(void *trainer) {
    trainer_step(trainer);
}

bool answered(Training *run) {
    const Choices *ask = run->ask;
    if (ask->compare != COMPARE_NOTHING) {
        compare_variants(run);
    } else if (ask->common.time) {
        trainer_step(&run->trainer); /* the second warm-up: time_report makes the first */
        time_report(ask->common.time, one_step, &run->trainer, (double)ask->plan.batch * ask->plan.length, "tokens");
    }
    return ask->common.time || ask->compare != COMPARE_NOTHING;
}

/* ---- loss.tsv ---- */

static const char *const HEADER = "step\ttrain_loss\tval_loss\n";

static void history_add(History *h, float step, float train, float held) {
    float **columns[] = {&h->step, &h->train, &h->held};
    for (int i = 0; i < 3; i++)
        *columns[i] = memory_for_more(*columns[i], (size_t)h->count, sizeof **columns[i], "the losses");
    h->step[h->count] = step, h->train[h->count] = train, h->held[h->count] = held;
    h->count++;
}

static void write_losses(const Training *run, const String *rows) {
    if (!run->trainer.writes) return;
    char *path = path_join(run->ask->common.out, "loss.tsv");
    file_save(path, rows->text, rows->length);
    memory_free(path);
}

/* The rows of the run that is resumed: whole ones, up to the checkpoint's step. */
static void keep_losses(Training *run, String *rows) {
    char *path = path_join(run->ask->common.out, "loss.tsv");
    Bytes old = file_exists(path) ? file_read(path) : (Bytes){0};
    for (char *line = old.data; line && *line;) {
        char *end = strchr(line, '\n');
        if (!end) break; /* torn */
        *end = '\0';
        int step, used = 0;
        float train, held;
        if (sscanf(line, "%d\t%f\t%f%n", &step, &train, &held, &used) == 3 && line[used] == '\0' &&
            step <= run->trainer.step) {
            string_add(rows, "%s\n", line);
            history_add(&run->history, (float)step, train, held);
        }
        line = end + 1;
    }
    bytes_free(&old);
    memory_free(path);
}

/* ---- an evaluation ---- */

/* One head of the last block on the first tokens that were held back. */
static void keep_map(Training *run) {
    History *h = &run->history;
    int n = run->story.held.n < MAP_TOKENS ? (int)run->story.held.n : MAP_TOKENS, layer = run->gpt.config.layers - 1;
    if (h->map_count == MOST_MAPS || n < 1 || n > run->gpt.config.context) return;
    Trace trace = gpt_trace_new(&run->gpt, n);
    gpt_trace(&run->gpt, run->workers, run->story.held.at, (Run){.mask = run->mask.rule}, &trace);
    h->maps[h->map_count] = mat_new(n, n);
    mat_copy(h->maps[h->map_count], trace_map(&trace, layer, 0));
    h->map_steps[h->map_count++] = run->trainer.step;
    trace_free(&trace);
}

static bool wants_map(const Training *run) {
    int step = run->trainer.step, last = run->ask->steps;
    return step == 0 || step == last || step == last / 10 / run->ask->evaluate * run->ask->evaluate ||
           step == last * 3 / 10 / run->ask->evaluate * run->ask->evaluate;
}

/* --keep: the model of this step in a folder of its own, beside the checkpoint that is always replaced. */
static void keep_step(const Training *run) {
    int step = run->trainer.step, keep = run->ask->keep;
    if (!keep || !run->trainer.writes || (step % keep && step != run->ask->steps)) return;
    char *folder = text_format("%s/step_%d", run->ask->common.out, step);
    folder_make(folder);
    tokenizer_save(run->story.tokenizer, folder);
    gpt_save(&run->gpt, folder);
    memory_free(folder);
}

static void save(const Training *run) {
    keep_step(run);
    if (run->trainer.writes) tokenizer_save(run->story.tokenizer, run->ask->common.out);
    trainer_save(&run->trainer, run->ask->common.out);
}

static _Noreturn void stop_at_bad_number(int step, double loss, double norm) {
    fail(EXIT_DATA,
         "step %d: loss %g, gradient norm %g (expected finite numbers). The checkpoint of the last evaluation stays. "
         "Try: a smaller --lr, or --warmup 100",
         step, isnan(loss) ? fabs(loss) : loss, isnan(norm) ? fabs(norm) : norm); /* no "-nan" */
}

/* norm: of the last step's gradient. A model that is spoilt is not saved, and not a row of it written. */
static void evaluate(Training *run, String *rows, double norm) {
    double train = trainer_loss(&run->trainer, run->story.train), held = trainer_loss(&run->trainer, run->story.held);
    bool nothing_asked = isnan(held) && run->trainer.plan.masked; /* a short text: no token of it was hidden */
    if (!isfinite(train) || (!isfinite(held) && !nothing_asked))
        stop_at_bad_number(run->trainer.step, isfinite(train) ? held : train, norm);
    if (!rows->length) string_add(rows, "%s", HEADER);
    string_add(rows, "%d\t%.8f\t%.8f\n", run->trainer.step, train, held);
    history_add(&run->history, (float)run->trainer.step, (float)train, (float)held);
    write_losses(run, rows);
    printf("step %5d   train %.4f   val %.4f\n", run->trainer.step, train, held);
    fflush(stdout);
    if (!wants_map(run)) return;
    keep_map(run);
    keep_gaps(run);
}

/* ---- the loop ---- */

static bool is_due(const Training *run) {
    return run->trainer.step % run->ask->evaluate == 0 || run->trainer.step == run->ask->steps;
}

/* Hours of somebody's machine may lie there. */
static void note_replaced(const char *folder) {
    bool model = folder_has(folder, "model.safetensors"), state = folder_has(folder, "training.safetensors");
    if (model || state)
        note("%s: the %s there will be replaced. Try: --resume, which goes on with a checkpoint, or --out DIR, which "
             "keeps it",
             folder,
             model && state ? "model and its checkpoint"
             : model        ? "model"
                            : "checkpoint");
}

void training_begin(Training *run) {
    stop_listen();
    if (run->trainer.writes) folder_make(run->ask->common.out);
    if (!run->ask->resume) {
        if (run->trainer.writes) note_replaced(run->ask->common.out);
        return;
    }
    if (trainer_resume(&run->trainer, run->ask->common.out)) note("going on from step %d", run->trainer.step);
    else note("%s holds no checkpoint yet: beginning at step 0", run->ask->common.out);
}

/* The first row and the first checkpoint, or the rows of the run that is resumed. */
static void first_rows(Training *run, String *rows) {
    string_add(rows, "%s", HEADER);
    if (run->trainer.step > 0) {
        if (run->trainer.writes) keep_losses(run, rows);
        write_losses(run, rows);
    } else {
        evaluate(run, rows, 0);
        save(run);
    }
}

int training_go(Training *run) {
    Trainer *t = &run->trainer;
    int total = run->ask->steps, first = t->step, stop = 0;
    double tokens = (double)t->plan.batch * t->plan.length;
    char what[80] = "training";
    String rows = {0};
    first_rows(run, &rows);
    double began = clock_seconds();
    Progress progress = progress_begin(what, (size_t)(total > first ? total - first : 1));
    while (t->step < total && (stop = stop_asked()) == 0) {
        TrainStep done = trainer_step(t);
        if (!done.is_finite) stop_at_bad_number(t->step + 1, done.loss, done.norm);
        snprintf(what, sizeof what, "loss %.3f  %.0f tokens/s ", done.loss,
                 tokens * (t->step - first) / (clock_seconds() - began));
        progress_step(&progress, (size_t)(t->step - first));
        if (!is_due(run)) continue;
        progress_end(&progress);
        evaluate(run, &rows, done.norm);
        save(run);
    }
    progress_end(&progress);
    string_free(&rows);
    if (!stop) stop = stop_asked(); /* told during the last step */
    if (stop) {
        save(run);
        note("stopped at step %d, saved in %s. Try: --resume", t->step, run->ask->common.out);
        return 128 + stop;
    }
    stop_at_once("stopped; what was trained is saved"); /* a long sample may be broken off */
    return EXIT_OK;
}
