/* Time and memory against the number of tokens, and one product as loops, OpenBLAS and common/ compute it. Times are
 * this machine's, so they are drawn and never printed. */
#include "attention/mask_cost.h"
#include "base/memory.h"
#include "base/progress.h"
#include "math/rows.h"
#include "show/curves.h"
#include "show/terminal.h"
#include "tool.h"

#include <stdio.h>

enum { SHORTEST = 256, SIZES = 7, HEADS = 2, WIDTH = 64, WINDOW = 64, TIMES = 4 }; /* 256 .. 16,384 tokens */
static const double LONGEST = 0.06; /* seconds: a curve stops behind the first run that takes longer */

typedef struct {
    const char *name, *bar; /* in the picture, and in 16 letters of the terminal */
    Mask mask;
    bool keep_maps;
} Kind;

static const Kind KINDS[] = {
    {"plain, maps kept", "plain", {0}, true},
    {"streaming, none", "none", {0}, false},
    {"streaming, causal", "causal", {.causal = true}, false},
    {"streaming, local 64", "local 64", {.window = WINDOW + 1}, false},
    {"streaming, global-local 64 + 4", "global-local", {.window = WINDOW + 1, .global = 4}, false},
    {"streaming, sliding 64", "sliding 64", {.causal = true, .window = WINDOW}, false},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

/* The fastest of a few runs, in seconds: what the others lose is the rest of the machine's work. */
static double fastest(const Choices *ask, const Kind *kind, int n, Workers *workers) {
    Choices shape = *ask;
    shape.heads = HEADS, shape.head_width = WIDTH;
    Run run = run_new(&shape, n, kind->mask, kind->keep_maps, workers);
    Times times = time_runs(TIMES, run_once, &run);
    run_free(&run);
    return times.fastest;
}

/* A block of bars for one point of the curves: whoever stopped before it has no bar. */
static void print_point(char *title, const Curve *curves, const char *const *names, int count, int point) {
    const char *shown[KIND_COUNT];
    float values[KIND_COUNT];
    int bars = 0;
    for (int i = 0; i < count; i++)
        if (curves[i].n > point) shown[bars] = names[i], values[bars++] = curves[i].y[point];
    terminal_bars(terminal_of(stdout), title, shown, values, bars, 0);
    memory_free(title);
}

static void print_times(const Curve *curves) {
    const char *names[KIND_COUNT];
    for (int i = 0; i < KIND_COUNT; i++) names[i] = KINDS[i].bar;
    for (int size = 0; size < SIZES; size++)
        print_point(text_format("milliseconds at %d tokens, %d heads of %d", SHORTEST << size, HEADS, WIDTH), curves,
                    names, KIND_COUNT, size);
}

void draw_times(const Choices *ask, Workers *workers) {
    static float tokens[SIZES], milliseconds[KIND_COUNT][SIZES];
    Curve curves[KIND_COUNT];
    Progress progress = progress_begin("timing", KIND_COUNT);
    for (int i = 0; i < KIND_COUNT; i++) {
        int done = 0;
        for (double seconds = 0; done < SIZES && seconds < LONGEST; done++) {
            seconds = fastest(ask, &KINDS[i], SHORTEST << done, workers);
            tokens[done] = (float)(SHORTEST << done), milliseconds[i][done] = (float)(seconds * 1e3);
        }
        curves[i] = (Curve){KINDS[i].name, tokens, milliseconds[i], done, KINDS[i].keep_maps};
        progress_step(&progress, (size_t)i + 1);
    }
    progress_end(&progress);
    if (ask->show.terminal) print_times(curves);
    curves_draw(
        show_sheet(&ask->show, "time", "Time of one attention pass", "2 heads of 64; both axes in powers of ten"),
        curves, KIND_COUNT,
        (CurvesOptions){.x_axis = "tokens", .y_axis = "milliseconds", .log_x = true, .log_y = true});
}

/* ---- one product, three ways ---- */

enum { POINTS = 9, WAYS = 3, SIDE = 512 }; /* 1 .. 256 rows */

typedef struct {
    void (*told)(Paper y, Paper x, Paper w);
    Mat y, x, w; /* (n, SIDE), (n, SIDE), (SIDE, SIDE), and the same on paper */
    Paper paper_y, paper_x, paper_w;
} Product;

static void by_loops(void *product) {
    Product *p = product;
    p->told(p->paper_y, p->paper_x, p->paper_w);
}

static void by_openblas(void *product) {
    Product *p = product;
    mat_mul_nt(p->y, 1, p->x, p->w, 0);
}

static void by_common(void *product) {
    Product *p = product;
    rows_times_weights(p->y, p->x, p->w, NULL, 0, SIDE);
}

/* Billions of multiplications and additions a second, the fastest of a few runs on one thread. */
static void measure_products(Product p, float speed[WAYS][POINTS]) {
    void (*const ways[WAYS])(void *) = {by_loops, by_openblas, by_common};
    p.w = mat_new(SIDE, SIDE);
    mat_fill(p.w, .5f);
    p.paper_w = paper_of(p.w);
    for (int i = 0; i < POINTS; i++) {
        p.y = mat_new(1 << i, SIDE), p.x = mat_rows(p.w, 0, 1 << i);
        p.paper_y = paper_of(p.y), p.paper_x = paper_of(p.x);
        for (int way = 0; way < WAYS; way++)
            speed[way][i] = (float)(2e-9 * p.x.rows * SIDE * SIDE / time_runs(TIMES, ways[way], &p).fastest);
        mat_free(&p.y), paper_free(&p.paper_y), paper_free(&p.paper_x);
    }
    mat_free(&p.w), paper_free(&p.paper_w);
}

void draw_products(const Choices *ask, void (*told)(Paper y, Paper x, Paper w)) {
    static float rows[POINTS], speed[WAYS][POINTS];
    static const char *const names[] = {"told", "OpenBLAS", "common"};
    measure_products((Product){.told = told}, speed);
    for (int i = 0; i < POINTS; i++) rows[i] = (float)(1 << i);
    const Curve curves[] = {{"told, in plain loops", rows, speed[0], POINTS, true},
                            {"OpenBLAS", rows, speed[1], POINTS, false},
                            {"common/math/rows", rows, speed[2], POINTS, false}};
    for (int i = 0; i < POINTS && ask->show.terminal; i += 4)
        print_point(text_format("billions a second, %d rows of %d times %d of %d", 1 << i, SIDE, SIDE, SIDE), curves,
                    names, WAYS, i);
    curves_draw(
        show_sheet(&ask->show, "products", "One product, three ways", "n rows times the transpose of 512 x 512"),
        curves, WAYS,
        (CurvesOptions){.x_axis = "rows n", .y_axis = "billion operations a second", .log_x = true, .log_y = true});
}

void draw_memory(const Choices *ask) {
    static float tokens[SIZES], maps[SIZES], scratch[SIZES], vectors[SIZES];
    for (int i = 0; i < SIZES; i++) {
        int n = SHORTEST << i;
        MaskCost cost = mask_cost((Mask){0}, n, HEADS, WIDTH);
        tokens[i] = (float)n;
        maps[i] = (float)(cost.maps_bytes / 1e6), scratch[i] = (float)(cost.scratch_bytes / 1e6);
        vectors[i] = (float)(4.0 * n * HEADS * WIDTH * sizeof(float) / 1e6);
    }
    static const char *const names[] = {"maps (plain)", "streaming", "q, k, v, out"};
    const Curve curves[] = {{"maps, kept by the plain pass", tokens, maps, SIZES, true},
                            {"scratch of the streaming pass, any mask", tokens, scratch, SIZES, false},
                            {"q, k, v and out themselves", tokens, vectors, SIZES, false}};
    if (ask->show.terminal)
        print_point(text_format("megabytes at %d tokens, %d heads of %d", SHORTEST << (SIZES - 1), HEADS, WIDTH),
                    curves, names, 3, SIZES - 1);
    curves_draw(show_sheet(&ask->show, "memory", "Memory of one attention pass", "2 heads of 64, one thread"), curves,
                3, (CurvesOptions){.x_axis = "tokens", .y_axis = "megabytes", .log_x = true, .log_y = true});
}
