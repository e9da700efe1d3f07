/* heads - whose maps are masked: random heads as in stage 09; or, when the course has come that far, a layer of a
 * pretrained BERT (17) or of a GPT that was trained in 15. */
#include "attention/attention.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "lesson.h"
#include "math/init.h"
#include "model/bert.h"
#include "model/gpt_files.h"
#include "model/gpt_run.h"
#include "model/toy.h"
#include "text/ids.h"
#include "text/utf8.h"
#include "text/vocab_json.h"
#include "text/wordpiece.h"

#include <math.h>
#include <string.h>

static const char *const MODEL_TEXT = "The lamp in the old tower went dark because it had no oil";

struct Model {
    Toy toy;       /* random heads */
    Mat random[3]; /* their q, k, v */
    Bert bert;     /* or a BERT, */
    WordPiece wordpiece;
    Encoding encoding;
    Gpt gpt; /* or a GPT */
    Vocab vocab;
    Ids ids;
    bool is_bert, is_gpt;
    char **labels; /* [n] owned */
    Mask trained;  /* the GPT's own mask: what "no mask" means for it */
    Trace trace;
    int layer;
};

/* ---- random heads ---- */

static void draw_weights(Rng *rng, const Choices *ask, Mat w) {
    if (ask->weights == WEIGHTS_LINEAR) {
        init_linear(rng, w, NULL);
        return;
    }
    Mat drawn = mat_new(w.cols, w.rows); /* the book's torch.rand(C, d), from the other side: see stage 09 */
    init_uniform(rng, drawn);
    for (int i = 0; i < w.rows; i++)
        for (int c = 0; c < w.cols; c++) mat_row(w, i)[c] = mat_at(drawn, c, i);
    mat_free(&drawn);
}

/* Stage 08's head without weights: q = k = v = x. Its scores were not divided by sqrt(d), so q is made larger. */
static void head_without_weights(Model *m) {
    Mat x = m->toy.x;
    for (int i = 0; i < 3; i++) m->random[i] = mat_new(x.rows, x.cols), mat_copy(m->random[i], x);
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(m->random[0], i)[c] *= sqrtf((float)x.cols);
}

/* Head by head, and of each Q, K and V in turn: one head is the head of stage 09. */
static void random_heads(Model *m, const Choices *ask) {
    int d = ask->head_width, n = m->toy.n;
    Rng rng = rng_seed(ask->common.seed);
    Mat w = mat_new(d, m->toy.x.cols);
    for (int i = 0; i < 3; i++) m->random[i] = mat_new(n, ask->random_heads * d);
    for (int head = 0; head < ask->random_heads; head++)
        for (int i = 0; i < 3; i++) {
            draw_weights(&rng, ask, w);
            mat_mul_nt(mat_cols(m->random[i], head * d, d), 1, m->toy.x, w, 0);
        }
    mat_free(&w);
}

static void open_random(Heads *h, const Choices *ask) {
    Model *m = h->model;
    bool plain = ask->weights == WEIGHTS_NONE;
    h->n = m->toy.n, h->heads = plain ? 1 : ask->random_heads;
    h->words = m->toy.words;
    if (plain) head_without_weights(m);
    else random_heads(m, ask);
    h->q = m->random[0], h->k = m->random[1], h->v = m->random[2];
    h->title = plain ? text_format("dot products without weights (stage 08)")
                     : text_format("%s random head%s (stage 09), seed %llu", h->heads == 1 ? "a" : "several",
                                   h->heads == 1 ? "" : "s", (unsigned long long)ask->common.seed);
}

/* ---- a model's layer ---- */

static void check_length(size_t n, int most) {
    if (n > (size_t)most) fail(EXIT_DATA, "%zu tokens, model takes %d. Try: a shorter text", n, most);
    if (n < 1) fail(EXIT_DATA, "the text has no token (expected one at least)");
}

