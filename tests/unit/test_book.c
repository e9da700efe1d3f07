/* Numbers that learners have beside them in the book (Raschka 2024, chapter 3, run by PyTorch) and that no stage
 * prints: scores before the softmax, measures of the first map, the exercises, the weights of two heads.
 * test_attention.c has those that stages print as well. */
#include "fixture.h"
#include "attention/attention.h"
#include "math/init.h"

#include <math.h>

static const float PRINTED = 6e-5f; /* half of a printed last digit, and rounding */

static float words[6][3] = {{.43f, .15f, .89f}, {.55f, .87f, .66f}, {.57f, .85f, .64f},
                            {.22f, .58f, .33f}, {.77f, .25f, .10f}, {.05f, .80f, .55f}};

static Mat inputs(void) {
    return (Mat){words[0], 6, 3, 3};
}

static void assert_printed(Mat got, const float *expected, float within, const char *what) {
    for (int i = 0; i < got.rows; i++)
        for (int j = 0; j < got.cols; j++)
            if (!(fabsf(mat_at(got, i, j) - expected[i * got.cols + j]) <= within))
                wrong("%s (%d, %d): got %.7f, printed %g", what, i, j, (double)mat_at(got, i, j),
                      (double)expected[i * got.cols + j]);
}

/* x W^T of a seeded nn.Linear(3, width) without a bias. */
static Mat projected(Rng *rng, int width) {
    Mat w = mat_new(width, 3), out = mat_new(6, width);
    init_linear(rng, w, NULL);
    mat_mul_nt(out, 1, inputs(), w, 0);
    mat_free(&w);
    return out;
}

/* Queries, keys and values of one head, drawn in this order; its context (6, width). */
static Mat head_of(Rng *rng, int width, Mask mask) {
    Mat q = projected(rng, width), k = projected(rng, width), v = projected(rng, width);
    Mat out = mat_new(6, width), map = mat_new(6, 6);
    attention_forward(attention_of(q, k, v, 1, mask), out, map);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&map);
    return out;
}

static void weights_of_two_heads(void **state) {
    (void)state;
    static const float digits[6][6] = {{-.235430f, .019124f, -.286746f, .217727f, -.491934f, .423223f},
                                       {-.419641f, -.459018f, -.364820f, .261478f, -.213326f, .216052f},
                                       {-.490014f, -.350292f, -.211989f, -.113461f, -.440439f, .378044f},
                                       {-.136157f, .185322f, .408269f, .107564f, .157877f, .557292f},
                                       {-.260390f, .182876f, -.256872f, .412603f, .461105f, -.532301f},
                                       {.492853f, .275693f, .251590f, .237681f, .479951f, -.076233f}};
    Rng rng = rng_seed(123);
    for (int i = 0; i < 6; i++) { /* Q, K and V of the first head, then of the second */
        Mat w = mat_new(2, 3);
        init_linear(&rng, w, NULL);
        assert_printed(w, digits[i], 6e-7f, "a weight");
        mat_free(&w);
    }
}

