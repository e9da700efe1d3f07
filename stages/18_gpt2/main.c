/* Stage 18 - GPT-2: the same for a decoder. A text goes through GPT-2, or through a model that you have trained in
 * stage 15, and comes out as a guess at the next token. Here one block and the way from the last block to that guess
 * are told in plain loops, on real weights; common/model/gpt_run.c does the same fast, and this program checks that the
 * two agree. What is drawn stands in common/view. Run: make run-18 */
#include "base/error.h"
#include "math/paper.h"
#include "tool.h"
#include "view/tables.h"

#include <math.h>
#include <string.h>

/* ---- 1. One block, as on paper ---- BERT adds and then norms; GPT-2 norms what a part reads, and adds to a stream
 * that nothing else changes, from the embeddings to the last block. */

/* out = x moved to mean 0 and scaled to variance 1, then gain and bias. Row by row; x stays as it is. */
static void norm_told(Paper out, Paper x, LayerNorm norm) {
    for (int i = 0; i < x.rows; i++) {
        double mean = 0, variance = 0;
        for (int c = 0; c < x.cols; c++) mean += x.at[i][c] / x.cols;
        for (int c = 0; c < x.cols; c++) variance += (x.at[i][c] - mean) * (x.at[i][c] - mean) / x.cols;
        for (int c = 0; c < x.cols; c++)
            out.at[i][c] = (x.at[i][c] - mean) / sqrt(variance + norm.eps) * norm.gain[c] + norm.bias[c];
    }
}

/* y = x W^T + b. x (n, in), W (out, in), y (n, out); a head has no b. */
static void linear_told(Paper y, Paper x, Linear layer) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < y.cols; o++) {
            y.at[i][o] = layer.bias ? layer.bias[o] : 0;
            for (int c = 0; c < x.cols; c++) y.at[i][o] += x.at[i][c] * mat_at(layer.weight, o, c);
        }
}

/* shares = exp(score) / sum of all, over the first `count`; those behind are 0. Minus the largest, or exp overflows. */
static void softmax_told(double *scores, int count, int all) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < count; j++) top = fmax(top, scores[j]);
    for (int j = 0; j < count; j++) {
        scores[j] = exp(scores[j] - top);
        sum += scores[j];
    }
    for (int j = 0; j < count; j++) scores[j] /= sum;
    for (int j = count; j < all; j++) scores[j] = 0;
}

/* Token i looks at tokens 0 to i: score(i, j) = q_i . k_j / sqrt(d_head), context_i = sum_j weight(i, j) v_j. qkv
 * (n, 3C) holds q, k and v side by side, and in each head h owns d_head columns. maps (heads * n, n). */
static void attention_told(Paper context, Paper maps, Paper qkv, int heads) {
    int n = qkv.rows, C = context.cols, d_head = C / heads;
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < n; i++) {
            double *weights = maps.at[h * n + i];
            for (int j = 0; j <= i; j++) {
                weights[j] = 0;
                for (int c = h * d_head; c < (h + 1) * d_head; c++)
                    weights[j] += qkv.at[i][c] * qkv.at[j][C + c] / sqrt(d_head);
            }
            softmax_told(weights, i + 1, n);
            for (int c = h * d_head; c < (h + 1) * d_head; c++) {
                context.at[i][c] = 0;
                for (int j = 0; j <= i; j++) context.at[i][c] += weights[j] * qkv.at[j][2 * C + c];
            }
        }
}

/* GELU by tanh, as OpenAI wrote it; BERT's is by erf. */
static void gelu_told(Paper x) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) {
            double z = x.at[i][c];
            x.at[i][c] = z / 2 * (1 + tanh(sqrt(2 / acos(-1)) * (z + 0.044715 * z * z * z)));
        }
}

static void add_told(Paper stream, Paper change) {
    for (int i = 0; i < stream.rows; i++)
        for (int c = 0; c < stream.cols; c++) stream.at[i][c] += change.at[i][c];
}

