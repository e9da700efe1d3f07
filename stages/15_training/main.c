/* Stage 15 - Training: a small GPT reads a short story until it can write like it. Training is told here, on a few
 * windows of the text: read here and there, be surprised, ask which way is down, take a step, again. told.c tells the
 * model; common/model/trainer.c trains on all processors, and this program checks that both end with the same numbers.
 * The long run, with its losses and its checkpoints, is in run.c. Run: make run-15 */
#include "tool.h"
#include "base/error.h"
#include "math/loss.h"
#include "model/gpt_run.h"

#include <math.h>

/* ---- 1. Read here and there ---- */

/* BERT's way to ask: 15 of 100 tokens are to be found again. Of these 80 in 100 show [MASK], 10 another token, 10
 * themselves, so that no token that is shown can be trusted. */
static void gaps_told(int *ids, int *targets, int n, int mask, Rng *rng) {
    for (int i = 0; i < n; i++) {
        targets[i] = NO_TARGET;
        if (rng_double(rng) >= 0.15 || ids[i] == mask) continue;
        double what = rng_double(rng);
        targets[i] = ids[i];
        if (what < 0.8) ids[i] = mask;
        else if (what < 0.9) ids[i] = (int)(rng_bits(rng) % (uint32_t)mask);
    }
}

/* Windows at random places. What a token is asked for is the next one; or, masked, what stood in the gaps. */
static void windows_told(Told *t) {
    int n = t->plan.length;
    for (int w = 0; w < t->plan.batch; w++) {
        int *ids = t->ids + w * n, *targets = t->targets + w * n;
        const int *from = t->text.at + rng_bits(&t->rng) % (t->text.n - (size_t)n);
        for (int i = 0; i < n; i++) {
            ids[i] = from[i];
            targets[i] = from[i + 1];
        }
        if (t->plan.masked) gaps_told(ids, targets, n, t->gpt.config.vocab - 1, &t->rng);
    }
}

static int asked_told(const Told *t) {
    int asked = 0;
    for (int i = 0; i < t->plan.batch * t->plan.length; i++) asked += t->targets[i] != NO_TARGET;
    return asked > 0 ? asked : 1; /* a few windows may be without a gap: they teach nothing */
}

/* ---- 2. Forwards: how surprised is it? ---- */

/* The sum of -ln softmax(logits)[target], in nats. */
static double surprise_told(Paper logits, const int *targets) {
    double loss = 0;
    for (int i = 0; i < logits.rows; i++) {
        double sum = 0, top = -INFINITY;
        if (targets[i] == NO_TARGET) continue;
        for (int j = 0; j < logits.cols; j++) top = fmax(top, logits.at[i][j]);
        for (int j = 0; j < logits.cols; j++) sum += exp(logits.at[i][j] - top);
        loss += top + log(sum) - logits.at[i][targets[i]];
    }
    return loss;
}

static double loss_told(const Told *t) {
    Paper logits = paper_new(t->plan.length, t->gpt.config.vocab);
    double loss = 0;
    for (int at = 0; at < t->plan.batch * t->plan.length; at += t->plan.length) {
        gpt_told(logits, &t->gpt, t->ids + at, t->plan.mask);
        loss += surprise_told(logits, t->targets + at);
    }
    paper_free(&logits);
    return loss / asked_told(t);
}

/* ---- 3. A step down ---- */

/* The slopes of all numbers as one long arrow: its length is clipped. m and v are its running mean and that of its
 * square, which say how far each number goes: stage 14. Only matrices decay. */
