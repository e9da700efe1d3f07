/* proofs - what main.c tells, printed and held against common/attention/positions.c. */
#include "tool.h"
#include "attention/positions.h"
#include "base/error.h"
#include "base/plural.h"
#include "math/init.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void tell_learned(uint64_t seed, void (*learned)(Paper, Paper, int)) {
    enum { ROWS = 20, WORDS = 7, FIRST = 5, WIDTH = 6 };
    Rng rng = rng_seed(seed);
    Mat table = init_normal_new(&rng, ROWS, WIDTH), common = init_normal_new(&rng, WORDS, WIDTH);
    Paper rows = paper_of(table), told = paper_of(common);
    learned(told, rows, FIRST), positions_add(common, table, FIRST);
    prove_equal("the rows of a learned table", common, told);
    printf("a learned table: GPT-2 1024 x 768 = %d numbers, BERT 512 x 768 = %d\n", 1024 * 768, 512 * 768);
    mat_free(&table), mat_free(&common), paper_free(&rows), paper_free(&told);
}

void tell_waves(int width, void (*waves)(Paper), void (*apart)(Paper), void (*dots)(Paper, Paper)) {
    enum { ROWS = 64 };
    Mat common = mat_new(ROWS, width);
    Paper told = paper_new(ROWS, width), alike = paper_new(ROWS, ROWS), four = paper_new(4, 8);
    apart(told), sinusoidal_table(common, 0, SINUSOIDS_CONCATENATED);
    prove_equal("the waves, sines first", common, told);
    waves(told), sinusoidal_table(common, 0, SINUSOIDS_INTERLEAVED);
    prove_equal("the waves", common, told);
    waves(four);
    table_print_paper(stdout, four,
                      (TableOptions){.title = "waves of width 8, sine and cosine in turn (the paper)", .decimals = 6});
    apart(four);
    table_print_paper(stdout, four,
                      (TableOptions){.title = "sines first, then cosines (tensor2tensor)", .decimals = 6});
    dots(alike, told);
    printf("dot product of two positions, width %d: the distance decides, the place does not\n  distance", width);
    for (int k = 0; k <= 32; k = k ? 2 * k : 1) printf(" %8d", k);
    for (int p = 0; p <= 20; p += 20) {
        printf("\n  from %3d", p);
        for (int k = 0; k <= 32; k = k ? 2 * k : 1) printf(" %8.4f", alike.at[p][p + k]);
    }
    printf("\n");
    mat_free(&common), paper_free(&told), paper_free(&alike), paper_free(&four);
}

static void prove_turns(uint64_t seed, void (*turn)(Paper, bool)) {
    Rng rng = rng_seed(seed);
    Mat common = init_normal_new(&rng, 20, 10);
    Paper x = paper_of(common);
    for (int half_split = 0; half_split < 2; half_split++) {
        Paper told = paper_of(common);
        turn(told, half_split), rope_rotate(common, 1, 0, 10000, half_split, false);
        prove_equal("the turned vectors", common, told);
        rope_rotate(common, 1, 0, 10000, half_split, true);
        prove_equal("the vectors turned back", common, x);
        paper_free(&told);
    }
    mat_free(&common), paper_free(&x);
}

void tell_turns(uint64_t seed, void (*turn)(Paper, bool), void (*dots)(Paper, Paper)) {
    enum { POSITIONS = 100 };
    static const int distance[] = {0, 1, 2, 3, 10, 99};
    prove_turns(seed, turn);
    printf("RoPE: two rows (1, 0, 1, 0), both turned; their dot product\n  distance          ");
    for (int i = 0; i < 6; i++) printf(" %9d", distance[i]);
    for (int half_split = 0; half_split < 2; half_split++) {
        Paper x = paper_new(POSITIONS, 4), alike = paper_new(POSITIONS, POSITIONS);
        for (int p = 0; p < POSITIONS; p++) x.at[p][0] = x.at[p][2] = 1;
        turn(x, half_split), dots(alike, x);
        printf("\n  pairs %s", half_split ? "(i, i + d/2) " : "(2i, 2i + 1) ");
        for (int i = 0; i < 6; i++) printf(" %9.6f", alike.at[99][99 - distance[i]]);
        paper_free(&x), paper_free(&alike);
    }
    printf("\n");
}

void tell_alibi(int heads, double (*slope)(int, int)) {
    Mat bias = mat_new(heads, 9);
    Paper told = paper_new(heads, 9);
    alibi_bias(bias, 5, 0);
    for (int h = 0; h < heads; h++)
        for (int c = 0; c < 9; c++) told.at[h][c] = -slope(h, heads) * abs(c - 4);
    prove_equal("the ALiBi biases", bias, told);
    printf("ALiBi: slopes of %d head%s\n ", heads, PLURAL(heads));
    for (int h = 0; h < heads; h++) printf(" %.6f", slope(h, heads));
    printf("\n");
    mat_free(&bias), paper_free(&told);
}

