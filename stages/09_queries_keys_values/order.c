/* order - does the head know in which order the words stand? The same words are read in two other orders, from one
 * fixed table of vectors. If the map of the second, put back into the first one's order, is the same map, the order did
 * not count. Stage 07's encodings are tried one after the other. */
#include "tool.h"
#include "attention/positions.h"
#include "base/error.h"
#include "math/init.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 32, BUCKETS = 32, REACH = 4 };

/* One head of width 32, and the tables of the encodings that are trained elsewhere and random here. */
typedef struct {
    Mat x;                 /* (n, WIDTH) */
    ToyHeads head;         /* of width WIDTH */
    Mat learned, t5, shaw; /* (n, WIDTH), (BUCKETS, 1), (2 REACH + 1, WIDTH) */
} Setup;

static Setup setup_new(const Choices *ask) {
    Rng rng = rng_seed(ask->common.seed);
    Setup s = {.x = toy_vectors(&ask->toy, WIDTH, ask->common.seed)};
    s.head = toy_heads_new(s.x, s.x, 1, WIDTH, TOY_LINEAR, &rng, WIDTH);
    s.learned = init_normal_new(&rng, ask->toy.n, WIDTH);
    s.t5 = init_normal_new(&rng, BUCKETS, 1);
    s.shaw = init_normal_new(&rng, 2 * REACH + 1, WIDTH);
    return s;
}

static void setup_free(Setup *s) {
    toy_heads_free(&s->head);
    mat_free(&s->x), mat_free(&s->learned), mat_free(&s->t5), mat_free(&s->shaw);
}

static Positions positions_of(const Setup *s, const PositionScheme *scheme) {
    Positions p = {.scheme = scheme};
    if (strcmp(scheme->name, "learned") == 0) p.table = s->learned;
    if (strcmp(scheme->name, "t5") == 0) p.table = s->t5;
    if (strcmp(scheme->name, "shaw") == 0) p.table = s->shaw;
    return p;
}

/* map (n, n) of the head on words (n, WIDTH), with positions. */
static void map_of(Mat map, const Setup *s, Mat words, const Positions *positions) {
    Mat x = mat_new(words.rows, WIDTH), out = mat_new(words.rows, WIDTH);
    ToyHeads head = s->head;
    head.from = head.to = x;
    mat_copy(x, words);
    positions_embed(x, positions, 0);
    toy_heads_project(&head);
    positions_attention(head.attention, out, map, positions);
    mat_free(&x), mat_free(&out);
}

/* Two other orders: where does word i of the new order come from? */
static int backwards(int i, int n) {
    return n - 1 - i;
}
static int rotated(int i, int n) {
    return (i + 1) % n; /* the first word goes to the end */
}

/* The map of the words in another order, with its rows and columns put back into the one in which they were written. */
static void map_of_order(Mat map, const Setup *s, const Positions *positions, int (*from)(int, int)) {
    int n = s->x.rows;
    Mat other = mat_new(n, WIDTH), turned = mat_new(n, n);
    for (int i = 0; i < n; i++) mat_copy(mat_rows(other, i, 1), mat_rows(s->x, from(i, n), 1));
    map_of(turned, s, other, positions);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) mat_row(map, from(i, n))[from(j, n)] = mat_at(turned, i, j);
    mat_free(&other), mat_free(&turned);
}

/* One row of the table. The maps as written and rotated are left in maps[0] and maps[1] (n, n). */
static void test_scheme(const Setup *s, const PositionScheme *scheme, Mat *maps) {
    Positions positions = positions_of(s, scheme);
    Mat back = mat_new(s->x.rows, s->x.rows);
    map_of(maps[0], s, s->x, &positions);
    map_of_order(back, s, &positions, backwards);
    map_of_order(maps[1], s, &positions, rotated);
    float moved_back = mat_max_diff(maps[0], back), moved = mat_max_diff(maps[0], maps[1]);
    printf("  %-11s %12.1e %12.1e\n", scheme->name, (double)moved_back, (double)moved);
    if (strcmp(scheme->name, "none") == 0 && (moved >= 1e-6f || moved_back >= 1e-6f))
        fail(EXIT_DATA, "without positions a weight moved by %g", (double)fmaxf(moved, moved_back));
    mat_free(&back);
}

void tell_order(const Choices *ask) {
    Setup s = setup_new(ask);
    int n = s.x.rows;
    Mat maps[6]; /* two without positions, two sinusoidal, two for the others */
    for (int i = 0; i < 6; i++) maps[i] = mat_new(n, n);
    printf("the order test: the same words in another order, cells sorted back; the largest change of a weight\n");
    printf("  %-11s %12s %12s\n", "positions", "backwards", "rotated");
    for (int i = 0; i < POSITION_SCHEME_COUNT; i++) {
        const PositionScheme *scheme = &POSITION_SCHEMES[i];
        bool none = strcmp(scheme->name, "none") == 0, drawn = strcmp(scheme->name, "sinusoidal") == 0;
        test_scheme(&s, scheme, &maps[none ? 0 : drawn ? 2 : 4]);
    }
    draw_order(ask, maps);
    for (int i = 0; i < 6; i++) mat_free(&maps[i]);
    setup_free(&s);
}
