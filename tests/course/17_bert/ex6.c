/* 17.6: a layer by hand; random ones, number by number in double (block.h), long and wide ones too; two layers of a
 * small model, one after the other, against what transformers says of them (tests/fixtures/models/plain); all layers of
 * MiniLM, where it is there, against the course's own pass. `make draw-17.6` draws them. */
#include "block.h"
#include "minilm.h"
#include "base/files.h"
#include "base/memory.h"
#include "show/grid.h"

static void ask_layer(Mat x, const BertLayer *w, int heads) {
    give_mat(x);
    give_linear(w->query), give_linear(w->key), give_linear(w->value), give_linear(w->mix);
    give_norm(w->after_attention, x.cols), give_linear(w->widen), give_linear(w->narrow);
    give_norm(w->after_feed_forward, x.cols), give_int(heads);
    ask();
}

static void by_hand(void) {
    float x[] = {1, 3}, one[] = {1, 1}, none[4] = {0}, same[] = {1, 0, 0, 1}, up[] = {2, -2};
    Linear nothing = {{none, 2, 2, 2}, none}, leave = {{same, 2, 2, 2}, none}, pushed = {{none, 2, 2, 2}, up};
    LayerNorm norm = {one, none, 0};
    const Mat expected = {(float[]){-1, 1}, 1, 2, 2}, map = {(float[]){1}, 1, 1, 1};
    input("one token 1 3, all weights and biases 0, norms of gain 1 and eps 0");
    ask_layer((Mat){x, 1, 2, 2}, &(BertLayer){nothing, nothing, nothing, nothing, norm, nothing, nothing, norm}, 1);
    check_mat("x", got_mat(), expected, 1e-5);
    check_mat("the map", got_mat(), map, 1e-6);
    input("one token 1 3, gain 1 and eps 1; value and mix leave a row as it is; widen has the bias 2 -2, narrow leaves "
          "a row as it is");
    norm.eps = 1;
    ask_layer((Mat){x, 1, 2, 2}, &(BertLayer){nothing, nothing, leave, leave, norm, pushed, leave, norm}, 1);
    /* 1 3 twice is 2 6: (-2 2) / sqrt 5 = -+0.894427; plus gelu(2) = 1.954500 and gelu(-2) = -0.045500: 1.060073 and
       0.848927, 0.105573 around their mean: over sqrt(1 + 0.105573 squared), 0.104990 */
    check_mat("x", got_mat(), (Mat){(float[]){0.104990f, -0.104990f}, 1, 2, 2}, 1e-5);
    check_mat("the map", got_mat(), map, 1e-6);
}

/* Large scores: each word looks at itself alone, and x + x, normed, is x again. */
static void by_hand_large(void) {
    float x[] = {-1, 1, 1, -1}, one[] = {1, 1}, none[4] = {0}, same[] = {1, 0, 0, 1}, many[] = {100, 0, 0, 100};
    Linear nothing = {{none, 2, 2, 2}, none}, leave = {{same, 2, 2, 2}, none}, loud = {{many, 2, 2, 2}, none};
    LayerNorm norm = {one, none, 0};
    input(
        "two words -1 1 and 1 -1; query and key are a hundred times the word: scores of 14,142; value and mix leave a "
        "row as it is, the rest is 0; norms of gain 1 and eps 0");
    ask_layer((Mat){x, 2, 2, 2}, &(BertLayer){loud, loud, leave, leave, norm, nothing, nothing, norm}, 1);
    check_mat("x", got_mat(), (Mat){x, 2, 2, 2}, 1e-5);
    check_mat("the map", got_mat(), (Mat){same, 2, 2, 2}, 1e-6);
}

