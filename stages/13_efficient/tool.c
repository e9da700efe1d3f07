/* Stage 13 as a tool: the command line; and one attention run, made of random numbers, timed, and written to a file for
 * whoever wants to check it. */
#include "tool.h"
#include "attention/attention.h"
#include "attention/banded.h"
#include "attention/streaming.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/progress.h"
#include "base/room.h"
#include "math/init.h"
#include "weights/safetensors.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .mask = mask_options_new(MASK_LOCAL),
                 .tokens = 320,
                 .heads = 4,
                 .head_width = 32,
                 .how = STREAMING};
    Options list = {0};
    option_heading(&list, "the work");
    option_int(&list, "tokens", "N", &a.tokens, 1, INT_MAX / 4096, "how many (default 320)");
    option_int(&list, "heads", "H", &a.heads, 1, 64, "how many (default 4)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in each head (default 32)");
    option_choice(&list, "how", "streaming|plain", &a.how, "for --time and --export: without maps, or keeping them");
    option_output(&list, "export", "FILE", &a.export, "q, k, v and out (heads, n, d) as safetensors");
    mask_options_add(&list, &a.mask);
    show_options_add(&list, &a.show);
    Program program = {"13_efficient", "the same attention with less work: tiles, streaming softmax, few rows",
                       "  13_efficient\n"
                       "  13_efficient --mask local --window 128 --tokens 16384 --heads 8 --head-width 64 --time 10\n"
                       "  13_efficient --mask causal --tokens 4096 --how plain --time 3\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.common.text || a.common.file)
        fail(EXIT_USAGE, "this stage works on random numbers (expected no TEXT). Try: --tokens");
    if ((long long)a.heads * a.head_width > 4096)
        fail(EXIT_USAGE, "--heads %d of --head-width %d are %d numbers a token (expected at most 4096)", a.heads,
             a.head_width, a.heads * a.head_width);
    show_options_ready(&a.show, &a.common, argc, argv, !a.common.time && !a.export);
    return a;
}

/* ---- where the time goes ---- */

/* Multiply-adds count as two. Four matrices of C x C (queries, keys, values, output) act on n rows: 8 n C^2. Scores and
 * mixtures touch each pair of words: 4 n^2 C. The softmax takes one exponential a pair and head, and a plain pass keeps
 * its maps: 4 bytes for each of them. */
void tell_where(int heads, int width) {
    printf("one layer's attention, %d head%s, width %d: operations and exponentials in millions, maps in megabytes\n",
           heads, PLURAL(heads), width);
    printf("  %7s %12s %12s %8s %12s %10s\n", "tokens", "8 n C^2", "4 n^2 C", "share", "exp: H n^2", "maps");
    for (int n = width / 8 > 1 ? width / 8 : 1; n <= 32 * width; n *= 4) {
        double rows = 8.0 * n * width * width, pairs = 4.0 * n * n * width;
        double cells = (double)heads * n * n;
        printf("  %7d %12.1f %12.1f %7.1f%% %12.3f %10.3f\n", n, rows / 1e6, pairs / 1e6, 100 * pairs / (rows + pairs),
               cells / 1e6, cells * sizeof(float) / 1e6);
    }
    printf("  half and half at n = 2C = %d\n", 2 * width);
}

/* ---- tiles ---- */

void tell_tiles(const NamedMask *own, int n, Tiles (*told)(Mask mask, int n)) {
    const struct {
        const char *title;
        Mask mask;
    } rows[] = {{"none", {0}},
                {"causal", {.causal = true}},
                {"sliding, window 32", {.causal = true, .window = 32}},
                {"global-local, 16 and 2", {.window = 17, .global = 2}},
                {own->title, own->rule}};
    printf("%d x %d cells in tiles of %d x %d\n", n, n, TILE_KEYS, TILE_KEYS);
    int width = strlen(own->title) > 28 ? (int)strlen(own->title) : 28;
    printf("  %-*s %8s %6s %6s %6s %8s\n", width, "mask", "allowed", "full", "edge", "none", "computed");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Tiles t = told(rows[i].mask, n);
        printf("  %-*s %8lld %6lld %6lld %6lld %8lld\n", width, rows[i].title, t.allowed, t.full, t.edge, t.none,
               t.computed);
    }
}

/* ---- random numbers, and one run on them ---- */

