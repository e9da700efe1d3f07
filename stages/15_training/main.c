/* Stage 15 - Training: a small GPT reads a short story until it can write like it. Here its forward pass and its loss
 * are told in plain loops, on the first window of the text; common/model/gpt_pass.c runs many windows at once and back
 * again (stage 14 told how), run.c is the loop. Training: make run-15 */
#include "tool.h"
#include "attention/positions.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/ranks.h"
#include "model/gpt_run.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. A GPT, as on paper ---- */

/* out = (x - mean) / deviation * gain + bias, row by row. */
static void norm_told(Mat out, Mat x, LayerNorm norm) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += (double)mat_at(x, i, c) / x.cols;
        for (int c = 0; c < x.cols; c++) variance += pow((double)mat_at(x, i, c) - mean, 2) / x.cols;
        for (int c = 0; c < x.cols; c++)
            mat_row(out, i)[c] =
                (float)(((double)mat_at(x, i, c) - mean) / sqrt(variance + (double)norm.eps) * (double)norm.gain[c] +
                        (double)norm.bias[c]);
    }
}

/* out = x W^T + b, or out += that: the residual stream. */
static void linear_told(Mat out, Mat x, Linear layer, bool add) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < out.cols; o++) {
            double sum = layer.bias ? (double)layer.bias[o] : 0;
            for (int c = 0; c < x.cols; c++) sum += (double)mat_at(x, i, c) * (double)mat_at(layer.weight, o, c);
            mat_row(out, i)[o] = (float)(add ? (double)mat_at(out, i, o) + sum : sum);
        }
}

/* One number of q or k, turned by RoPE: pair (2i, 2i+1) of each head by position * 10000^(-2i/d). */
static double turned(Mat x, int position, int column, int d) {
    int pair = column % d / 2 * 2, even = column - column % d + pair;
    if (pair + 1 >= d) return (double)mat_at(x, position, column);
    double angle = position * pow(10000, -(double)pair / d), sign = column == even ? -1 : 1;
    double other = (double)mat_at(x, position, column == even ? even + 1 : even);
    return (double)mat_at(x, position, column) * cos(angle) + sign * other * sin(angle);
}

/* q_i . k_j / sqrt(d) - slope * distance, in head h. */
static double score_told(Mat q, Mat k, int i, int j, int h, const GptConfig *c) {
    int d = c->width / c->heads;
    double score = 0;
    for (int e = h * d; e < (h + 1) * d; e++)
        score += c->positions == GPT_ROPE ? turned(q, i, e, d) * turned(k, j, e, d)
                                          : (double)mat_at(q, i, e) * (double)mat_at(k, j, e);
    score /= sqrt(d);
    if (c->positions == GPT_ALIBI) score -= (double)alibi_slope(h, c->heads) * fabs((double)(i - j));
    return score;
}

/* context_i = sum_j softmax_j(score(i, j)) v_j, over the keys that the mask allows; qkv (n, 3C). */
static void attention_told(Mat context, Mat qkv, const GptConfig *c, Mask mask) {
    int n = qkv.rows, C = c->width, d = C / c->heads;
    Mat q = mat_cols(qkv, 0, C), k = mat_cols(qkv, C, C), v = mat_cols(qkv, 2 * C, C);
    for (int column = 0; column < C; column++)
        for (int i = 0; i < n; i++) {
            int h = column / d;
            double sum = 0, out = 0, top = -INFINITY; /* without top, exp overflows in a wild model: stage 08 */
            for (int j = 0; j < n; j++)
                if (mask_allows(mask, i, j)) top = fmax(top, score_told(q, k, i, j, h, c));
            for (int j = 0; j < n; j++) {
                if (!mask_allows(mask, i, j)) continue;
                double share = exp(score_told(q, k, i, j, h, c) - top);
                sum += share;
                out += share * (double)mat_at(v, j, column);
            }
            mat_row(context, i)[column] = (float)(sum > 0 ? out / sum : 0);
        }
}

static void gelu_told(Mat x) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) {
            double z = (double)mat_at(x, i, c);
            mat_row(x, i)[c] = (float)(z / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (z + 0.044715 * z * z * z))));
        }
}

/* ids [n] -> logits (n, V): what each token expects to come next. */
static void gpt_told(Mat logits, const Gpt *gpt, const int *ids, Mask mask) {
    const GptConfig *c = &gpt->config;
    const GptWeights *w = &gpt->weights;
    int n = logits.rows;
    Mat x = mat_new(n, c->width), normed = mat_new(n, c->width), qkv = mat_new(n, 3 * c->width);
    Mat context = mat_new(n, c->width), wide = mat_new(n, c->inner);
    Mat places = c->positions == GPT_LEARNED ? w->places : gpt->sinusoids;
    for (int i = 0; i < n; i++)
        for (int e = 0; e < c->width; e++)
            mat_row(x, i)[e] = mat_at(w->words, ids[i], e) + (places.data && places.rows ? mat_at(places, i, e) : 0);
    for (int l = 0; l < c->layers; l++) {
        const GptLayer *layer = &w->layers[l];
        norm_told(normed, x, layer->before_attention);
        linear_told(qkv, normed, layer->qkv, false);
        attention_told(context, qkv, c, mask);
        linear_told(x, context, layer->mix, true);
        norm_told(normed, x, layer->before_feed_forward);
        linear_told(wide, normed, layer->widen, false);
        gelu_told(wide);
        linear_told(x, wide, layer->narrow, true);
    }
    norm_told(normed, x, w->last);
    linear_told(logits, normed, (Linear){w->words, NULL}, false); /* tied: the words' own vectors are the head */
    mat_free(&x), mat_free(&normed), mat_free(&qkv), mat_free(&context), mat_free(&wide);
}