static int ascending(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void measures_of_the_first_map(void **state) {
    (void)state;
    Mat map = mat_new(6, 6);
    mat_mul_nt(map, 1, inputs(), inputs(), 0);
    attention_softmax(map, 1, (Mask){0});
    double most = 0, maxima = 0, entropy = 0, squares = 0;
    int below_even = 0, below_hundredth = 0;
    for (int i = 0; i < 6; i++) {
        double top = 0;
        for (int j = 0; j < 6; j++) {
            double w = (double)mat_at(map, i, j);
            top = fmax(top, w), entropy -= w * log(w), squares += (w - 1. / 6) * (w - 1. / 6);
            below_even += w < 1. / 6, below_hundredth += w < .01;
        }
        most = fmax(most, top), maxima += top / 6;
    }
    assert_close(most, .2379, (double)PRINTED, "the largest weight");
    assert_close(maxima, .2180, (double)PRINTED, "the mean of the rows' largest");
    assert_close(entropy, 10.5689, (double)PRINTED, "entropy");
    assert_close(entropy / (6 * log(6)), .9831, (double)PRINTED, "entropy, as a share of the most");
    assert_close(below_even / 36., .5556, (double)PRINTED, "the share below 1/6");
    assert_int_equal(below_hundredth, 0);
    assert_close(sqrt(squares / 36), .0411, (double)PRINTED, "deviation");
    qsort(map.data, 36, sizeof *map.data, ascending);
    assert_close(((double)map.data[17] + (double)map.data[18]) / 2, .1545, (double)PRINTED, "median");
    mat_free(&map);
}

static void scores_before_the_softmax(void **state) {
    (void)state;
    static const float of_journey[] = {1.2705f, 1.8524f, 1.8111f, 1.0795f, .5577f, 1.5440f};
    static const float linear[6][6] = {{.2899f},
                                       {.4656f, .1723f},
                                       {.4594f, .1703f, .1731f},
                                       {.2642f, .1024f, .1036f, .0186f},
                                       {.2183f, .0874f, .0882f, .0177f, .0786f},
                                       {.3408f, .1270f, .1290f, .0198f, .1290f, .0078f}};
    Mat w = mat_new(3, 2), q = mat_new(6, 2), k = mat_new(6, 2), scores = mat_new(6, 6);
    Rng rng = rng_seed(123);
    init_uniform(&rng, w), mat_mul(q, 1, inputs(), w, 0);
    init_uniform(&rng, w), mat_mul(k, 1, inputs(), w, 0);
    mat_mul_nt(scores, 1, q, k, 0);
    assert_printed(mat_rows(scores, 1, 1), of_journey, PRINTED, "a score of word 2");
    rng = rng_seed(789);
    Mat lq = projected(&rng, 2), lk = projected(&rng, 2);
    mat_mul_nt(scores, 1, lq, lk, 0);
    for (int i = 0; i < 6; i++)
        assert_printed(mat_cols(mat_rows(scores, i, 1), 0, i + 1), linear[i], PRINTED, "a causal score");
    mat_free(&w), mat_free(&q), mat_free(&k), mat_free(&lq), mat_free(&lk), mat_free(&scores);
    rng = rng_seed(789);
    Mat causal = head_of(&rng, 2, (Mask){.causal = true});
    assert_close((double)mat_at(causal, 2, 1), .06334986, 3e-7, "the context on the edge of .0633 and .0634");
    mat_free(&causal);
}

/* Exercise 3.1: the linear layers' weights in the class without them. 3.2: two heads of width 1 beside each other. */
static void exercises_of_chapter_3(void **state) {
    (void)state;
    static const float first[] = {-.5337f, -.1051f, -.5323f, -.1080f, -.5323f, -.1079f,
                                  -.5297f, -.1076f, -.5311f, -.1066f, -.5299f, -.1081f};
    static const float second[] = {-.5740f, .2216f,  -.7320f, .0155f,  -.7774f, -.0546f,
                                   -.6979f, -.0817f, -.6538f, -.0957f, -.6424f, -.1065f};
    Rng rng = rng_seed(123);
    Mat one = head_of(&rng, 2, (Mask){0});
    assert_printed(one, first, PRINTED, "exercise 3.1");
    rng = rng_seed(123);
    Mat both = mat_new(6, 2);
    for (int h = 0; h < 2; h++) {
        Mat narrow = head_of(&rng, 1, (Mask){.causal = true});
        mat_copy(mat_cols(both, h, 1), narrow);
        mat_free(&narrow);
    }
    assert_printed(both, second, PRINTED, "exercise 3.2");
    mat_free(&one), mat_free(&both);
}

/* A tensor (2 heads, 3 words, 4 numbers): each head's words times themselves, as views of one matrix of 3 rows. */
static void a_product_for_each_head(void **state) {
    (void)state;
    static float heads[] = {.2745f, .6584f, .2775f, .8573f, .0772f, .3565f, .1479f, .5331f,
                            .8993f, .0390f, .9268f, .7388f, .4066f, .2318f, .4545f, .9737f,
                            .7179f, .7058f, .9156f, .4340f, .4606f, .5159f, .4220f, .5786f};
    static const float products[2][9] = {
        {1.3208f, 1.1631f, 1.2879f, 1.1631f, 2.2150f, 1.8424f, 1.2879f, 1.8424f, 2.0402f},
        {.4391f, .7003f, .5903f, .7003f, 1.3737f, 1.0620f, .5903f, 1.0620f, .9912f}};
    Mat all = {heads, 3, 8, 8}, product = mat_new(3, 3);
    for (int h = 0; h < 2; h++) {
        Mat mine = mat_cols(all, 4 * h, 4);
        mat_mul_nt(product, 1, mine, mine, 0);
        assert_printed(product, products[h], 1e-4f, "a product"); /* of numbers with 4 digits themselves */
    }
    mat_free(&product);
}

/* var(q.k) = d for numbers from N(0, 1). An estimate from 1,000 pairs is typically off by 5.7% (d 5) or 4.5% (100). */
static void the_variance_of_a_dot_product_is_its_width(void **state) {
    (void)state;
    static const int widths[] = {5, 100};
    static const double typically[] = {.057, .045};
    enum { PAIRS = 1000 };
    for (int i = 0; i < 2; i++) {
        Rng rng = rng_seed(123);
        Mat qk = mat_new(2, widths[i]);
        double sum = 0, squares = 0;
        for (int p = 0; p < PAIRS; p++) {
            init_normal(&rng, qk);
            double dot = 0;
            for (int c = 0; c < widths[i]; c++) dot += (double)mat_at(qk, 0, c) * (double)mat_at(qk, 1, c);
            sum += dot, squares += dot * dot;
        }
        double variance = (squares - sum * sum / PAIRS) / (PAIRS - 1);
        assert_close(variance / widths[i], 1, 4 * typically[i], "variance / d");
        mat_free(&qk);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_of_two_heads),      cmocka_unit_test(measures_of_the_first_map),
        cmocka_unit_test(scores_before_the_softmax), cmocka_unit_test(exercises_of_chapter_3),
        cmocka_unit_test(a_product_for_each_head),   cmocka_unit_test(the_variance_of_a_dot_product_is_its_width),
    };
    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