/* Row i of head h's map; qkv [n][3C]. */
static void map_row(float *row, const double *qkv, int i, int h, int n, int C, int d) {
    double top = -INFINITY, sum = 0, score[MOST_COLUMNS];
    for (int j = 0; j < n; j++) {
        score[j] = 0;
        for (int c = h * d; c < h * d + d; c++) score[j] += qkv[i * 3 * C + c] * qkv[j * 3 * C + C + c] / sqrt(d);
        top = fmax(top, score[j]);
    }
    for (int j = 0; j < n; j++) sum += exp(score[j] - top);
    for (int j = 0; j < n; j++) row[j] = (float)(exp(score[j] - top) / sum);
}

static void expect_layer(Mat out, Mat maps, Mat x, const BertLayer *w, int heads) {
    int n = x.rows, C = x.cols;
    double *qkv = memory_new((size_t)n * 3 * (size_t)C, sizeof *qkv, "q, k and v");
    double row[MOST_COLUMNS], in[MOST_COLUMNS], wide[MOST_COLUMNS];
    for (int i = 0; i < n; i++) {
        row_of(row, x, i);
        const Linear *parts[] = {&w->query, &w->key, &w->value};
        for (int p = 0; p < 3; p++) linear_row(&qkv[(i * 3 + p) * C], row, *parts[p]);
    }
    for (int i = 0; i < n; i++) {
        for (int h = 0; h < heads; h++) map_row(mat_row(maps, h * n + i), qkv, i, h, n, C, C / heads);
        row_of(row, x, i);
        attend_row(wide, qkv, i, n, C, heads, (Mask){0});
        linear_row(in, wide, w->mix);
        add_row(row, in, C);
        norm_row(row, row, C, w->after_attention);
        linear_row(wide, row, w->widen);
        gelu_row(wide, w->widen.weight.rows, false);
        linear_row(in, wide, w->narrow);
        add_row(row, in, C);
        norm_row(row, row, C, w->after_feed_forward);
        row_into(out, i, row);
    }
    memory_free(qkv);
}

static Linear linear_part(Linear whole, int first, int rows) {
    return (Linear){mat_rows(whole.weight, first, rows), whole.bias + first};
}

/* The numbers are those of a GPT's layer, and the second norm's eps is not the first one's. */
static void by_chance(Rng *rng, int n, int heads, int d_head, int inner) {
    const int C = heads * d_head;
    const float size = C > 100 ? 0.1f : 1;
    Gpt gpt = gpt_new((GptConfig){
        .layers = 1, .heads = heads, .width = C, .inner = inner, .vocab = n, .context = 1, .norm_eps = 1e-5f});
    for (size_t i = 0; i < gpt.count; i++) gpt.weights.numbers[i] = rng_float(rng, -0.7f * size, size);
    const GptLayer *l = gpt.weights.layers;
    BertLayer w = {linear_part(l->qkv, 0, C),
                   linear_part(l->qkv, C, C),
                   linear_part(l->qkv, 2 * C, C),
                   l->mix,
                   l->before_attention,
                   l->widen,
                   l->narrow,
                   l->before_feed_forward};
    w.after_feed_forward.eps = 0.5f;
    Mat x = gpt.weights.words, out = mat_new(n, C), maps = mat_new(heads * n, n);
    expect_layer(out, maps, x, &w, heads);
    input(
        "a random layer: %d tokens, %d heads of width %d, feed-forward width %d; eps 1e-5, and 0.5 in the second norm",
        n, heads, d_head, inner);
    ask_layer(x, &w, heads);
    check_mat("x", got_mat(), out, 1e-4);
    check_mat("the maps", got_mat(), maps, 1e-4);
    mat_free(&out), mat_free(&maps), gpt_free(&gpt);
}