/* Mean of -log softmax(logits)[target]: how surprised the model is by what really came next, in nats. */
static double loss_told(Mat logits, const int *targets) {
    double loss = 0;
    for (int i = 0; i < logits.rows; i++) {
        double sum = 0, top = -INFINITY;
        for (int j = 0; j < logits.cols; j++) top = fmax(top, (double)mat_at(logits, i, j));
        for (int j = 0; j < logits.cols; j++) sum += exp((double)mat_at(logits, i, j) - top);
        loss += top + log(sum) - (double)mat_at(logits, i, targets[i]);
    }
    return loss / logits.rows;
}

/* ---- 2. Told once, lives once, proven equal ---- */

static void prove(Training *run) {
    enum { LONGEST = 64 };
    int n = run->gpt.config.context < LONGEST ? run->gpt.config.context : LONGEST;
    if (run->gpt.count > 2000000) {
        note("%zu parameters: told in loops up to two million, so there is no proof this time", run->gpt.count);
        return;
    }
    Mat told = mat_new(n, run->gpt.config.vocab);
    const int *ids = run->story.train.at;
    gpt_told(told, &run->gpt, ids, run->mask);
    Trace trace = gpt_trace_new(&run->gpt, n);
    gpt_trace(&run->gpt, run->workers, ids, (Run){.mask = run->mask}, &trace);
    Mat common = gpt_logits(&run->gpt, run->workers, &trace);
    GptPass pass = gpt_pass_new(&run->gpt, 1, n, 0);
    double apart = fabs(loss_told(told, ids + 1) - gpt_loss(&run->gpt, &pass, ids, ids + 1, 1, run->mask) / n);
    float difference;
    bool agree = mat_agree(common, told, &difference) && apart <= 1e-5;
    gpt_pass_free(&pass, &run->gpt), trace_free(&trace), mat_free(&told), mat_free(&common);
    if (!agree)
        fail(EXIT_DATA, "told and common differ: by %g in the logits, by %g in the loss", (double)difference, apart);
    printf("told and common agree: max difference < 1e-5\n");
}

/* ---- 3. The program ---- */

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

static void print_card(const Training *run, const Baselines *b) {
    const GptConfig *c = &run->gpt.config;
    printf("model   %d blocks, %d heads, width %d, context %d: %zu parameters\n", c->layers, c->heads, c->width,
           c->context, run->gpt.count);
    printf("mask    %s; positions %s\n", run->mask_title, GPT_POSITIONS[run->ask->positions]);
    printf("text    %s: %zu tokens to learn from, %zu held back, %d kinds\n", run->story.name, run->story.train.n,
           run->story.held.n, c->vocab);
    printf("counts  uniform %.3f, unigram %.3f, bigram %.3f, trigram %.3f nats on what is held back\n", b->uniform,
           b->unigram, b->bigram, b->trigram);
}

static void one_step(void *context) {
    trainer_step(context);
}

static int train(Training *run) {
    const Choices *ask = run->ask;
    Baselines baselines = baselines_of(run->story.train, run->story.held, run->gpt.config.vocab);
    if (ranks_first()) folder_make(ask->common.out);
    if (ask->resume && !trainer_resume(&run->trainer, ask->common.out))
        note("%s holds no checkpoint yet: beginning at step 0", ask->common.out);
    else if (ask->resume) note("going on from step %d", run->trainer.step);
    print_card(run, &baselines);
    if (ranks_first()) prove(run);
    int code = run_training(run);
    if (code != EXIT_OK || !ranks_first()) return code;
    print_sample(run);
    if (ask->plan.masked) print_filled_masks(run);
    if (!ask->show.terminal) {
        draw_loss(run, &baselines);
        draw_maps(run);
        note("drawn: %s/loss.%.3s, %s/maps.%.3s", ask->common.out, ask->show.format, ask->common.out, ask->show.format);
    }
    return finish();
}

int main(int argc, char **argv) {
    error_program(argv[0]);
    ranks_begin();
    Choices ask = choices_parse(argc, argv);
    NamedMask named = mask_of(&ask);
    Training run = {.ask = &ask, .mask = named.rule, .mask_title = named.title, .story = story_read(&ask)};
    GptConfig config = ask.model;
    config.vocab = run.story.vocab.count;
    TrainPlan plan = ask.plan;
    plan.mask = run.mask;
    Rng rng = rng_seed(ask.common.seed);
    run.workers = workers_new(ask.common.threads);
    if (ask.compare != COMPARE_NOTHING) {
        compare_variants(&ask, &run.story, run.mask, run.workers);
        workers_free(run.workers), story_free(&run.story), named_mask_free(&named), choices_free(&ask);
        return finish();
    }
    run.gpt = gpt_new(config);
    gpt_randomise(&run.gpt, &rng, 0.02f);
    run.trainer = trainer_new(&run.gpt, run.workers, plan, run.story.train, &rng);
    int code = EXIT_OK;
    if (ask.common.time) {
        trainer_step(&run.trainer); /* the second warm-up: time_report makes the first */
        time_report(ask.common.time, one_step, &run.trainer, (double)plan.batch * plan.length, "tokens");
        code = finish();
    } else {
        code = train(&run);
    }
    history_free(&run.history), trainer_free(&run.trainer), gpt_free(&run.gpt);
    workers_free(run.workers), story_free(&run.story), named_mask_free(&named), choices_free(&ask);
    return code;
}