void tell_buckets(int (*bucket)(int)) {
    static const int distance[] = {-200, -91, -64, -32, -16, -12, -8, -7, -1, 0, 1, 7, 8, 91};
    for (int d = -300; d <= 300; d++)
        if (bucket(d) != t5_bucket(d, true, 32, 128))
            fail(EXIT_DATA, "told and common differ: in T5's bucket of distance %d", d);
    printf("T5: distance (key minus query) -> bucket\n ");
    for (size_t i = 0; i < sizeof distance / sizeof *distance; i++) printf(" %d:%d", distance[i], bucket(distance[i]));
    printf("\n");
}

/* common/ adds the pairs' share to a product that is there already. */
static void prove_shaw(uint64_t seed, void (*scores)(Paper, Paper, Paper, Paper),
                       void (*values)(Paper, Paper, Paper, Paper)) {
    enum { WORDS = 9, WIDTH = 4, REACH = 3 };
    Rng rng = rng_seed(seed);
    Mat q = init_normal_new(&rng, WORDS, WIDTH), k = init_normal_new(&rng, WORDS, WIDTH);
    Mat table = init_normal_new(&rng, 2 * REACH + 1, WIDTH), map = mat_new(WORDS, WORDS), out = mat_new(WORDS, WIDTH);
    Paper told_q = paper_of(q), told_k = paper_of(k), rows = paper_of(table);
    Paper told_map = paper_new(WORDS, WORDS), told_out = paper_new(WORDS, WIDTH);
    mat_mul_nt(map, 1, q, k, 0), shaw_scores(map, q, table, 0);
    scores(told_map, told_q, told_k, rows);
    prove_equal("Shaw's scores", map, told_map);
    mat_mul(out, 1, map, k, 0), shaw_values(out, map, table, 0); /* any weights and values will do */
    values(told_out, told_map, told_k, rows);
    prove_equal("Shaw's values", out, told_out);
    mat_free(&q), mat_free(&k), mat_free(&table), mat_free(&map), mat_free(&out);
    paper_free(&told_q), paper_free(&told_k), paper_free(&rows), paper_free(&told_map), paper_free(&told_out);
}

void tell_shaw(uint64_t seed, int (*row)(int, int, int), void (*scores)(Paper, Paper, Paper, Paper),
               void (*values)(Paper, Paper, Paper, Paper)) {
    prove_shaw(seed, scores, values);
    printf("Shaw: row of the table for query 3 and keys 0 to 5, reach 2\n ");
    for (int key = 0; key < 6; key++) {
        if (row(3, key, 2) != shaw_index(3, key, 2))
            fail(EXIT_DATA, "told and common differ: in Shaw's row of key %d", key);
        printf(" %d", row(3, key, 2));
    }
    printf("\n");
}

void tell_schemes(void) {
    static const char *const places[] = {"into the embedding", "turns q and k", "onto the scores", "onto each pair",
                                         "nowhere"};
    printf("%-11s %-19s %-8s %-11s %s\n", "scheme", "where", "trained", "any length", "what it computes");
    for (int i = 0; i < POSITION_SCHEME_COUNT; i++) {
        const PositionScheme *s = &POSITION_SCHEMES[i];
        printf("%-11s %-19s %-8s %-11s %s\n", s->name, places[s->place], s->trained ? "yes" : "no",
               s->any_length ? "yes" : "no", s->formula);
    }
}

/* When training has seen 1024: only a table can lack a row. The others answer, which is not the same as having learned
 * what to do with the answer. */
void tell_far(const Choices *a) {
    enum { SEEN = 1024, FAR = 5000 };
    Mat wave = mat_new(2, a->width), alike = mat_new(2, 2), turned = mat_new(1, 4), length = mat_new(1, 1);
    sinusoidal_table(wave, FAR, SINUSOIDS_INTERLEAVED);
    mat_mul_nt(alike, 1, wave, wave, 0);
    mat_fill(turned, 0.5f);
    rope_rotate(turned, 1, FAR, 10000, false, false);
    mat_mul_nt(length, 1, turned, turned, 0);
    printf("position %d after training on %d\n", FAR, SEEN);
    printf("  learned     the table ends at row %d: there is nothing to add\n", SEEN - 1);
    printf("  sinusoidal  a vector of length^2 %.4f, and %.4f with its neighbour, as everywhere\n",
           (double)mat_at(alike, 0, 0), (double)mat_at(alike, 0, 1));
    printf("  t5          distance -%d is in bucket %d, where -91 is, too\n", FAR, t5_bucket(-FAR, true, 32, 128));
    printf("  shaw        distance -%d is clipped to the table's first row: %d\n", FAR, shaw_index(FAR, 0, 2));
    printf("  alibi       head 0 leaves exp(%.0f) of that weight, head %d exp(%.1f)\n",
           -FAR * (double)alibi_slope(0, a->heads), a->heads - 1, -FAR * (double)alibi_slope(a->heads - 1, a->heads));
    printf("  rope        a vector of length 1 turns to one of length %.4f\n", (double)sqrtf(mat_at(length, 0, 0)));
    mat_free(&wave), mat_free(&alike), mat_free(&turned), mat_free(&length);
}
