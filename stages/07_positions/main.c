/* Stage 07 - Positions: a vector for a word does not say where the word stands. Seven ways to tell it, each in plain
 * loops, proven equal to common/attention/positions.c; those that change scores are in scores.c. What they do to
 * attention is shown in stage 09. Run: make run-07 */
#include "attention/positions.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/rng.h"
#include "lesson.h"
#include "show/label.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>

void expect_agreement(const char *what, Mat common, Mat told) {
    float apart;
    if (!mat_agree(common, told, &apart))
        fail(EXIT_DATA, "told and common differ: by %g in the %s", (double)apart, what);
}

static double dot(Mat m, int a, int b) {
    double sum = 0;
    for (int c = 0; c < m.cols; c++) sum += (double)mat_at(m, a, c) * (double)mat_at(m, b, c);
    return sum;
}

/* ---- 1. Into the embedding: a learned table, or waves ---- */

/* Word i of the text, or of a window that begins at word `first`, gets row first + i of the table added. */
static void learned_told(Mat x, Mat table, int first) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(x, i)[c] += mat_at(table, first + i, c);
}

static void tell_learned(uint64_t seed) {
    enum { ROWS = 20, WORDS = 7, FIRST = 5, WIDTH = 6 };
    Mat table = mat_new(ROWS, WIDTH), told = mat_new(WORDS, WIDTH), common = mat_new(WORDS, WIDTH);
    Rng rng = rng_seed(seed);
    rng_normal(&rng, table.data, ROWS * WIDTH, 0, 1), rng_normal(&rng, told.data, WORDS * WIDTH, 0, 1);
    mat_copy(common, told);
    learned_told(told, table, FIRST), positions_add(common, table, FIRST);
    expect_agreement("rows of a learned table", common, told);
    printf("a learned table: GPT-2 1024 x 768 = %d numbers, BERT 512 x 768 = %d\n", 1024 * 768, 512 * 768);
    mat_free(&table), mat_free(&told), mat_free(&common);
}

/* Column 2i is a sine of the position, column 2i + 1 its cosine; each pair turns more slowly than the one before, from
 * a wavelength of 2 pi words to one of 10000 * 2 pi. */
static void waves_told(Mat table) {
    for (int p = 0; p < table.rows; p++)
        for (int c = 0; c < table.cols; c++) {
            double angle = p / pow(10000, (double)(c - c % 2) / table.cols);
            mat_row(table, p)[c] = (float)(c % 2 ? cos(angle) : sin(angle));
        }
}

/* The same idea as the first program that shipped it wrote it: all sines, then all cosines, and the slowest wave is
 * exactly 10000 * 2 pi long, since its exponent is i / (C/2 - 1). */
static void waves_apart_told(Mat table) {
    int half = table.cols / 2;
    for (int p = 0; p < table.rows; p++)
        for (int c = 0; c < 2 * half; c++) {
            double angle = p / pow(10000, (double)(c % half) / (half > 1 ? half - 1 : 1));
            mat_row(table, p)[c] = (float)(c < half ? sin(angle) : cos(angle));
        }
}

static void tell_waves(int width) {
    Mat told = mat_new(64, width), common = mat_new(64, width), four = mat_new(4, 8);
    waves_apart_told(told), sinusoidal_table(common, 0, SINUSOIDS_CONCATENATED);
    expect_agreement("waves, sines first", common, told);
    waves_told(told), sinusoidal_table(common, 0, SINUSOIDS_INTERLEAVED);
    expect_agreement("waves", common, told);
    sinusoidal_table(four, 0, SINUSOIDS_INTERLEAVED);
    table_print(stdout, four, (TableOptions){"waves of width 8, sine and cosine in turn (the paper)", .decimals = 6});
    sinusoidal_table(four, 0, SINUSOIDS_CONCATENATED);
    table_print(stdout, four, (TableOptions){"sines first, then cosines (tensor2tensor)", .decimals = 6});
    printf("dot product of two positions, width %d: the distance decides, the place does not\n  distance", width);
    for (int k = 0; k <= 32; k = k ? 2 * k : 1) printf(" %8d", k);
    for (int p = 0; p <= 20; p += 20) {
        printf("\n  from %3d", p);
        for (int k = 0; k <= 32; k = k ? 2 * k : 1) printf(" %8.4f", dot(told, p, p + k));
    }
    printf("\n");
    mat_free(&told), mat_free(&common), mat_free(&four);
}

/* ---- 2. Into q and k: turning ---- */

/* Two numbers of a head are a point in the plane; position p turns it by p times the pair's own speed. Only the
 * difference of two turns is left in q . k, and no length changes. half_split says which two numbers make a pair. */
static void turn_told(Mat x, bool half_split) {
    int half = x.cols / 2;
    for (int p = 0; p < x.rows; p++)
        for (int pair = 0; pair < half; pair++) {
            double angle = p / pow(10000, 2.0 * pair / x.cols);
            float *a = mat_row(x, p) + (half_split ? pair : 2 * pair), *b = a + (half_split ? half : 1);
            double left = (double)*a, right = (double)*b;
            *a = (float)(left * cos(angle) - right * sin(angle));
            *b = (float)(left * sin(angle) + right * cos(angle));
        }
}