static void label_token(Heads *h, int i, const char *token, size_t size) {
    String label = {0};
    bool is_space = size == 1 && token[0] == ' '; /* shown as U+2423: a name that cannot be seen is none */
    utf8_label(&label, is_space ? "\xe2\x90\xa3" : token, is_space ? 3 : size, TOY_MOST_LETTERS);
    h->model->labels[i] = label.text;
}

static void open_bert(Heads *h, const Choices *ask, Bytes text) {
    Model *m = h->model;
    m->is_bert = true;
    m->wordpiece = wordpiece_load(ask->model);
    m->bert = bert_load(ask->model, h->workers, false);
    m->encoding = wordpiece_encode(&m->wordpiece, text.data, text.size, NULL, 0);
    check_length((size_t)m->encoding.n, m->bert.config.positions);
    h->n = m->encoding.n;
    m->labels = memory_new((size_t)h->n, sizeof *m->labels, "the tokens");
    for (int i = 0; i < h->n; i++) {
        const char *token = vocab_token(&m->wordpiece.vocab, m->encoding.ids[i]);
        label_token(h, i, token, strlen(token));
    }
    m->trace = bert_trace_new(&m->bert, h->n);
}

/* The GPT's vocab.json maps each token to its id; the longest token that fits is taken, which for characters is the
 * character. */
static void encode_gpt(Heads *h, const char *folder, Bytes text) {
    Model *m = h->model;
    char *path = path_join(folder, "vocab.json");
    m->vocab = vocab_json_read(path);
    if (m->vocab.count > m->gpt.config.vocab)
        fail(EXIT_DATA, "%s: %d tokens, the model has %d", path, m->vocab.count, m->gpt.config.vocab);
    for (size_t at = 0, length = 1; at < text.size; at += length) {
        int id = vocab_longest(&m->vocab, text.data + at, 1, text.size - at, m->vocab.count, &length);
        if (id < 0) {
            char quoted[32], bytes[5] = "";
            int size;
            utf8_decode(text.data + at, text.size - at, &size);
            memcpy(bytes, text.data + at, (size_t)size);
            fail(EXIT_DATA, "byte %zu of the text: the model has never seen `%s` (expected the characters of %s)", at,
                 error_quote(quoted, sizeof quoted, bytes), path);
        }
        ids_add(&m->ids, id);
    }
    memory_free(path);
}

static void open_gpt(Heads *h, const Choices *ask, Bytes text) {
    Model *m = h->model;
    m->is_gpt = true;
    m->gpt = gpt_load(ask->model);
    m->trained = m->gpt.trained.rule;
    encode_gpt(h, ask->model, text);
    check_length(m->ids.n, m->gpt.config.context);
    h->n = (int)m->ids.n;
    m->labels = memory_new((size_t)h->n, sizeof *m->labels, "the tokens");
    for (int i = 0; i < h->n; i++)
        label_token(h, i, vocab_token(&m->vocab, m->ids.at[i]), m->vocab.length[m->ids.at[i]]);
    m->trace = gpt_trace_new(&m->gpt, h->n);
}

static bool is_gpt_folder(const char *folder) {
    char *path = path_join(folder, "config.json");
    json_t *json = json_read(path);
    bool is_gpt = strcmp(json_text(path, json, "model_type", "bert"), "gpt2") == 0;
    json_decref(json);
    memory_free(path);
    return is_gpt;
}

static void run_model(Model *m, Workers *workers, Mask mask) {
    if (m->is_gpt) gpt_trace(&m->gpt, workers, m->ids.at, (Run){.mask = mask}, &m->trace);
    else bert_forward(&m->bert, workers, m->encoding.ids, m->encoding.types, (Run){.mask = mask}, &m->trace);
}

static Mat copy_of(Mat m) {
    Mat copy = mat_new(m.rows, m.cols);
    mat_copy(copy, m);
    return copy;
}

