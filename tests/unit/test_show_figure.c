/* show/figure: a picture is whole or absent, whatever gnuplot and the disk do; script and data stay, so that it can be
 * drawn again. */
#include "show.h"
#include <locale.h>
#include <sys/mount.h>
#include <time.h>

typedef struct {
    Sheet sheet;
    double seconds;
} Job;

/* A line through three points. */
static void draw(void *context) {
    Job *job = context;
    Figure figure = figure_new(job->sheet, 320, 240);
    if (job->seconds > 0) figure.seconds = job->seconds;
    string_add(figure_data(&figure, ""), "0 0\n1 %d\n", 1);
    string_add(figure_data(&figure, "_more"), "0 1\n1 0\n");
    figure_add(&figure, "plot '%s.dat' with lines lw %.1f notitle, '%s_more.dat' with lines title \"'x.dat'\"\n",
               job->sheet.name, 1.5, job->sheet.name);
    figure_finish(&figure);
}

static Job job_of(const char *formats) {
    return (Job){test_sheet("fig", formats), 0};
}

static bool exists(const char *name) {
    return file_exists(test_path(name));
}

static void clean(void) {
    const char *const names[] = {"fig.gp", "fig.dat", "fig_more.dat", "fig.png", "fig.svg", "fig.pdf"};
    for (int i = 0; i < COUNT(names); i++) unlink(test_path(names[i]));
    assert_int_equal(count_test_files(), 0);
}

static void test_script(void **state) {
    (void)state;
    need_gnuplot();
    Job job = job_of("svg");
    expect_success(draw, &job);
    expect_file(test_path("fig.gp"),
                "# title: A title\n# command: build/17_bert 'a b'\n"
                "# Needs gnuplot 5.4 or newer. To draw this again, in this folder: gnuplot -d fig.gp\n\n"
                "reset\nset encoding utf8\n"
                "set terminal svg noenhanced size 320,240 font 'sans-serif,12' fontscale 1.3333 background '#ffffff'\n"
                "set output 'fig.svg'\nCELLS = 'image pixels'\n"
                "plot 'fig.dat' with lines lw 1.5 notitle, 'fig_more.dat' with lines title \"'x.dat'\"\nset output\n");
    expect_file(test_path("fig.dat"), "0 0\n1 1\n");
    assert_int_equal(count_test_files(), 4);
    Bytes svg = test_bytes("fig.svg");
    expect_xml(&svg);
    assert_non_null(strstr(svg.data, ">'x.dat'<"));
    bytes_free(&svg);
    clean();
}