Paper random_paper(Rng *rng, int rows, int cols) {
    Mat m = init_normal_new(rng, rows, cols);
    Paper paper = paper_of(m);
    mat_free(&m);
    return paper;
}

/* More than the machine's memory: some systems promise it all the same, and end the program when it is written to. */
static void check_room(const Choices *a, int n, bool keep_maps) {
    double bytes = 4.0 * n * a->heads * a->head_width * sizeof(float);
    double most = room_there();
    if (keep_maps) bytes += (double)a->heads * n * n * sizeof(float);
    if (bytes > most)
        fail(EXIT_USAGE, "--tokens %d: q, k, v, out%s take %.0f GB (expected at most %.0f, this machine's). Try: %s", n,
             keep_maps ? " and the maps" : "", bytes / 1e9, most / 1e9,
             keep_maps ? "--how streaming, or fewer tokens" : "fewer tokens");
}

Run run_new(const Choices *a, int n, Mask mask, bool keep_maps, Workers *workers) {
    int width = a->heads * a->head_width; /* the options keep both below 2^12 */
    check_room(a, n, keep_maps);
    Run run = {.heads = a->heads, .mask = mask, .workers = workers};
    if (keep_maps) run.maps = mat_new(a->heads * n, n);
    Rng rng = rng_seed(a->common.seed);
    run.q = init_normal_new(&rng, n, width), run.k = init_normal_new(&rng, n, width);
    run.v = init_normal_new(&rng, n, width), run.out = mat_new(n, width);
    return run;
}

void run_once(void *context) {
    Run *r = context;
    if (r->maps.data)
        attention_forward_with(r->workers, attention_of(r->q, r->k, r->v, r->heads, r->mask), r->out, r->maps);
    else attention_streaming(r->workers, attention_of(r->q, r->k, r->v, r->heads, r->mask), r->out);
}

void run_free(Run *r) {
    mat_free(&r->q), mat_free(&r->k), mat_free(&r->v), mat_free(&r->out), mat_free(&r->maps);
}

/* ---- the time ---- */

static void report_time(int runs, Run *run) {
    Times t = time_runs(runs, run_once, run);
    printf("%.2f %.2f  %.1f tokens/s, peak memory %.1f MB\n", t.median * 1e3, t.fastest * 1e3, run->q.rows / t.median,
           room_most_used() / 1e6);
}

/* ---- the file ---- */

/* (n, heads * d) -> heads blocks of (n, d), which you free. */
static float *by_heads(Mat m, int heads) {
    int d = m.cols / heads;
    float *copy = memory_new((size_t)m.rows * (size_t)m.cols, sizeof *copy, "the tensors of the export");
    for (int h = 0; h < heads; h++)
        for (int i = 0; i < m.rows; i++)
            memcpy(copy + ((size_t)h * (size_t)m.rows + (size_t)i) * (size_t)d, mat_row(m, i) + (ptrdiff_t)h * d,
                   (size_t)d * sizeof *copy);
    return copy;
}

static void export_run(const char *path, const Run *run) {
    static const char *const names[] = {"q", "k", "v", "out"};
    const Mat mats[] = {run->q, run->k, run->v, run->out};
    float *copies[4];
    TensorOut tensors[4];
    for (int i = 0; i < 4; i++) {
        copies[i] = by_heads(mats[i], run->heads);
        tensors[i] =
            (TensorOut){.name = names[i],
                        .type = TYPE_F32,
                        .shape = {(size_t)run->heads, (size_t)mats[i].rows, (size_t)(mats[i].cols / run->heads)},
                        .axes = 3,
                        .data = copies[i]};
    }
    safetensors_write(path, tensors, 4);
    for (int i = 0; i < 4; i++) memory_free(copies[i]);
}

bool answered(const Choices *a, Mask mask, Workers *workers) {
    enum { LONGEST = 1024 }; /* plain loops take seconds beyond it, and prove no more */
    if (!a->common.time && !a->export) {
        if (a->tokens > LONGEST)
            fail(EXIT_USAGE, "--tokens %d: the lesson tells everything in loops (expected at most %d). Try: --time 5",
                 a->tokens, LONGEST);
        return false;
    }
    Run run = run_new(a, a->tokens, mask, a->how == PLAIN, workers);
    if (a->common.time) report_time(a->common.time, &run);
    else run_once(&run);
    if (a->export) export_run(a->export, &run);
    run_free(&run);
    return true;
}