/* The stream (n, C) goes in as the block's input and comes out as its output; maps (heads * n, n) are left behind. */
static void block_told(Paper stream, Paper maps, const GptLayer *layer, int heads) {
    int n = stream.rows, C = stream.cols;
    Paper normed = paper_new(n, C), qkv = paper_new(n, 3 * C), context = paper_new(n, C), change = paper_new(n, C);
    Paper wide = paper_new(n, layer->widen.weight.rows);
    norm_told(normed, stream, layer->before_attention);
    linear_told(qkv, normed, layer->qkv);
    attention_told(context, maps, qkv, heads);
    linear_told(change, context, layer->mix);
    add_told(stream, change);
    norm_told(normed, stream, layer->before_feed_forward);
    linear_told(wide, normed, layer->widen);
    gelu_told(wide);
    linear_told(change, wide, layer->narrow);
    add_told(stream, change);
    paper_free(&normed), paper_free(&qkv), paper_free(&context), paper_free(&change), paper_free(&wide);
}

/* ---- 2. From the stream to the next token: one last norm, then each word's own vector asks "am I next?" ---- */

/* logits and shares (1, V) of what comes after the last token. */
static void next_told(Paper logits, Paper shares, Paper stream, LayerNorm last, Linear head) {
    Paper row = {1, stream.cols, &stream.at[stream.rows - 1]}, normed = paper_new(1, stream.cols);
    norm_told(normed, row, last);
    linear_told(logits, normed, head);
    memcpy(shares.at[0], logits.at[0], (size_t)logits.cols * sizeof **logits.at);
    softmax_told(shares.at[0], shares.cols, shares.cols);
    paper_free(&normed);
}

/* ---- 3. Told once, lives once, proven equal ---- */

static void prove(const Reading *r) {
    const Trace *t = &r->trace;
    Proof told = proof_of(r);
    if (told == PROVE_NOTHING) return;
    const Gpt *gpt = model_gpt(r->reader->model);
    Paper stream = paper_of(t->hidden[0]), maps = paper_new(t->heads * t->n, t->n);
    block_told(stream, maps, &gpt->weights.layers[0], t->heads);
    double scores = attention_largest_score(&t->attention[0]);
    prove_scored("the maps of block 0", t->maps[0], maps, scores);
    if (t->layers > 1) prove_scored("the output of block 0", t->hidden[1], stream, scores);
    for (int l = 1; l < t->layers && told == PROVE_ALL; l++) {
        block_told(stream, maps, &gpt->weights.layers[l], t->heads);
        scores = fmax(scores, attention_largest_score(&t->attention[l]));
    }
    if (told == PROVE_ALL) {
        Paper logits = paper_new(1, gpt->config.vocab), shares = paper_new(1, gpt->config.vocab);
        Next next = next_of(r);
        next_told(logits, shares, stream, gpt->weights.last, gpt_head(gpt));
        prove_scored("the logits of the next token", next.logits, logits, scores);
        prove_scored("its probabilities", next.shares, shares, scores);
        next_free(&next), paper_free(&logits), paper_free(&shares);
    }
    paper_free(&stream), paper_free(&maps);
    prove_done_scored(scores);
}

/* ---- 4. The program ---- */

static void look_at(const Choices *ask, const Reader *reader) {
    const Study *study = &ask->study;
    bool draws = !study->export && !study->tsv && !ask->next && !ask->common.time;
    Reading reading = study_reading(study, &ask->common, reader, study->from ? NULL : default_text(reader->tokenizer));
    View view = study_view(study, &ask->common, &reading, draws);
    if (ask->common.time) {
        time_reading(ask, &reading);
    } else {
        reading_run(&reading);
        study_write(study, &view);
        if (draws || ask->next) {
            print_source(&reading), print_tokens(&reading), print_mask(&reading);
            prove(&reading);
        }
        if (ask->next) print_guesses(&reading, 0, ask->top);
        if (draws) print_links(&reading), tell_next(ask, &view), study_draw(study, &view);
    }
    view_free(&view);
    reading_free(&reading);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    model_find(&ask);
    if (ask.study.ids) {
        study_print_ids(&ask.study, &ask.common, DEFAULT_TEXT);
    } else {
        Reader reader = reader_of(&ask);
        if (ask.perplexity) tell_perplexity(&ask, &reader);
        else if (ask.write >= 0) write_text(&ask, &reader);
        else if (ask.tokens) time_tokens(&ask, &reader);
        else look_at(&ask, &reader);
        reader_free(&reader);
    }
    choices_free(&ask);
    return finish();
}