static void prove_turns(uint64_t seed) {
    Mat x = mat_new(20, 10), told = mat_new(20, 10), common = mat_new(20, 10);
    Rng rng = rng_seed(seed);
    rng_normal(&rng, x.data, 200, 0, 1);
    for (int half_split = 0; half_split < 2; half_split++) {
        mat_copy(told, x), turn_told(told, half_split);
        mat_copy(common, x), rope_rotate(common, 1, 0, 10000, half_split, false);
        expect_agreement("turned vectors", common, told);
        rope_rotate(common, 1, 0, 10000, half_split, true);
        expect_agreement("vectors turned back", common, x);
    }
    mat_free(&x), mat_free(&told), mat_free(&common);
}

static void tell_turns(uint64_t seed) {
    static const int distance[] = {0, 1, 2, 3, 10, 99};
    prove_turns(seed);
    printf("RoPE: q = k = (1, 0, 1, 0), both turned; q . k\n  distance          ");
    for (int i = 0; i < 6; i++) printf(" %9d", distance[i]);
    for (int half_split = 0; half_split < 2; half_split++) {
        Mat x = mat_new(100, 4);
        for (int p = 0; p < 100; p++) mat_row(x, p)[0] = mat_row(x, p)[2] = 1;
        rope_rotate(x, 1, 0, 10000, half_split, false);
        printf("\n  pairs %s", half_split ? "(i, i + d/2) " : "(2i, 2i + 1) ");
        for (int i = 0; i < 6; i++) printf(" %9.6f", dot(x, 99, 99 - distance[i]));
        mat_free(&x);
    }
    printf("\n");
}

/* ---- 3. Longer than anything in training ---- */

static const char *const PLACES[] = {"into the embedding", "turns q and k", "onto the scores", "onto each pair",
                                     "nowhere"};

static void tell_schemes(void) {
    printf("%-11s %-19s %-8s %-11s %s\n", "scheme", "where", "trained", "any length", "what it computes");
    for (int i = 0; i < POSITION_SCHEME_COUNT; i++) {
        const PositionScheme *s = &POSITION_SCHEMES[i];
        printf("%-11s %-19s %-8s %-11s %s\n", s->name, PLACES[s->place], s->trained ? "yes" : "no",
               s->any_length ? "yes" : "no", s->formula);
    }
}

/* What each scheme says about word 5000 when training has seen 1024: only a table can lack a row. The others answer,
 * which is not the same as having learned what to do with the answer. */
static void tell_far(const Choices *a) {
    enum { SEEN = 1024, FAR = 5000 };
    Mat wave = mat_new(2, a->width), turned = mat_new(1, 4);
    sinusoidal_table(wave, FAR, SINUSOIDS_INTERLEAVED);
    for (int c = 0; c < 4; c++) turned.data[c] = 0.5f;
    rope_rotate(turned, 1, FAR, 10000, false, false);
    printf("position %d after training on %d\n", FAR, SEEN);
    printf("  learned     the table ends at row %d: there is nothing to add\n", SEEN - 1);
    printf("  sinusoidal  a vector of length^2 %.4f, and %.4f with its neighbour, as everywhere\n", dot(wave, 0, 0),
           dot(wave, 0, 1));
    printf("  t5          distance -%d is in bucket %d, where -91 is, too\n", FAR, t5_bucket(-FAR, true, 32, 128));
    printf("  shaw        distance -%d is clipped to the table's first row: %d\n", FAR, shaw_index(FAR, 0, 2));
    printf("  alibi       head 0 leaves exp(%.0f) of that weight, head %d exp(%.1f)\n",
           -FAR * (double)alibi_slope(0, a->heads), a->heads - 1, -FAR * (double)alibi_slope(a->heads - 1, a->heads));
    printf("  rope        a vector of length 1 turns to one of length %.4f\n", sqrt(dot(turned, 0, 0)));
    mat_free(&wave), mat_free(&turned);
}

/* ---- 4. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .tokens = 48, .width = 64, .heads = 8};
    Options list = {0};
    option_heading(&list, "the encodings");
    option_int(&list, "tokens", "N", &a.tokens, 2, 1024, "positions in the pictures (default 48)");
    option_int(&list, "width", "C", &a.width, 2, 1024, "numbers in a vector, even (default 64)");
    option_int(&list, "heads", "H", &a.heads, 1, 64, "ALiBi's heads (default 8)");
    show_options_add(&list, &a.show);
    Program program = {"07_positions", "where a word stands: waves, turns, biases",
                       "  07_positions\n"
                       "  07_positions --heads 12 --tokens 100 --width 128\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.common.text || a.common.file)
        fail(EXIT_USAGE, "positions are the same for every text (expected no TEXT). Try: --tokens");
    if (a.width % 2)
        fail(EXIT_USAGE, "--width %d: sines and cosines come in pairs. Try: --width %d", a.width, a.width + 1);
    if (!a.common.time) show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

static void make_table(void *context) {
    sinusoidal_table(*(Mat *)context, 0, SINUSOIDS_INTERLEAVED);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    if (a.common.time) {
        Mat table = mat_new(a.tokens, a.width);
        time_report(a.common.time, make_table, &table, a.tokens, "positions");
        mat_free(&table);
    } else {
        tell_learned(a.common.seed);
        tell_waves(a.width);
        tell_turns(a.common.seed);
        tell_alibi(a.heads);
        tell_buckets();
        tell_shaw(a.common.seed);
        tell_schemes();
        tell_far(&a);
        printf("told and common agree: max difference < 1e-5\n");
        draw_all(&a);
    }
    memory_free(a.command);
    return finish();
}
