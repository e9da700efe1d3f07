/* view/find: patterns and types of made-up maps, by hand, and held against a real random twin. What is printed is read
 * back. */
#include "fixture.h"
#include "view/find.h"

static const char *const BERT = "tests/fixtures/models/plain";

/* A finished reading whose maps are then written over: heads that look at one place. */
typedef struct {
    Reader reader;
    Reading reading;
} Scene;

static void look(Mat map, int offset) { /* every token at the one `offset` on, else at itself */
    mat_fill(map, 0);
    for (int i = 0; i < map.rows; i++) {
        int j = i + offset >= 0 && i + offset < map.cols ? i + offset : i;
        mat_row(map, i)[j] = 1;
    }
}

static void scene_open(Scene *s, const char *text) {
    s->reader = reader_open(BERT, 1, false);
    s->reading = reading_open(&s->reader, reading_text(text), (Bytes){0}, (ReadingPlan){0});
    reading_run(&s->reading);
    Trace *t = &s->reading.trace;
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) mat_fill(trace_map(t, l, h), 1.0f / (float)t->n);
    look(trace_map(t, 0, 0), -1);
    look(trace_map(t, t->layers - 1, 1), 1);
}

static void scene_close(Scene *s) {
    reading_free(&s->reading), reader_free(&s->reader);
}

typedef struct {
    const Scene *scene;
    const char *pattern; /* NULL: the types */
    bool twin;
} Ask;

static void say(const Ask *ask) {
    const Reading *r = &ask->scene->reading;
    HeadTable table = head_table_new(r);
    Null null = ask->twin ? null_new(r, 1) : (Null){.reader = ask->scene->reader};
    if (ask->pattern) print_found(r, &table, &null, ask->pattern);
    else print_types(r, &table, &null);
    null_free(&null), head_table_free(&table);
}

/* What print_... says on standard output. */
static const char *said(char *out, size_t size, Ask ask) {
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    FILE *aside = tmpfile();
    assert_true(saved >= 0 && aside && dup2(fileno(aside), STDOUT_FILENO) >= 0);
    say(&ask);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    read_back(aside, out, size);
    return out;
}

static void holds(const char *text, const char *part) {
    if (!strstr(text, part)) wrong("no \"%s\" in:\n%s", part, text);
}

static void heads_are_ranked(void **state) {
    (void)state;
    char out[4096], row[64];
    Scene s;
    scene_open(&s, "The cat sat.");
    int n = s.reading.trace.n, last = s.reading.trace.layers - 1;
    assert_true(n >= 4);
    said(out, sizeof out, (Ask){&s, "previous", false});
    snprintf(row, sizeof row, "   1   0.0   %8.4f   previous\n", (double)(n - 1) / n);
    holds(out, row);
    said(out, sizeof out, (Ask){&s, "next", false});
    snprintf(row, sizeof row, "   1   %d.1   %8.4f   next\n", last, (double)(n - 1) / n);
    holds(out, row);
    said(out, sizeof out, (Ask){&s, "2,1 2,3 3,2", false}); /* of two rows, 0.0 gives 1 + 1, the other 1 + 0 */
    holds(out, "   1   0.0     1.0000   previous\n");
    snprintf(row, sizeof row, "   2   %d.1     0.5000   next\n", last);
    holds(out, row);
    said(out, sizeof out, (Ask){&s, "entropy", false}); /* even heads have ln n */
    snprintf(row, sizeof row, "%8.4f   broad\n", log(n));
    holds(out, row);
    scene_close(&s);
}

/* Two heads that do the same stand side by side, each once. */
static void equal_heads_are_both_named(void **state) {
    (void)state;
    char out[4096], row[96];
    Scene s;
    scene_open(&s, "The cat sat.");
    int n = s.reading.trace.n;
    look(trace_map(&s.reading.trace, 0, 1), -1);
    double share = (double)(n - 1) / n;
    snprintf(row, sizeof row, "previous         2   0.0 %.2f (+%.2f)   0.1 %.2f (+%.2f)\n", share, share, share, share);
    holds(said(out, sizeof out, (Ask){&s, NULL, false}), row);
    scene_close(&s);
}

/* The twin of a model looks at all alike: 1/n each, and never less even than even. */
static void types_leave_the_twin_behind(void **state) {
    (void)state;
    char out[4096], row[96];
    Scene s;
    scene_open(&s, "The cat sat.");
    int n = s.reading.trace.n, even = s.reading.trace.layers * s.reading.trace.heads - 2;
    said(out, sizeof out, (Ask){&s, NULL, false});
    snprintf(row, sizeof row, "broad        %5d   ", even);
    holds(out, row), holds(out, "no random twin");
    said(out, sizeof out, (Ask){&s, NULL, true});
    double share = (double)(n - 1) / n;
    snprintf(row, sizeof row, "previous         1   0.0 %.2f (+%.1f", share, share - share / n - 0.05);
    row[strlen(row) - 1] = '\0'; /* the margin's second figure is the twin's own */
    holds(out, row);
    said(out, sizeof out, (Ask){&s, "previous", true});
    holds(out, "above the random twin's most");
    scene_close(&s);
}

static void refused(void *ask) {
    say(ask);
}

static void what_is_no_pattern_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",    " ", "nothing", "1", "1,", ",1", "1,2,3", "1 2", "-1,0", "0,99", "1,x", "1, 2", "99999999999999999999,0",
        "1,2x"};
    Scene s;
    scene_open(&s, "The cat sat.");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect_failure(EXIT_USAGE, "no such pattern", refused, &(Ask){&s, bad[i], false});
    scene_close(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_ranked),
        cmocka_unit_test(equal_heads_are_both_named),
        cmocka_unit_test(types_leave_the_twin_behind),
        cmocka_unit_test(what_is_no_pattern_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
