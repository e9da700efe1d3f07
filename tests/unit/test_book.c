/* Numbers that learners have beside them in the book (Raschka 2024, chapter 3, run by PyTorch): those that the book
 * prints, and some that no stage prints: scores before the softmax, measures of the first map, the exercises, the
 * weights of two heads. */
#include "fixture.h"
#include "attention/attention.h"
#include "math/init.h"

#include <math.h>

static const float PRINTED = 6e-5f;        /* half of a printed last digit, and rounding */
static const float FOURTH_DIGIT = 5.5e-5f; /* half of it, and our own rounding */

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

/* ---- what the book prints ---- */

static void the_book_without_weights(void **state) {
    (void)state;
    static const float scores[] = {.9995f, .9544f, .9422f,  .4753f, .4576f,  .6310f,  .9544f, 1.4950f, 1.4754f,
                                   .8434f, .7070f, 1.0865f, .9422f, 1.4754f, 1.4570f, .8296f, .7154f,  1.0605f,
                                   .4753f, .8434f, .8296f,  .4937f, .3474f,  .6565f,  .4576f, .7070f,  .7154f,
                                   .3474f, .6654f, .2935f,  .6310f, 1.0865f, 1.0605f, .6565f, .2935f,  .9450f};
    static const float weights[] = {.2098f, .2006f, .1981f, .1242f, .1220f, .1452f, .1385f, .2379f, .2333f,
                                    .1240f, .1082f, .1581f, .1390f, .2369f, .2326f, .1242f, .1108f, .1565f,
                                    .1435f, .2074f, .2046f, .1462f, .1263f, .1720f, .1526f, .1958f, .1975f,
                                    .1367f, .1879f, .1295f, .1385f, .2184f, .2128f, .1420f, .0988f, .1896f};
    static const float contexts[] = {.4421f, .5931f, .5790f, .4419f, .6515f, .5683f, .4431f, .6496f, .5671f,
                                     .4304f, .6298f, .5510f, .4671f, .5910f, .5266f, .4177f, .6503f, .5645f};
    Mat map = mat_new(6, 6), out = mat_new(6, 3);
    mat_mul_nt(map, 1, inputs(), inputs(), 0);
    assert_printed(map, scores, FOURTH_DIGIT, "scores");
    attention_softmax(map, 1, (Mask){0}); /* this first map of the book is not scaled */
    assert_printed(map, weights, FOURTH_DIGIT, "weights");
    mat_mul(out, 1, map, inputs(), 0);
    assert_printed(out, contexts, FOURTH_DIGIT, "contexts");
    mat_free(&map), mat_free(&out);
}

/* The same scores under masks, computed independently of this code. */
static void the_book_without_weights_under_masks(void **state) {
    (void)state;
    const struct {
        Mask mask;
        int row;
        float weights[6];
    } rows[] = {{{.window = 2}, 0, {.5113f, .4887f}},
                {{.window = 2}, 2, {0, .3990f, .3918f, .2092f}},
                {{.window = 2, .global = 1}, 3, {.2313f, 0, .3296f, .2356f, .2035f, 0}},
                {{.causal = true, .window = 3}, 5, {0, 0, 0, .3300f, .2296f, .4404f}},
                {{.causal = true}, 5, {.1385f, .2184f, .2128f, .1420f, .0988f, .1896f}}};
    static const double entropies[] = {0, .6579, 1.0722, 1.3710, 1.5990, 1.7565};
    Mat map = mat_new(6, 6);
    for (int i = 0; i < 5; i++) {
        mat_mul_nt(map, 1, inputs(), inputs(), 0);
        attention_softmax(map, 1, rows[i].mask);
        assert_printed(mat_rows(map, rows[i].row, 1), rows[i].weights, FOURTH_DIGIT, "masked row");
    }
    for (int i = 0; i < 6; i++) { /* the last of them was causal */
        double entropy = 0;
        for (int j = 0; j <= i; j++) entropy -= (double)mat_at(map, i, j) * log((double)mat_at(map, i, j));
        assert_close(entropy, entropies[i], (double)PRINTED, "entropy");
    }
    mat_free(&map);
}

typedef struct {
    Mat q, k, v, map, out; /* owned */
} Book;

static void book_free(Book *b) {
    mat_free(&b->q), mat_free(&b->k), mat_free(&b->v), mat_free(&b->map), mat_free(&b->out);
}

/* Three projections of the six words. Linear layers store (out, in) and draw from +-1/sqrt(in); torch.rand's are (in,
 * out). */
static Book project(Rng *rng, bool linear, int heads) {
    Book b = {mat_new(6, 2), mat_new(6, 2), mat_new(6, 2), mat_new(heads * 6, 6), mat_new(6, 2)};
    Mat *all[] = {&b.q, &b.k, &b.v};
    float bound = linear ? 1 / sqrtf(3) : 1;
    for (int i = 0; i < 3; i++) {
        Mat w = linear ? mat_new(2, 3) : mat_new(3, 2);
        for (int j = 0; j < 6; j++) w.data[j] = rng_float(rng, linear ? -bound : 0, bound);
        if (linear) mat_mul_nt(*all[i], 1, inputs(), w, 0);
        else mat_mul(*all[i], 1, inputs(), w, 0);
        mat_free(&w);
    }
    return b;
}

