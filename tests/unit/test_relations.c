/* view/relations: what counts as asked, what two readings are called side by side, and what needs a model. And
 * view/figures: which parts a page gets, of a model and of a file of its maps. */
#include "fixture.h"
#include "view/export.h"
#include "view/figures.h"
#include "view/relations.h"

static const char *const BERT = "tests/fixtures/models/plain", *const GUESSER = "tests/fixtures/models/bf16_mlm";

static void each_option_asks_for_one_thing(void **state) {
    (void)state;
    enum { NOTHING, ASKED, BESIDE, WRITTEN };
    const struct {
        Relations relations;
        int what;
    } cases[] = {{{0}, NOTHING},
                 {{.rollout = "f"}, WRITTEN},
                 {{.flow = "f"}, WRITTEN},
                 {{.distances = "f"}, WRITTEN},
                 {{.ablate = "all"}, ASKED},
                 {{.paths = true}, ASKED},
                 {{.head_map = true}, ASKED},
                 {{.values = true}, ASKED},
                 {{.beside_text = "a"}, BESIDE},
                 {{.beside_mask = "none"}, BESIDE},
                 {{.beside_model = "d"}, BESIDE},
                 {{.beside_twin = true}, BESIDE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Relations *r = &cases[i].relations;
        int what = cases[i].what;
        bool right = relations_asked(r) == (what == ASKED || what == BESIDE) &&
                     relations_beside(r) == (what == BESIDE) && relations_written(r) == (what == WRITTEN);
        if (!right) wrong("relations %zu are taken for something else", i);
    }
}

/* ---- told ---- */

typedef struct {
    Relations relations;
    const char *file; /* of maps; NULL: the model */
} Asked;

static void tell(void *context) {
    const Asked *asked = context;
    Study study = study_new(BERT);
    study.show.terminal = true;
    Common common = {.text = "The cat sat.", .threads = 1, .seed = 1, .out = test_folder};
    study.from = asked->file;
    Reader reader = asked->file ? reader_of_file(asked->file, 1) : reader_open(BERT, 1, false);
    Reading reading = study_reading(&study, &common, &reader, "");
    reading_run(&reading);
    relations_tell(&asked->relations, &study, &common, &reading);
    reading_free(&reading), reader_free(&reader);
}

/* A folder by its last part, whatever slashes are behind it. */
static void two_readings_have_names(void **state) {
    (void)state;
    const struct {
        Relations relations;
        const char *first, *second;
    } cases[] = {{{.beside_model = "tests/fixtures/models/relu//"}, "plain", "relu"},
                 {{.beside_twin = true}, "plain", "its random twin"},
                 {{.beside_mask = "local:2"}, "no other mask", "local:2"},
                 {{.beside_text = "The dog sat."}, "the first text", "the second text"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Child child = run_child(tell, &(Asked){cases[i].relations, NULL}, NULL);
        char first[64], second[64];
        snprintf(first, sizeof first, "beside  %s (", cases[i].first);
        snprintf(second, sizeof second, " and %s (", cases[i].second);
        if (child.code != 0 || !strstr(child.out, first) || !strstr(child.out, second))
            wrong("no %s..%s in:\n%s%s", first, second, child.out, child.err);
    }
}

/* A model's of one text; a file has its own. */
static Reading read_with(const Reader *reader) {
    Bytes text = reader->model ? reading_text("The cat sat.") : (Bytes){0};
    Reading reading = reading_open(reader, text, (Bytes){0}, (ReadingPlan){0});
    reading_run(&reading);
    return reading;
}

static const char *maps_of(const char *folder) {
    const char *path = test_path("maps");
    Reader reader = reader_open(folder, 1, false);
    Reading reading = read_with(&reader);
    reading_export(&reading, path);
    reading_free(&reading), reader_free(&reader);
    return path;
}

static void what_cannot_be_told(void **state) {
    (void)state;
    const char *maps = maps_of(BERT);
    expect_failure(EXIT_USAGE, "--beside-mask none,causal: expected one mask", tell,
                   &(Asked){{.beside_mask = "none,causal"}, NULL});
    expect_failure(EXIT_DATA, "--ablate", tell, &(Asked){{.ablate = "all"}, maps});
    expect_failure(EXIT_DATA, "--beside-text", tell, &(Asked){{.beside_text = "a"}, maps});
    expect_failure(EXIT_DATA, "--beside-mask", tell, &(Asked){{.beside_mask = "none"}, maps});
    expect_failure(EXIT_DATA, "--beside-model", tell, &(Asked){{.beside_model = BERT}, maps});
    expect_failure(EXIT_DATA, "--beside-twin", tell, &(Asked){{.beside_twin = true}, maps});
}

/* ---- figures ---- */

static void expect_figures(Reader reader, bool ablate, const char *parts) {
    Reading reading = read_with(&reader);
    String out = {0}, found = {0};
    figures_add(&out, &reading, (FiguresPlan){.ablate = ablate});
    for (const char *at = out.text; (at = strstr(at, "data-say=\"made_")) != NULL;) {
        at += strlen("data-say=\"made_");
        size_t length = strcspn(at, "\"");
        bool says = length > 5 && strncmp(at + length - 5, "_says", 5) == 0; /* each part has one */
        if (!says) string_add(&found, "%.*s ", (int)length, at);
    }
    assert_string_equal(found.text, parts);
    string_free(&out), string_free(&found);
    reading_free(&reading), reader_free(&reader);
}

static void a_page_has_what_there_is(void **state) {
    (void)state;
    expect_figures(reader_open(BERT, 1, false), false, "map map_types offsets ablation ablation_ask ");
    expect_figures(reader_open(BERT, 1, false), true, "map map_types offsets ablation ablation_moved ablation_mute ");
    expect_figures(reader_open(GUESSER, 1, false), true,
                   "map map_types offsets ablation ablation_moved ablation_guess ");
    const char *maps = maps_of(BERT);
    for (int ablate = 0; ablate < 2; ablate++)
        expect_figures(reader_of_file(maps, 1), ablate, "map map_alone offsets ablation ablation_none ");
}

/* Of the four curves of a head only that of the causal mask, the second, lies on the ground (34) right of the middle:
 * the next token (x = 34) has weight under the others, of whose windows the least is 1. */
static void the_causal_curve_has_no_future(void **state) {
    (void)state;
    static const char *const strokes[] = {"var(--quiet);stroke-width:3", "var(--accent)", "#3b8ede;", "#3aa655;"};
    Reader reader = reader_open(BERT, 1, false);
    Reading reading = read_with(&reader);
    String out = {0};
    figures_add(&out, &reading, (FiguresPlan){0});
    for (int m = 0; m < 4; m++) {
        char *begin = text_format("<path fill=\"none\" style=\"stroke:%s", strokes[m]);
        int curves = 0, grounded = 0;
        for (const char *at = out.text; (at = strstr(at, begin)) != NULL; at++, curves++) {
            const char *next = strstr(at, "L34 "), *end = strstr(at, "/>");
            assert_true(next && next < end);
            grounded += strncmp(next, "L34 34.0L", 9) == 0;
        }
        assert_int_equal(curves, reading.layers * reading.heads);
        assert_int_equal(grounded, m == 1 ? curves : 0);
        memory_free(begin);
    }
    string_free(&out), reading_free(&reading), reader_free(&reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_asks_for_one_thing),
        cmocka_unit_test(two_readings_have_names),
        cmocka_unit_test(what_cannot_be_told),
        cmocka_unit_test(a_page_has_what_there_is),
        cmocka_unit_test(the_causal_curve_has_no_future),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