static unsigned big_endian(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;
    return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void test_formats(void **state) {
    (void)state;
    need_gnuplot();
    Job job = job_of("png,svg,pdf");
    expect_success(draw, &job);
    Bytes png = test_bytes("fig.png"), pdf = test_bytes("fig.pdf");
    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(big_endian(png.data + 16), 320);
    assert_int_equal(big_endian(png.data + 20), 240);
    assert_memory_equal(pdf.data, "%PDF-", 5);
    assert_int_equal(count_test_files(), 6);
    bytes_free(&png), bytes_free(&pdf);
    clean();
    job = job_of(NULL);
    expect_success(draw, &job);
    assert_true(exists("fig.png"));
    clean();
}

static void check_formats(void *context) {
    figure_check_formats(context);
}

static void test_wrong_formats(void **state) {
    (void)state;
    char *const wrong_ones[] = {"gif", "png,", "", "png svg", "PNG", "png,svg,jpg", ",png"};
    for (int i = 0; i < COUNT(wrong_ones); i++)
        expect_failure(EXIT_USAGE, "is no format|png, svg, pdf", check_formats, wrong_ones[i]);
    expect_success(check_formats, (char[]){"pdf,svg"});
    expect_success(check_formats, NULL);
}

/* What we drew and what `gnuplot -d fig.gp` in the folder draws are the same bytes. */
static void test_drawn_again(void **state) {
    (void)state;
    need_gnuplot();
    Job job = job_of("png,svg");
    expect_success(draw, &job);
    Bytes png = test_bytes("fig.png"), svg = test_bytes("fig.svg");
    unlink(test_path("fig.png")), unlink(test_path("fig.svg"));
    const char *const again[] = {"gnuplot", "-d", "fig.gp", NULL};
    Process process = process_run(test_folder, again, STDERR_FILENO, 60);
    assert_int_equal(process.code, 0);
    assert_string_equal(process.said.text, "");
    Bytes png_again = test_bytes("fig.png"), svg_again = test_bytes("fig.svg");
    assert_int_equal(png.size, png_again.size);
    assert_memory_equal(png.data, png_again.data, png.size);
    assert_string_equal(svg.data, svg_again.data);
    process_free(&process);
    bytes_free(&png), bytes_free(&svg), bytes_free(&png_again), bytes_free(&svg_again);
    clean();
}

static void test_locale(void **state) {
    (void)state;
    const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    bool found = false;
    for (int i = 0; i < COUNT(commas) && !found; i++) found = setlocale(LC_ALL, commas[i]) != NULL;
    if (!found) skip();
    Figure figure = figure_new(test_sheet("fig", "svg"), 320, 240);
    figure_add(&figure, "%.1f %g", 1.5, 2.25);
    assert_string_equal(figure.body.text, "1.5 2.25");
    setlocale(LC_ALL, "C");
    string_free(&figure.body);
}

/* ---- what goes wrong ---- */

static void test_missing_gnuplot(void **state) {
    (void)state;
    char *path = text_copy(getenv("PATH"), strlen(getenv("PATH")));
    Job job = job_of("png");
    setenv("PATH", "/nonexistent", 1);
    expect_failure(EXIT_ENVIRONMENT,
                   "gnuplot is not installed|fig was not drawn|apt install gnuplot-nox|gnuplot -d fig.gp", draw, &job);
    setenv("PATH", path, 1);
    memory_free(path);
    assert_true(exists("fig.gp") && exists("fig.dat") && exists("fig_more.dat"));
    assert_int_equal(count_test_files(), 3);
    expect_in_file("fig.gp", "set output 'fig.png'");
    clean();
}

/* The old picture stays, nothing else is left, and the message is gnuplot's with the script's real name. */
static void expect_refused(const char *script, const char *formats, double seconds, const char *parts) {
    Job job = job_of(formats);
    job.seconds = seconds;
    write_test_text(test_path("fig.png"), "an old picture");
    false_gnuplot(script);
    int descriptors = open_descriptors();
    expect_failure(EXIT_ENVIRONMENT, parts, draw, &job);
    assert_int_equal(open_descriptors(), descriptors);
    real_gnuplot_again();
    expect_file(test_path("fig.png"), "an old picture");
    assert_true(exists("fig.gp") && exists("fig.dat"));
    assert_int_equal(count_test_files(), 4);
    clean();
}

static void test_failing_gnuplot(void **state) {
    (void)state;
    /* Only the script with the figure fails: the question for the terminal ("-e") is answered. */
    const char *fails =
        "[ \"$2\" = -e ] && exit 0; echo; echo \"\\\"$2\\\" line 9: all points undefined!\" >&2; echo >&2; exit 1";
    expect_refused(fails, "png", 0,
                   "fig: gnuplot failed: \"fig.gp\" line 9: all points undefined!. Try: cd |gnuplot -d fig.gp");
    expect_refused("[ \"$2\" = -e ] && exit 0; exit 3", "png", 0, "it gave no reason");
    expect_refused("kill -SEGV $$", "png", 0, "it was ended by signal 11");
    expect_refused("echo 'a\033[31mb' >&2; exit 1", "svg", 0, "a\\x1b[31mb"); /* error.c makes it visible */
}

static void test_torn_pictures(void **state) {
    (void)state;
    /* Like a full disk: half a picture, exit code 0. */
    const char *torn =
        "name=$(sed -n \"s/^set output '\\(.*\\)'/\\1/p\" \"$2\"); for n in $name; do printf '%s' \"$TORN\" > $n; done";
    const char *const halves[][2] = {
        {"png", "\x89PNG half IEND"}, {"png", ""}, {"svg", "<svg><g></g>"}, {"pdf", "%PDF-1.5 half"}};
    for (int i = 0; i < COUNT(halves); i++) {
        setenv("TORN", halves[i][1], 1);
        expect_refused(torn, halves[i][0], 0, "the picture is not whole");
    }
    expect_refused("exit 0", "png", 0, "the picture is not whole");
    setenv("TORN", "<svg></svg>\n", 1);
    expect_refused(torn, "svg,pdf", 0, "the picture is not whole"); /* the svg is, the pdf is not: neither is kept */
    unsetenv("TORN");
}

static void test_slow_gnuplot(void **state) {
    (void)state;
    expect_refused("sleep 20", "png", 0.3, "took longer than 0.3 seconds and was stopped");
    expect_refused("exec 2>&-; sleep 20", "png", 0.3, "took longer than 0.3 seconds and was stopped");
}

/* Without pngcairo the PNG comes from gd; without both there is an svg; a wrong script is not a missing terminal. */
static void test_missing_terminals(void **state) {
    (void)state;
    need_gnuplot();
    const char *real =
        "PATH=${PATH#*:}; for w in $MISSING; do if [ \"$2\" = -e ]; then case \"$3\" in *\" $w\") exit 1;; esac; "
        "elif grep -q \"^set terminal $w \" \"$2\"; then echo 'unknown terminal' >&2; exit 1; fi; done; exec gnuplot "
        "\"$@\"";
    static const struct {
        const char *missing, *formats, *drawn, *terminal;
        int files;
    } cases[] = {{"pngcairo", "png", "fig.png", "set terminal png ", 4},
                 {"pngcairo png", "png", "fig.svg", "set terminal svg ", 4},
                 {"pngcairo png", "svg,png", "fig.svg", "set terminal svg ", 4},
                 {"", "png", "fig.png", "set terminal pngcairo ", 4}};
    for (int i = 0; i < COUNT(cases); i++) {
        Job job = job_of(cases[i].formats);
        setenv("MISSING", cases[i].missing, 1);
        false_gnuplot(real);
        expect_success(draw, &job);
        real_gnuplot_again();
        assert_true(exists(cases[i].drawn));
        expect_in_file("fig.gp", cases[i].terminal);
        assert_int_equal(count_test_files(), cases[i].files);
        clean();
    }
    unsetenv("MISSING");
}

static void test_folders(void **state) {
    (void)state;
    Job job = job_of("svg");
    write_test_text(test_path("file"), "x");
    char *inside = text_format("%s/file/out", test_folder);
    job.sheet.folder = inside;
    expect_failure(EXIT_ENVIRONMENT, "/file: is a file, not a folder", draw, &job);
    memory_free(inside);
    unlink(test_path("file"));
    if (have_program("gnuplot")) {
        char *deep = text_format("%s/a/b c", test_folder);
        job.sheet.folder = deep;
        expect_success(draw, &job);
        assert_true(exists("a/b c/fig.svg"));
        const char *const names[] = {"fig.svg", "fig.gp", "fig.dat", "fig_more.dat"};
        for (int i = 0; i < COUNT(names); i++) {
            char *path = path_join(deep, names[i]);
            unlink(path);
            memory_free(path);
        }
        rmdir(deep);
        rmdir(test_path("a"));
        memory_free(deep);
    }
    if (geteuid() == 0) return; /* root writes everywhere */
    chmod(test_folder, 0555);
    job.sheet.folder = test_folder;
    expect_failure(EXIT_ENVIRONMENT, "cannot be written", draw, &job);
    chmod(test_folder, 0755);
}

/* When a test ended early, its disk is still mounted. */
static int let_go(void **state) {
#ifdef __linux__
    umount2(test_path("disk"), MNT_DETACH);
#endif
    return remove_test_folder(state);
}

/* A file system with room for the script and its data, and not for the picture. */
static void test_full_disk(void **state) {
    (void)state;
    need_gnuplot();
    char disk[600]; /* test_path's own is used again before the end */
    snprintf(disk, sizeof disk, "%s", test_path("disk"));
    assert_int_equal(mkdir(disk, 0777), 0);
#ifdef __linux__
    if (mount("none", disk, "tmpfs", 0, "size=16k") != 0) {
        rmdir(disk);
        skip();
    }
    const char *const formats[] = {"png", "svg", "pdf", "png,svg,pdf"};
    for (int i = 0; i < COUNT(formats); i++) {
        Job job = job_of(formats[i]);
        job.sheet.folder = disk;
        expect_failure(EXIT_ENVIRONMENT, "No space left on device", draw, &job);
        const char *const kept[] = {"disk/fig.gp", "disk/fig.dat", "disk/fig_more.dat"};
        for (int k = 0; k < COUNT(kept); k++) assert_int_equal(unlink(test_path(kept[k])), 0);
        assert_int_equal(count_entries(disk), 0); /* no picture, and nothing of what was written aside */
    }
    assert_int_equal(umount(disk), 0);
#endif
    assert_int_equal(rmdir(disk), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_script),          cmocka_unit_test(test_formats),
        cmocka_unit_test(test_wrong_formats),   cmocka_unit_test(test_drawn_again),
        cmocka_unit_test(test_locale),          cmocka_unit_test(test_missing_gnuplot),
        cmocka_unit_test(test_failing_gnuplot), cmocka_unit_test(test_torn_pictures),
        cmocka_unit_test(test_slow_gnuplot),    cmocka_unit_test(test_missing_terminals),
        cmocka_unit_test(test_folders),         cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, make_test_folder, let_go);
}