static void the_book_with_weights(void **state) {
    (void)state;
    static const float query_2[] = {.4306f, 1.4551f}, weights_2[] = {.1500f, .2264f, .2199f, .1311f, .0906f, .1820f};
    static const float keys[] = {.3669f, .7646f, .4433f, 1.1419f, .4361f, 1.1156f,
                                 .2408f, .6706f, .1827f, .3292f,  .3275f, .9642f};
    static const float values[] = {.1855f, .8812f, .3951f, 1.0037f, .3879f, .9831f,
                                   .2393f, .5493f, .1492f, .3346f,  .3221f, .7863f};
    static const float out[] = {.2996f, .8053f, .3061f, .8210f, .3058f, .8203f,
                                .2948f, .7939f, .2927f, .7891f, .2990f, .8040f};
    Rng rng = rng_seed(123);
    Book b = project(&rng, false, 1);
    assert_printed(mat_rows(b.q, 1, 1), query_2, FOURTH_DIGIT, "query 2");
    assert_printed(b.k, keys, FOURTH_DIGIT, "keys");
    assert_printed(b.v, values, FOURTH_DIGIT, "values");
    attention_forward(attention_of(b.q, b.k, b.v, 1, (Mask){0}), b.out, b.map);
    assert_printed(mat_rows(b.map, 1, 1), weights_2, FOURTH_DIGIT, "weights of query 2");
    assert_printed(b.out, out, FOURTH_DIGIT, "contexts");
    book_free(&b);
}

static void the_book_with_linear_layers(void **state) {
    (void)state;
    static const float out[] = {-.0739f, .0713f, -.0748f, .0703f, -.0749f, .0702f,
                                -.0760f, .0685f, -.0763f, .0679f, -.0754f, .0693f};
    static const float weights[] = {.1921f, .1646f, .1652f, .1550f, .1721f, .1510f, .2041f, .1659f, .1662f,
                                    .1496f, .1665f, .1477f, .2036f, .1659f, .1662f, .1498f, .1664f, .1480f,
                                    .1869f, .1667f, .1668f, .1571f, .1661f, .1564f, .1830f, .1669f, .1670f,
                                    .1588f, .1658f, .1585f, .1935f, .1663f, .1666f, .1542f, .1666f, .1529f};
    static const float causal[] = {1,      0,      0,      0,      0,      0,      .5517f, .4483f, 0,
                                   0,      0,      0,      .3800f, .3097f, .3103f, 0,      0,      0,
                                   .2758f, .2460f, .2462f, .2319f, 0,      0,      .2175f, .1983f, .1984f,
                                   .1888f, .1971f, 0,      .1935f, .1663f, .1666f, .1542f, .1666f, .1529f};
    static const float causal_out[] = {-.0872f, .0286f, -.0991f, .0501f, -.0999f, .06335f,
                                       -.0983f, .0489f, -.0514f, .1098f, -.0754f, .0693f};
    Rng rng = rng_seed(789);
    Book b = project(&rng, true, 1);
    attention_forward(attention_of(b.q, b.k, b.v, 1, (Mask){0}), b.out, b.map);
    assert_printed(b.map, weights, FOURTH_DIGIT, "weights");
    assert_printed(b.out, out, FOURTH_DIGIT, "contexts");
    attention_forward(attention_of(b.q, b.k, b.v, 1, (Mask){.causal = true}), b.out, b.map);
    assert_printed(b.map, causal, FOURTH_DIGIT, "causal weights");
    assert_printed(b.out, causal_out, FOURTH_DIGIT, "causal contexts");
    book_free(&b);
}

static void the_book_with_causal_and_two_heads(void **state) {
    (void)state;
    static const float out[] = {-.4519f, .2216f,  -.5874f, .0058f,  -.6300f, -.0632f,
                                -.5675f, -.0843f, -.5526f, -.0981f, -.5299f, -.1081f};
    static const float rows[] = {.4833f, .5167f, 0, 0, 0, 0, .3190f, .3408f, .3402f, 0, 0, 0};
    static const float head_1[] = {.4776f, .5224f}, head_2[] = {.4988f, .5012f};
    Rng rng = rng_seed(123);
    Book one = project(&rng, true, 1);
    attention_forward(attention_of(one.q, one.k, one.v, 1, (Mask){.causal = true}), one.out, one.map);
    assert_printed(one.out, out, FOURTH_DIGIT, "causal attention");
    assert_printed(mat_rows(one.map, 1, 2), rows, FOURTH_DIGIT, "rows 2 and 3");
    rng = rng_seed(123);
    Book two = project(&rng, true, 2); /* the same weights as two heads of width 1 */
    attention_forward(attention_of(two.q, two.k, two.v, 2, (Mask){.causal = true}), two.out, two.map);
    assert_printed(mat_cols(mat_rows(attention_map(two.map, 6, 0), 1, 1), 0, 2), head_1, FOURTH_DIGIT, "head 1");
    assert_printed(mat_cols(mat_rows(attention_map(two.map, 6, 1), 1, 1), 0, 2), head_2, FOURTH_DIGIT, "head 2");
    book_free(&one), book_free(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_of_two_heads),
        cmocka_unit_test(measures_of_the_first_map),
        cmocka_unit_test(scores_before_the_softmax),
        cmocka_unit_test(exercises_of_chapter_3),
        cmocka_unit_test(a_product_for_each_head),
        cmocka_unit_test(the_variance_of_a_dot_product_is_its_width),
        cmocka_unit_test(the_book_without_weights),
        cmocka_unit_test(the_book_without_weights_under_masks),
        cmocka_unit_test(the_book_with_weights),
        cmocka_unit_test(the_book_with_linear_layers),
        cmocka_unit_test(the_book_with_causal_and_two_heads),
    };
    return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
