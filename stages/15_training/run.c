/* The training loop: windows, gradients, a step, and now and then a look at what was held back. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/ranks.h"
#include "model/gpt_run.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Ctrl-C: the step is finished, everything saved ---- */

static volatile sig_atomic_t asked_to_stop; /* the signal's number */

static void on_signal(int number) {
    asked_to_stop = number;
}

/* What Ctrl-C and SIGTERM did before. */
typedef struct {
    struct sigaction interrupt, terminate;
} Signals;

static Signals listen_for_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    Signals before;
    sigaction(SIGINT, &action, &before.interrupt);
    sigaction(SIGTERM, &action, &before.terminate);
    return before;
}

/* Training is over and saved: a long sample may be broken off. */
static void stop_listening(const Signals *before) {
    sigaction(SIGINT, &before->interrupt, NULL);
    sigaction(SIGTERM, &before->terminate, NULL);
}

/* ---- loss.tsv ---- */

static const char *const HEADER = "step\ttrain_loss\tval_loss\n";

static void history_add(History *h, float step, float train, float held) {
    if (h->count == h->room) {
        h->room = h->room ? 2 * h->room : 64;
        h->step = memory_grow(h->step, (size_t)h->room, sizeof *h->step, "the losses");
        h->train = memory_grow(h->train, (size_t)h->room, sizeof *h->train, "the losses");
        h->held = memory_grow(h->held, (size_t)h->room, sizeof *h->held, "the losses");
    }
    h->step[h->count] = step, h->train[h->count] = train, h->held[h->count] = held;
    h->count++;
}

void history_free(History *h) {
    memory_free(h->step), memory_free(h->train), memory_free(h->held);
    for (int i = 0; i < h->map_count; i++) mat_free(&h->maps[i]);
    *h = (History){0};
}

static void write_losses(const Training *run, const String *rows) {
    if (!ranks_first()) return;
    char *path = path_join(run->ask->common.out, "loss.tsv");
    FileWriter writer = file_create(path);
    file_write(&writer, rows->text, rows->length);
    file_commit(&writer);
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
    gpt_trace(&run->gpt, run->workers, run->story.held.at, (Run){.mask = run->mask}, &trace);
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

static void save(const Training *run) {
    if (ranks_first()) story_save(&run->story, run->ask->common.out);
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
    if (wants_map(run)) keep_map(run);
}

/* ---- the loop ---- */

static bool is_due(const Training *run) {
    return run->trainer.step % run->ask->evaluate == 0 || run->trainer.step == run->ask->steps;
}

int run_training(Training *run) {
    Trainer *t = &run->trainer;
    int total = run->ask->steps, first = t->step, tokens = t->plan.batch * t->plan.length;
    char what[80] = "training";
    String rows = {0};
    string_add(&rows, "%s", HEADER);
    if (run->ask->resume && ranks_first()) keep_losses(run, &rows);
    if (ranks_most(run->history.count) == 0 && t->step == 0) evaluate(run, &rows, 0), save(run);
    else write_losses(run, &rows);
    Signals before = listen_for_signals();
    double began = clock_seconds();
    Progress progress = progress_begin(what, (size_t)(total > first ? total - first : 1));
    int stop = 0; /* a signal that any rank has got: all stop at the same step */
    while (t->step < total && (stop = ranks_most(asked_to_stop)) == 0) {
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
    if (!stop) stop = ranks_most(asked_to_stop); /* told during the last step */
    if (!stop) {
        stop_listening(&before);
        return EXIT_OK;
    }
    save(run);
    note("stopped at step %d, saved in %s. Try: --resume", t->step, run->ask->common.out);
    return 128 + stop;
}
