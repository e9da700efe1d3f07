/* math/layers_backward, loss, gradcheck and optimizer against PyTorch fixtures, the printed goldens, and central
 * differences. */
#include "fixture.h"
#include "math/layers_backward.h"
#include "math/loss.h"
#include "math/optimizer.h"

static const char *const FIXTURE = "tests/fixtures/training/backward.safetensors";
static const float TOLERANCE = 1e-5f; /* gradients of a few units, from sums of at most 35 products; seen: 3e-6 */

static float largest;

/* got against the fixture's tensor `name`. */
static void expect_tensor(const Safetensors *file, Mat got, const char *name) {
    Mat expected = fixture_mat(file, "%s", name);
    if (expected.rows * expected.cols == got.rows * got.cols && expected.stride == expected.cols)
        expected.rows = got.rows, expected.cols = expected.stride = got.cols;
    assert_mats(got, expected, TOLERANCE, &largest, name);
    mat_free(&expected);
}

static Mat row_view(float *numbers, int n) {
    return (Mat){numbers, 1, n, n};
}

static void linear_matches_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat x = fixture_mat(&file, "linear.x"), weight = fixture_mat(&file, "linear.weight"),
        dout = fixture_mat(&file, "linear.dout");
    Mat dx = mat_new(x.rows, x.cols), dweight = mat_new(weight.rows, weight.cols), dbias = mat_new(1, weight.rows);
    mat_fill(dx, GUARD), mat_fill(dweight, GUARD), mat_fill(dbias, GUARD); /* keep 0 overwrites whatever was there */
    linear_backward(dx, dweight, dbias.data, dout, x, weight, 0);
    expect_tensor(&file, dx, "linear.dx"), expect_tensor(&file, dweight, "linear.dweight");
    expect_tensor(&file, dbias, "linear.dbias");
    linear_backward((Mat){0}, dweight, dbias.data, dout, x, weight, 1); /* keep 1 adds: twice the gradient */
    for (int i = 0; i < dweight.rows; i++)
        for (int j = 0; j < dweight.cols; j++) mat_row(dweight, i)[j] /= 2;
    for (int j = 0; j < dbias.cols; j++) dbias.data[j] /= 2;
    expect_tensor(&file, dweight, "linear.dweight"), expect_tensor(&file, dbias, "linear.dbias");
    mat_free(&x), mat_free(&weight), mat_free(&dout), mat_free(&dx), mat_free(&dweight), mat_free(&dbias);
    safetensors_close(&file);
}

static void norm_matches_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat x = fixture_mat(&file, "norm.x"), gain = fixture_mat(&file, "norm.gain"),
        bias = fixture_mat(&file, "norm.bias");
    Mat dout = fixture_mat(&file, "norm.dout"), dx = mat_new(x.rows, x.cols), dgain = mat_new(1, x.cols),
        dbias = mat_new(1, x.cols);
    layer_norm_backward(dx, dgain.data, dbias.data, dout, x, (LayerNorm){gain.data, bias.data, 1e-5f});
    expect_tensor(&file, dx, "norm.dx"), expect_tensor(&file, dgain, "norm.dgain");
    expect_tensor(&file, dbias, "norm.dbias");
    mat_free(&x), mat_free(&gain), mat_free(&bias), mat_free(&dout), mat_free(&dx), mat_free(&dgain), mat_free(&dbias);
    safetensors_close(&file);
}

static void curves_match_pytorch(void **state) {
    (void)state;
    static const struct {
        const char *name;
        Activation activation;
    } curves[] = {{"gelu", ACTIVATION_GELU_ERF},
                  {"gelu_tanh", ACTIVATION_GELU_TANH},
                  {"relu", ACTIVATION_RELU},
                  {"tanh", ACTIVATION_TANH}};
    Safetensors file = safetensors_open(FIXTURE);
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        char name[32];
        Mat x = fixture_mat(&file, "%s.x", curves[i].name), d = fixture_mat(&file, "%s.dout", curves[i].name);
        Mat slope = mat_new(1, x.cols), dbias = mat_new(1, x.cols), again = mat_new(1, x.cols);
        mat_copy(again, d), mat_fill(dbias, NAN);
        activation_forward(x, slope, curves[i].activation);
        activation_backward(again, slope, dbias.data, 0); /* one row: its column sums are the row */
        activation_backward(d, slope, NULL, 0);
        assert_true(mat_max_diff(again, d) == 0 && mat_max_diff(dbias, d) == 0);
        activation_backward(again, slope, dbias.data, 1);
        for (int j = 0; j < d.cols; j++) assert_true(dbias.data[j] == d.data[j] + again.data[j]);
        snprintf(name, sizeof name, "%s.y", curves[i].name), expect_tensor(&file, x, name);
        snprintf(name, sizeof name, "%s.dx", curves[i].name), expect_tensor(&file, d, name);
        mat_free(&x), mat_free(&d), mat_free(&slope), mat_free(&dbias), mat_free(&again);
    }
    safetensors_close(&file);
}

