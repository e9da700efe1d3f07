/* Time and memory against the number of tokens, and one product as loops, OpenBLAS and common/ compute it. Times are
 * this machine's, so they are drawn and never printed. */
#include "attention/mask_cost.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "math/rows.h"
#include "show/curves.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

enum { SHORTEST = 256, SIZES = 7, HEADS = 2, WIDTH = 64, WINDOW = 64, TIMES = 5 }; /* 256 .. 16,384 tokens */
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
static double fastest(const Choices *a, const Kind *kind, int n, Workers *workers) {
    Choices shape = *a;
    shape.heads = HEADS, shape.head_width = WIDTH;
    Run run = run_new(&shape, n, kind->mask, kind->keep_maps, workers);
    double best = INFINITY;
    for (int i = 0; i < TIMES; i++) {
        double start = clock_seconds();
        run_once(&run);
        best = fmin(best, clock_seconds() - start);
    }
    run_free(&run);
    return best;
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

void draw_times(const Choices *a, Workers *workers) {
    static float tokens[SIZES], milliseconds[KIND_COUNT][SIZES];
    Curve curves[KIND_COUNT];
    Progress progress = progress_begin("timing", KIND_COUNT);
    for (int i = 0; i < KIND_COUNT; i++) {
        int done = 0;
        for (double seconds = 0; done < SIZES && seconds < LONGEST; done++) {
            seconds = fastest(a, &KINDS[i], SHORTEST << done, workers);
            tokens[done] = (float)(SHORTEST << done), milliseconds[i][done] = (float)(seconds * 1e3);
        }
        curves[i] = (Curve){KINDS[i].name, tokens, milliseconds[i], done, KINDS[i].keep_maps};
        progress_step(&progress, (size_t)i + 1);
    }
    progress_end(&progress);
    if (a->show.terminal) {
        print_times(curves);
        return;
    }
    Sheet sheet =
        show_sheet(&a->show, "time", "Time of one attention pass", "2 heads of 64; both axes in powers of ten");
    curves_draw(sheet, curves, KIND_COUNT,
                (CurvesOptions){.x_axis = "tokens", .y_axis = "milliseconds", .log_x = true, .log_y = true});
}

/* ---- one product, three ways ---- */

enum { POINTS = 9, WAYS = 3, SIDE = 512 }; /* 1 .. 256 rows */

static void product_by_openblas(Mat y, Mat x, Mat w) {
    mat_mul_nt(y, 1, x, w, 0);
}

static void product_of_common(Mat y, Mat x, Mat w) {
    rows_times_weights(y, x, w, NULL, 0, w.rows);
}

/* Billions of multiplications and additions a second, the fastest of a few runs on one thread. */
static void measure_products(Product told, float speed[WAYS][POINTS]) {
    const Product ways[WAYS] = {told, product_by_openblas, product_of_common};
    Mat w = mat_new(SIDE, SIDE);
    mat_fill(w, .5f);
    for (int i = 0; i < POINTS; i++) {
        Mat x = mat_new(1 << i, SIDE), y = mat_new(1 << i, SIDE);
        mat_fill(x, .5f);
        for (int way = 0; way < WAYS; way++) {
            double best = INFINITY;
            for (int run = 0; run < TIMES; run++) {
                double start = clock_seconds();
                ways[way](y, x, w);
                best = fmin(best, clock_seconds() - start);
            }
            speed[way][i] = (float)(2e-9 * x.rows * SIDE * SIDE / best);
        }
        mat_free(&x), mat_free(&y);
    }
    mat_free(&w);
}

void draw_products(const Choices *a, Product told) {
    static float rows[POINTS], speed[WAYS][POINTS];
    static const char *const names[] = {"told", "OpenBLAS", "common"};
    measure_products(told, speed);
    for (int i = 0; i < POINTS; i++) rows[i] = (float)(1 << i);
    const Curve curves[] = {{"told, in plain loops", rows, speed[0], POINTS, true},
                            {"OpenBLAS", rows, speed[1], POINTS, false},
                            {"common/math/rows", rows, speed[2], POINTS, false}};
    if (a->show.terminal) {
        for (int i = 0; i < POINTS; i += 4)
            print_point(text_format("billions a second, %d rows of %d times %d of %d", 1 << i, SIDE, SIDE, SIDE),
                        curves, names, WAYS, i);
        return;
    }
    Sheet sheet =
        show_sheet(&a->show, "products", "One product, three ways", "n rows times the transpose of 512 x 512");
    curves_draw(
        sheet, curves, WAYS,
        (CurvesOptions){.x_axis = "rows n", .y_axis = "billion operations a second", .log_x = true, .log_y = true});
}

void draw_memory(const Choices *a) {
    static float tokens[SIZES], maps[SIZES], scratch[SIZES], vectors[SIZES];
    for (int i = 0; i < SIZES; i++) {
        int n = SHORTEST << i;
        MaskCost cost = mask_cost((Mask){0}, n, HEADS, WIDTH);
        tokens[i] = (float)n;
        maps[i] = (float)(cost.maps_bytes / 1e6), scratch[i] = (float)(cost.scratch_bytes / 1e6);
        vectors[i] = (float)(4.0 * n * HEADS * WIDTH * sizeof(float) / 1e6);
    }
    if (a->show.terminal) {
        static const char *const names[] = {"maps (plain)", "streaming", "q, k, v, out"};
        const float megabytes[] = {maps[SIZES - 1], scratch[SIZES - 1], vectors[SIZES - 1]};
        char *title = text_format("megabytes at %d tokens, %d heads of %d", SHORTEST << (SIZES - 1), HEADS, WIDTH);
        terminal_bars(terminal_of(stdout), title, names, megabytes, 3, 0);
        memory_free(title);
        return;
    }
    const Curve curves[] = {{"maps, kept by the plain pass", tokens, maps, SIZES, true},
                            {"scratch of the streaming pass, any mask", tokens, scratch, SIZES, false},
                            {"q, k, v and out themselves", tokens, vectors, SIZES, false}};
    Sheet sheet = show_sheet(&a->show, "memory", "Memory of one attention pass", "2 heads of 64, one thread");
    curves_draw(sheet, curves, 3,
                (CurvesOptions){.x_axis = "tokens", .y_axis = "megabytes", .log_x = true, .log_y = true});
}