/* A model of a fixture, its first text: layer after layer, each on what the learner's last one made. */
static void on_fixture(const char *folder, const char *path) {
    needs(path, "a whole copy of the course");
    Bert bert = bert_load(folder, NULL, false);
    Safetensors file = safetensors_open(path);
    const Tensor *hidden = safetensors_find(&file, "0.hidden_states"),
                 *weights = safetensors_find(&file, "0.attentions");
    int L = bert.config.layers, heads = bert.config.heads, n = (int)hidden->shape[1], C = bert.config.width;
    Mat all = mat_new((L + 1) * n, C), maps = mat_new(L * heads * n, n), x = mat_new(n, C);
    tensor_floats(hidden, path, 0, hidden->count, all.data);
    tensor_floats(weights, path, 0, weights->count, maps.data);
    mat_copy(x, mat_rows(all, 0, n));
    for (int l = 0; l < L; l++) {
        input("layer %d of a small model, %d tokens, %d heads of width %d (expected: by transformers)", l, n, heads,
              C / heads);
        ask_layer(x, &bert.layers[l], heads);
        mat_copy(x, got_mat());
        check_mat("x", x, mat_rows(all, (l + 1) * n, n), 1e-4);
        check_mat("the maps", got_mat(), mat_rows(maps, l * heads * n, heads * n), 1e-5);
    }
    mat_free(&all), mat_free(&maps), mat_free(&x), safetensors_close(&file), bert_free(&bert);
}

/* maps [layers] (heads * n, n): a row of the learner's heads above a row of ours, layer by layer. */
static void draw(const char *folder, const Reading *r, const Mat *maps) {
    const Trace *t = &r->trace;
    Mat *shown = memory_new((size_t)(2 * t->layers * t->heads), sizeof *shown, "the maps");
    const char **rows = memory_new((size_t)(2 * t->layers), sizeof *rows, "the rows' names");
    for (int l = 0; l < t->layers; l++) {
        rows[2 * l] = text_format("%d yours", l), rows[2 * l + 1] = text_format("%d ours", l);
        for (int h = 0; h < t->heads; h++) {
            shown[2 * l * t->heads + h] = attention_map(maps[l], t->n, h);
            shown[(2 * l + 1) * t->heads + h] = trace_map(t, l, h);
        }
    }
    Sheet sheet = {.folder = folder,
                   .name = "layers",
                   .title = "Your layer on MiniLM's weights, and the course's",
                   .subtitle = SENTENCE,
                   .command = "make draw-17.6"};
    grid_draw(sheet, shown, 2 * t->layers, t->heads, (GridOptions){.row_names = rows});
    for (int l = 0; l < 2 * t->layers; l++) memory_free((void *)(size_t)rows[l]);
    memory_free(rows), memory_free(shown);
}

static void on_minilm(void) {
    const char *folder = getenv("COURSE_DRAW");
    if (folder) needs("data/minilm/model.safetensors", "data/fetch.sh minilm");
    if (!file_exists("data/minilm/model.safetensors")) return;
    Reading r = reading_new(SENTENCE);
    const Trace *t = &r.trace;
    Mat x = mat_new(t->n, t->width), maps[64];
    mat_copy(x, t->hidden[0]);
    for (int l = 0; l < t->layers; l++) {
        input("layer %d of MiniLM, \"%s\"", l, SENTENCE);
        ask_layer(x, &r.bert.layers[l], t->heads);
        mat_copy(x, got_mat());
        check_mat("x", x, t->hidden[l + 1], 2e-4);
        maps[l] = mat_new(t->heads * t->n, t->n);
        mat_copy(maps[l], got_mat());
        check_mat("the maps", maps[l], t->maps[l], 1e-4);
    }
    if (folder) draw(folder, &r, maps);
    for (int l = 0; l < t->layers; l++) mat_free(&maps[l]);
    mat_free(&x), reading_free(&r);
}

void check(void) {
    by_hand(), by_hand_large();
    Rng rng = check_rng();
    by_chance(&rng, 1, 1, 4, 16), by_chance(&rng, 6, 3, 2, 5), by_chance(&rng, 33, 4, 4, 20);
    by_chance(&rng, 3, 16, 2, 5);
    by_chance(&rng, 1100, 2, 1, 3), by_chance(&rng, 2, 2, 132, 1100);
    on_fixture("tests/fixtures/models/plain", "tests/fixtures/models/plain/expected.safetensors");
    on_fixture("tests/fixtures/models/eps_1e-5", "tests/fixtures/models/eps_1e-5/expected.safetensors");
    on_minilm();
}