static void softmax_matches_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat y = fixture_mat(&file, "softmax.y"), d = fixture_mat(&file, "softmax.dout");
    softmax_backward(d, y, 0.7f);
    expect_tensor(&file, d, "softmax.dx");
    mat_free(&y), mat_free(&d);
    safetensors_close(&file);
}

/* One word occurs three times: its row gets three gradients. */
static void embedding_matches_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat table = fixture_mat(&file, "embedding.table"), dout = fixture_mat(&file, "embedding.dout");
    Mat out = mat_new(dout.rows, dout.cols), dtable = mat_new(table.rows, table.cols);
    Ids ids = fixture_ids(&file, "embedding.ids");
    embedding_forward(out, table, ids.at);
    expect_tensor(&file, out, "embedding.y");
    embedding_backward(dtable, dout, ids.at);
    expect_tensor(&file, dtable, "embedding.dtable");
    mat_free(&table), mat_free(&dout), mat_free(&out), mat_free(&dtable), memory_free(ids.at);
    safetensors_close(&file);
}

static void cross_entropy_matches_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat logits = fixture_mat(&file, "loss.logits"), again = fixture_mat(&file, "loss.logits");
    Ids targets = fixture_ids(&file, "loss.targets");
    double *value = fixture_doubles(&file, "loss.value");
    assert_close(cross_entropy_backward(logits, targets.at, 0.25f) / 4, *value, 1e-6, "loss"); /* one is not asked */
    expect_tensor(&file, logits, "loss.dlogits");
    for (int i = 0; i < logits.rows; i++)
        for (int j = 0; targets.at[i] == NO_TARGET && j < logits.cols; j++) assert_true(mat_at(logits, i, j) == 0);
    assert_close(cross_entropy(again, targets.at) / 4, *value, 1e-6, "loss alone");
    mat_free(&logits), mat_free(&again), memory_free(targets.at), memory_free(value);
    safetensors_close(&file);
}

/* The digits that the course prints (goldens: small parts). */
static void prints_the_known_digits(void **state) {
    (void)state;
    float logits[] = {2, 1, .1f}, expected[] = {-.340999f, .242433f, .098566f};
    assert_close(cross_entropy_backward(row_view(logits, 3), (int[]){0}, 1), .417030, 5e-7, "cross-entropy");
    for (int i = 0; i < 3; i++) assert_close((double)logits[i], (double)expected[i], 6e-7, "its gradient");
    float x[] = {-1, -.5f, .5f, 1, 2}, slope[5];
    const double gelu[] = {-.158808, -.154286, .345714, .841192, 1.954598};
    activation_forward(row_view(x, 5), row_view(slope, 5), ACTIVATION_GELU_TANH);
    for (int i = 0; i < 5; i++) assert_close((double)x[i], gelu[i], 6e-7, "gelu");
    Rng rng = rng_seed(123);
    Mat ones = mat_new(6, 6), keep = mat_new(6, 6);
    static const char *const dropped[] = {"220220", "000202", "222202", "022002", "020202", "022220"};
    mat_fill(ones, 1);
    dropout_forward(ones, keep, .5, &rng);
    for (int i = 0; i < 36; i++)
        assert_true(ones.data[i] == (float)(dropped[i / 6][i % 6] - '0') && keep.data[i] == ones.data[i]);
    mat_free(&ones), mat_free(&keep);
}

/* Matrices that go on behind the last row: it is not touched, and adds nothing. */
static void no_row_behind(void **state) {
    (void)state;
    Rng rng = rng_seed(6);
    Guarded d = guarded_random(&rng, 3, 8), y = guarded_random(&rng, 3, 8), keep = guarded_new(3, 8);
    Mat gain = random_mat(&rng, 1, 8), dgain = mat_new(1, 8), dbias = mat_new(1, 8);
    Guarded dx = guarded_new(3, 8);
    layer_norm_backward(dx.view, dgain.data, dbias.data, d.view, y.view, (LayerNorm){gain.data, gain.data, 1e-5f});
    softmax_backward(d.view, y.view, 1);
    dropout_forward(y.view, keep.view, .5, &rng);
    assert_guard(dx, 0, 8), assert_guard(d, 0, 8), assert_guard(y, 0, 8), assert_guard(keep, 0, 8);
    mat_free(&gain), mat_free(&dgain), mat_free(&dbias);
    guarded_free(&d), guarded_free(&y), guarded_free(&keep), guarded_free(&dx);
}