static void open_model(Heads *h, const Choices *ask, Bytes text) {
    Model *m = h->model;
    if (!folder_exists(ask->model))
        fail(EXIT_ENVIRONMENT, "%s: no such model folder. Try: data/fetch.sh minilm", ask->model);
    if (is_gpt_folder(ask->model)) open_gpt(h, ask, text);
    else open_bert(h, ask, text);
    const Trace *t = &m->trace;
    if (ask->layer >= t->layers)
        fail(EXIT_USAGE, "--layer %d: %s has layers 0 to %d", ask->layer, ask->model, t->layers - 1);
    m->layer = ask->layer;
    h->heads = t->heads, h->words = (const char *const *)m->labels;
    h->is_causal = m->trained.causal;
    run_model(m, h->workers, m->trained);
    for (int i = 0; i < 3; i++)
        m->random[i] =
            copy_of((const Mat[]){t->attention[m->layer].q, t->attention[m->layer].k, t->attention[m->layer].v}[i]);
    h->q = m->random[0], h->k = m->random[1], h->v = m->random[2];
    h->title = text_format("%s, layer %d", ask->model, m->layer);
}

/* ---- both ---- */

void heads_check_room(const Heads *h, int sets) {
    double bytes = (double)sets * h->heads * h->n * h->n * sizeof(float), most = 1e9;
    if (bytes > most)
        fail(EXIT_DATA,
             "%d tokens and %d heads: the maps of %d masks take %.1f GB (expected 1 at most). Try: a shorter text",
             h->n, h->heads, sets, bytes / 1e9);
}

static void finish_heads(Heads *h, const Choices *ask) {
    heads_check_room(h, 1);
    h->maps = mat_new(h->heads * h->n, h->n);
    h->context = mat_new(h->n, h->q.cols);
    h->chosen = options_ranges("head", ask->heads, h->heads, &h->chosen_count);
    attention_forward_with(h->workers, attention_of(h->q, h->k, h->v, h->heads, h->model->trained), h->context,
                           h->maps);
}

Heads heads_open(const Choices *ask) {
    Heads h = {.in_model = ask->scope == SCOPE_MODEL,
               .model = memory_new(1, sizeof(Model), "the model"),
               .workers = workers_new(ask->common.threads)};
    if (ask->model) {
        Bytes text = options_input(&ask->common, MODEL_TEXT);
        open_model(&h, ask, text);
        bytes_free(&text);
    } else {
        h.model->toy = toy_read(&ask->common, ask->width);
        open_random(&h, ask);
    }
    finish_heads(&h, ask);
    return h;
}

Heads heads_of_text(const Choices *ask, const char *text) {
    Heads h = {.model = memory_new(1, sizeof(Model), "the model"), .workers = workers_new(1)};
    h.model->toy = toy_text(text, strlen(text), ask->width, ask->common.seed);
    open_random(&h, ask);
    finish_heads(&h, ask);
    return h;
}

void heads_close(Heads *h) {
    Model *m = h->model;
    for (int i = 0; i < 3; i++) mat_free(&m->random[i]);
    for (int i = 0; m->labels && i < h->n; i++) memory_free(m->labels[i]);
    memory_free(m->labels);
    toy_free(&m->toy);
    trace_free(&m->trace);
    if (m->is_bert) bert_free(&m->bert), wordpiece_free(&m->wordpiece), encoding_free(&m->encoding);
    if (m->is_gpt) gpt_free(&m->gpt), vocab_free(&m->vocab), ids_free(&m->ids);
    mat_free(&h->maps), mat_free(&h->context);
    memory_free(h->chosen), memory_free(h->title), memory_free(m);
    workers_free(h->workers);
}

void heads_under(const Heads *h, Mask mask, Mat maps, Mat context) {
    Model *m = h->model;
    if (!h->in_model) {
        attention_forward_with(h->workers, attention_of(h->q, h->k, h->v, h->heads, mask), context, maps);
        return;
    }
    run_model(m, h->workers, mask);
    mat_copy(maps, m->trace.maps[m->layer]);
    mat_copy(context, m->trace.context[m->layer]);
}

Mat head_columns(const Heads *h, Mat m, int head) {
    int d = m.cols / h->heads;
    return mat_cols(m, head * d, d);
}
