/* 17.6: a layer by hand; two layers of a small model, one after the other, against what transformers says of them
 * (tests/fixtures/models/plain); all layers of MiniLM, where it is there, against the course's own pass. `make
 * draw-17.6` draws them. */
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
    by_hand();
    on_fixture("tests/fixtures/models/plain", "tests/fixtures/models/plain/expected.safetensors");
    on_fixture("tests/fixtures/models/eps_1e-5", "tests/fixtures/models/eps_1e-5/expected.safetensors");
    on_minilm();
}