/* ---- central differences ---- */

typedef struct {
    Mat x, weight, out;
    LayerNorm norm;
} NormLoss;

static double weighted_norm(void *context) { /* sum of norm(x) * weight */
    const NormLoss *c = context;
    double sum = 0;
    layer_norm_forward(NULL, c->out, c->x, c->norm);
    for (int i = 0; i < c->x.rows * c->x.cols; i++) sum += (double)c->out.data[i] * (double)c->weight.data[i];
    return sum;
}

static void differences_agree_and_notice(void **state) {
    (void)state;
    Rng rng = rng_seed(5);
    Mat x = random_mat(&rng, 3, 8), weight = random_mat(&rng, 3, 8), out = mat_new(3, 8), dx = mat_new(3, 8);
    Mat gain = random_mat(&rng, 1, 8), bias = random_mat(&rng, 1, 8), dgain = mat_new(1, 8), dbias = mat_new(1, 8);
    NormLoss c = {x, weight, out, {gain.data, bias.data, 1e-5f}};
    layer_norm_backward(dx, dgain.data, dbias.data, weight, x, c.norm);
    assert_true(gradient_error(x, dx, 1e-3f, weighted_norm, &c) < 2e-3);
    assert_true(gradient_error(gain, dgain, 1e-2f, weighted_norm, &c) < 1e-4);
    assert_true(gradient_error(bias, dbias, 1e-2f, weighted_norm, &c) < 1e-4);
    dx.data[5] += 0.1f; /* one wrong number among 24 */
    assert_true(gradient_error(x, dx, 1e-3f, weighted_norm, &c) > 0.09);
    dx.data[5] = NAN;
    assert_true(isinf(gradient_error(x, dx, 1e-3f, weighted_norm, &c)));
    mat_free(&x), mat_free(&weight), mat_free(&out), mat_free(&dx), mat_free(&gain), mat_free(&bias);
    mat_free(&dgain), mat_free(&dbias);
}

/* ---- the optimizer ---- */

static const AdamW PLAN = {.rate = .01, .beta1 = .9, .beta2 = .99, .eps = 1e-8, .decay = .1, .clip = 1};

static void adamw_matches_pytorch(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    Mat p = fixture_mat(&file, "adamw.start"), gradients = fixture_mat(&file, "adamw.gradients");
    Mat after = fixture_mat(&file, "adamw.after"), m = mat_new(1, p.cols), v = mat_new(1, p.cols);
    float seen = 0;
    for (int step = 0; step < gradients.rows; step++) {
        float *one[] = {mat_row(gradients, step)};
        double norm = gradients_reduce(NULL, one, 1, (size_t)p.cols);
        adamw_step(NULL, &PLAN, step, p.data, m.data, v.data, one[0], (size_t)p.cols, (size_t)p.cols / 2, norm);
        assert_mats(p, mat_rows(after, step, 1), 1e-6f, &seen, "adamw");
    }
    mat_free(&p), mat_free(&gradients), mat_free(&after), mat_free(&m), mat_free(&v);
    safetensors_close(&file);
}

static void adamw_prints_the_known_digits(void **state) {
    (void)state;
    float p[] = {1, -2}, m[2] = {0}, v[2] = {0}, first[] = {.5f, -.1f}, second[] = {.25f, .3f};
    AdamW plan = {.rate = 4e-4, .beta1 = .9, .beta2 = .999, .eps = 1e-8, .decay = .1};
    adamw_step(NULL, &plan, 0, p, m, v, first, 2, 2, 1);
    assert_close((double)p[0], .999560, 6e-7, "p0"), assert_close((double)p[1], -1.999520, 6e-7, "p1");
    adamw_step(NULL, &plan, 1, p, m, v, second, 2, 2, 1);
    assert_close((double)p[0], .999147, 6e-7, "p0"), assert_close((double)p[1], -1.999638, 6e-7, "p1");
}

/* The first step leaves 0.1 of the clipped slope in m and 0.01 of its square in v. To the norm 1e-6 is added,
 * as in torch.nn.utils.clip_grad_norm_. */