static void adamw_told(Told *t, int step) {
    AdamW plan = t->plan.adamw;
    double squares = 0;
    for (int i = 0; i < t->g.cols; i++) squares += t->g.at[0][i] * t->g.at[0][i];
    double norm = sqrt(squares), clip = norm > plan.clip ? plan.clip / (norm + 1e-6) : 1;
    for (int i = 0; i < t->p.cols; i++) {
        double g = clip * t->g.at[0][i], decay = (size_t)i < t->gpt.decayed ? plan.decay : 0;
        t->m.at[0][i] = plan.beta1 * t->m.at[0][i] + (1 - plan.beta1) * g;
        t->v.at[0][i] = plan.beta2 * t->v.at[0][i] + (1 - plan.beta2) * g * g;
        double mean = t->m.at[0][i] / (1 - pow(plan.beta1, step + 1));
        double square = t->v.at[0][i] / (1 - pow(plan.beta2, step + 1));
        t->p.at[0][i] -= plan.rate * (mean / (sqrt(square) + plan.eps) + decay * t->p.at[0][i]);
    }
    paper_to_mat(t->numbers, t->p);
}

/* ---- 4. Training, all of it ---- */

static void training_told(Told *t) {
    for (int step = 0; step < TOLD_STEPS; step++) {
        windows_told(t);                      /* read here and there */
        t->losses.at[0][step] = loss_told(t); /* forwards: how surprised is it? */
        slopes(t, 1.0 / asked_told(t));       /* backwards: which way is down? stage 14 told each part of it */
        adamw_told(t, step);                  /* a step that way */
    }
}

/* ---- 5. Told once, lives once, proven equal ---- */

/* The loop: the losses on the way, and every number at the end. */
static void prove_training(const Training *run) {
    Told told = told_new(run), common = told_new(run);
    Trainer trainer = trainer_new(&common.gpt, run->workers, common.plan, common.text, &common.rng);
    Mat losses = mat_new(1, TOLD_STEPS);
    training_told(&told);
    for (int step = 0; step < TOLD_STEPS; step++) losses.data[step] = (float)trainer_step(&trainer).loss;
    prove_equal("the losses of training", losses, told.losses);
    prove_equal("the parameters after training", common.numbers, told.p);
    mat_free(&losses), trainer_free(&trainer);
    told_free(&told), told_free(&common);
}

/* The model that is going to be trained, on the first window: what comes next, and the surprise at it. */
static void prove_model(const Training *run) {
    enum { LONGEST = 64 };
    const Gpt *gpt = &run->gpt;
    const int *ids = run->story.train.at;
    int n = gpt->config.context < LONGEST ? gpt->config.context : LONGEST;
    Paper logits = paper_new(n, gpt->config.vocab), surprise = paper_new(1, 1);
    gpt_told(logits, gpt, ids, run->mask.rule);
    surprise.at[0][0] = surprise_told(logits, ids + 1) / n;
    Trace trace = gpt_trace_new(gpt, n);
    gpt_trace(gpt, run->workers, ids, (Run){.mask = run->mask.rule}, &trace);
    Mat common = gpt_logits(gpt, run->workers, &trace);
    GptPass pass = gpt_pass_new(gpt, 1, n, 0);
    float loss = (float)(gpt_loss(gpt, &pass, ids, ids + 1, 1, run->mask.rule) / n);
    prove_equal("the logits", common, logits);
    prove_equal("the loss", (Mat){&loss, 1, 1, 1}, surprise);
    gpt_pass_free(&pass, gpt), trace_free(&trace), mat_free(&common), paper_free(&logits), paper_free(&surprise);
}

static void prove(const Training *run) {
    enum { MOST = 2000000 };
    if (run->gpt.count > MOST) {
        note("%zu parameters: told in loops up to two million, so there is no proof this time", run->gpt.count);
        return;
    }
    prove_training(run);
    prove_model(run);
    prove_done();
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    Training run;
    int code = EXIT_OK;
    training_open(&run, &ask);
    if (!answered(&run)) {
        Baselines baselines = baselines_of(run.story.train, run.story.held, run.gpt.config.vocab);
        training_begin(&run);
        tell_model(&run, &baselines);
        prove(&run);
        code = training_go(&run);
        if (code == EXIT_OK) {
            tell_sample(&run);
            tell_gaps(&run);
            draw_training(&run, &baselines);
        }
    }
    training_close(&run);
    show_options_free(&ask.show);
    return code == EXIT_OK ? finish() : code;
}
