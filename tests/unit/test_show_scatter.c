/* show/scatter, drawn by gnuplot and looked at: points where they belong, hues, markers, and names of any kind. */
#include "show.h"
#include "show/colour.h"
#include "show/scatter.h"

#include <math.h>

static Mat points_of(int count, float *xy) {
    return (Mat){xy, count, 2, 2};
}

/* The numbers of `set xrange [a:b]`. */
static void range_in(const char *script, const char *axis, double *low, double *high) {
    char words[32];
    snprintf(words, sizeof words, "set %srange [", axis);
    const char *at = strstr(script, words);
    assert_non_null(at);
    assert_int_equal(sscanf(at + strlen(words), "%lf:%lf", low, high), 2);
}

/* One unit is as many pixels across as upwards, and everything is inside. */
static void distances_are_true(void **state) {
    (void)state;
    need_gnuplot();
    float xy[] = {-3, 0, 5, 1, 1, 2.5f};
    static const char *const names[] = {"first", "second", "third"}, *const hues[] = {"layer 0", "layer 1"};
    static const char *const markers[] = {"none", "next"};
    static const int hue[] = {0, 1, 1}, marker[] = {0, 1, 0};
    scatter_draw(test_sheet("points", "svg"), points_of(3, xy),
                 (ScatterOptions){names, hue, hues, 2, marker, markers, 2, "a note"});
    Bytes svg = test_svg("points"), script = test_bytes("points.gp"), data = test_bytes("points.dat");
    Axes a = axes_of("points.gp", 0);
    double left, right, low, high;
    range_in(script.data, "x", &left, &right), range_in(script.data, "y", &low, &high);
    assert_true(left < -3 && right > 5 && low < 0 && high > 2.5);
    assert_true(fabs((right - left) / (a.right - a.left) - (high - low) / (a.bottom - a.top)) < 1e-5);
    for (int i = 0; i < 3; i++) assert_int_equal(count_in(svg.data, names[i]), 1);
    assert_true(strstr(svg.data, ">layer 1<") && strstr(svg.data, "none") && strstr(svg.data, "a note"));
    char line[64];
    snprintf(line, sizeof line, "5 1 5 %u \"second\"", colour_hue(1));
    assert_non_null(strstr(data.data, line));
    bytes_free(&svg), bytes_free(&script), bytes_free(&data);
}

/* Of six names around one place four find room, the others are left out and counted; one that is alone is drawn. */
static void no_name_covers_another(void **state) {
    (void)state;
    need_gnuplot();
    float xy[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 5};
    static const char *const names[] = {"one", "two", "three", "four", "five", "six", "alone"};
    scatter_draw(test_sheet("crowd", "svg"), points_of(7, xy), (ScatterOptions){.names = names, .note = "a note"});
    Bytes svg = test_svg("crowd"), data = test_bytes("crowd.dat");
    int drawn = 0;
    for (int i = 0; i < 7; i++) {
        char shown[16];
        snprintf(shown, sizeof shown, ">%s<", names[i]);
        drawn += count_in(svg.data, shown);
        assert_non_null(strstr(data.data, names[i]));
    }
    assert_int_equal(drawn, 5);
    assert_int_equal(count_in(svg.data, ">alone<"), 1);
    assert_non_null(strstr(svg.data, "2 names have no room"));
    bytes_free(&svg), bytes_free(&data);
}

static void points_in_one_place(void **state) {
    (void)state;
    need_gnuplot();
    float xy[] = {0, 0, 0, 0};
    for (int count = 1; count <= 2; count++) {
        scatter_draw(test_sheet("points", "svg"), points_of(count, xy), (ScatterOptions){0});
        Bytes svg = test_svg("points");
        bytes_free(&svg);
    }
}

static void names_of_any_kind(void **state) {
    (void)state;
    need_gnuplot();
    float xy[2 * HOSTILE];
    for (int i = 0; i < 2 * HOSTILE; i++) xy[i] = (float)(i * i % 7);
    scatter_draw(test_sheet("names", "svg"), points_of(HOSTILE, xy),
                 (ScatterOptions){.names = hostile, .markers = hostile, .marker_count = 8, .note = hostile[0]});
    Bytes svg = test_svg("names");
    bytes_free(&svg);
    find_nothing_run();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(distances_are_true), cmocka_unit_test(points_in_one_place),
                                       cmocka_unit_test(names_of_any_kind), cmocka_unit_test(no_name_covers_another)};
    return cmocka_run_group_tests_name("show scatter", tests, make_test_folder, remove_test_folder);
}