static void what_is_above_the_clip_is_scaled(void **state) {
    (void)state;
    const struct {
        double clip, norm, slope;
    } cases[] = {{0, 4, 3}, {2, 1, 3}, {2, 2, 3}, {1, 4, .75}, {.5, 4, .375}, {1e-6, 2e-6, 1}, {1e-6, 1e-6, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AdamW plan = PLAN;
        plan.clip = cases[i].clip;
        float p = 0, m = 0, v = 0, g = 3;
        adamw_step(NULL, &plan, 0, &p, &m, &v, &g, 1, 0, cases[i].norm);
        assert_close((double)m, .1 * cases[i].slope, 1e-6, "mean");
        assert_close((double)v, .01 * cases[i].slope * cases[i].slope, 1e-6, "mean square");
    }
}

/* Two pieces and five numbers. The first step of AdamW moves each number by the rate, against its gradient's sign;
 * those before the end of decay shrink by rate * decay besides. */
static void decay_ends_anywhere(void **state) {
    (void)state;
    enum { N = 2 * 4096 + 5 };
    Mat p = mat_new(1, N), m = mat_new(1, N), v = mat_new(1, N), g = mat_new(1, N);
    const size_t ends[] = {0, 5, 4096, 5000, 2 * 4096 + 1, N};
    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
        mat_fill(p, 2), mat_fill(m, 0), mat_fill(v, 0), mat_fill(g, .5f);
        adamw_step(NULL, &PLAN, 0, p.data, m.data, v.data, g.data, N, ends[e], 1);
        for (size_t i = 0; i < N; i++)
            assert_close((double)p.data[i], i < ends[e] ? 2 * (1 - .01 * .1) - .01 : 2 - .01, 1e-6, "a number");
    }
    mat_free(&p), mat_free(&m), mat_free(&v), mat_free(&g);
}

/* Sums in the order of the workers, and the same bits whoever adds them up. */
static void reduction_is_in_order(void **state) {
    (void)state;
    enum { N = 10001, COUNT = 3 };
    Rng rng = rng_seed(9);
    Mat one = random_mat(&rng, COUNT, N), two = mat_new(COUNT, N), sum = mat_new(1, N);
    mat_copy(two, one);
    for (int j = 0; j < N; j++) sum.data[j] = (mat_at(one, 0, j) + mat_at(one, 1, j)) + mat_at(one, 2, j);
    Workers *workers = workers_new(3);
    float *a[] = {mat_row(one, 0), mat_row(one, 1), mat_row(one, 2)};
    float *b[] = {mat_row(two, 0), mat_row(two, 1), mat_row(two, 2)};
    double norm = gradients_reduce(NULL, a, COUNT, N), same = gradients_reduce(workers, b, COUNT, N), exact = 0;
    assert_true(mat_same_bits(mat_rows(one, 0, 1), sum) && mat_same_bits(mat_rows(two, 0, 1), sum));
    for (int j = 0; j < N; j++) exact += (double)sum.data[j] * (double)sum.data[j];
    assert_true(norm == same);
    assert_close(norm, sqrt(exact), 1e-5 * norm, "norm");
    a[0][77] = NAN;
    bool finite = isfinite(gradients_reduce(NULL, a, 1, N)) != 0;
    assert_false(finite);
    workers_free(workers);
    mat_free(&one), mat_free(&two), mat_free(&sum);
}

static void the_rate_follows_its_plan(void **state) {
    (void)state;
    AdamW plan = {.rate = 1, .warmup = 4, .steps = 12};
    const double rising[] = {.25, .5, .75, 1, 1};
    for (int i = 0; i < 5; i++) assert_close(learning_rate(&plan, i), rising[i], 1e-12, "warm-up");
    plan.cosine = true;
    assert_close(learning_rate(&plan, 4), 1, 1e-12, "top");
    assert_close(learning_rate(&plan, 8), .55, 1e-12, "half way down to a tenth");
    assert_close(learning_rate(&plan, 12), .1, 1e-12, "end");
    assert_close(learning_rate(&plan, 99), .1, 1e-12, "after the end");
    plan.steps = 4;
    assert_close(learning_rate(&plan, 4), 1, 1e-12, "no step is left to go down");
}

static int print_seen(void **state) {
    (void)state;
    print_largest("gradients of layers", (double)largest, (double)TOLERANCE);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_matches_pytorch),
        cmocka_unit_test(norm_matches_pytorch),
        cmocka_unit_test(curves_match_pytorch),
        cmocka_unit_test(softmax_matches_pytorch),
        cmocka_unit_test(embedding_matches_pytorch),
        cmocka_unit_test(cross_entropy_matches_pytorch),
        cmocka_unit_test(no_row_behind),
        cmocka_unit_test(prints_the_known_digits),
        cmocka_unit_test(differences_agree_and_notice),
        cmocka_unit_test(adamw_matches_pytorch),
        cmocka_unit_test(adamw_prints_the_known_digits),
        cmocka_unit_test(what_is_above_the_clip_is_scaled),
        cmocka_unit_test(decay_ends_anywhere),
        cmocka_unit_test(reduction_is_in_order),
        cmocka_unit_test(the_rate_follows_its_plan),
    };
    return cmocka_run_group_tests(tests, NULL, print_seen);
}
