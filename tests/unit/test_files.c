/* base/files: whole reads, maps that answer a shrinking file in one clear line, folders. */
#include "expect.h"
#include "base/files.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* ---- reading ---- */

static void read_it(void *context) {
    Bytes bytes = file_read(context);
    bytes_free(&bytes);
}

static void test_read(void **state) {
    (void)state;
    write_test_file(test_path("a"), "x\0y", 3);
    Bytes bytes = file_read(test_path("a"));
    assert_int_equal(bytes.size, 3);
    assert_memory_equal(bytes.data, "x\0y\0", 4);
    bytes_free(&bytes);
    bytes_free(&bytes);
    write_test_text(test_path("a"), "");
    expect_file(test_path("a"), "");

    size_t size = 3000001;
    char *large = memory_new(size, 1, "a test");
    for (size_t i = 0; i < size; i++) large[i] = (char)(i % 251);
    write_test_file(test_path("a"), large, size);
    bytes = file_read(test_path("a"));
    assert_int_equal(bytes.size, size);
    assert_memory_equal(bytes.data, large, size);
    assert_int_equal(bytes.data[size], 0);
    bytes_free(&bytes);
    memory_free(large);
}

static void test_read_failures(void **state) {
    (void)state;
    int before = open_descriptors();
    expect_failure(EXIT_ENVIRONMENT, "nothing-here: No such file", read_it, "/nothing-here");
    expect_failure(EXIT_ENVIRONMENT, "/tmp: Is a directory", read_it, "/tmp");
    expect_failure(EXIT_ENVIRONMENT, "No such file", read_it, "");
    write_test_text(test_path("a"), "x");
    memory_fail_at(1);
    expect_failure(EXIT_ENVIRONMENT, "out of memory", read_it, (void *)(size_t)test_path("a"));
    assert_int_equal(open_descriptors(), before);
}

static void test_read_file_without_size(void **state) {
    (void)state;
    if (access("/proc/self/maps", R_OK) != 0) skip();
    Bytes bytes = file_read("/proc/self/maps"); /* says that its size is 0 */
    assert_true(bytes.size > 100);
    bytes_free(&bytes);
}

static void test_read_pipe(void **state) {
    (void)state;
    const char *path = test_path("pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    pid_t writer = fork();
    if (writer == 0) {
        int file = open(path, O_WRONLY);
        for (int i = 0; i < 3000; i++)
            if (write(file, "0123456789", 10) != 10) _exit(1);
        _exit(0);
    }
    Bytes bytes = file_read(path);
    assert_int_equal(bytes.size, 30000);
    bytes_free(&bytes);
    waitpid(writer, NULL, 0);
    unlink(path);
}

static void test_stream_read(void **state) {
    (void)state;
    write_test_text(test_path("a"), "some text");
    FILE *stream = fopen(test_path("a"), "rb");
    assert_non_null(stream);
    Bytes bytes = stream_read(stream, "a stream");
    assert_string_equal(bytes.data, "some text");
    assert_int_equal(bytes.size, 9);
    bytes_free(&bytes);
    bytes = stream_read(stream, "a stream");
    assert_int_equal(bytes.size, 0);
    assert_string_equal(bytes.data, "");
    bytes_free(&bytes);
    fclose(stream);
}

static void test_exists(void **state) {
    (void)state;
    write_test_text(test_path("a"), "");
    assert_true(file_exists(test_path("a")));
    assert_false(file_exists(test_folder));
    assert_false(file_exists("/nothing-here"));
    assert_false(file_exists("/dev/null"));
    assert_true(folder_exists(test_folder));
    assert_false(folder_exists(test_path("a")));
}

static void test_path_join(void **state) {
    (void)state;
    const char *cases[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"}, {"", "b", "/b"}};
    for (size_t i = 0; i < 4; i++) {
        char *path = path_join(cases[i][0], cases[i][1]);
        assert_string_equal(path, cases[i][2]);
        memory_free(path);
    }
}

/* ---- mapping ---- */

static void map_it(void *context) {
    FileMap map = file_map(context);
    file_unmap(&map);
}

static void test_map(void **state) {
    (void)state;
    int before = open_descriptors();
    write_test_text(test_path("a"), "mapped");
    FileMap map = file_map(test_path("a"));
    assert_int_equal(map.size, 6);
    assert_memory_equal(map.data, "mapped", 6);
    assert_string_equal(map.path, test_path("a"));
    assert_int_equal(open_descriptors(), before);
    file_unmap(&map);
    file_unmap(&map);
    write_test_text(test_path("a"), "");
    map = file_map(test_path("a"));
    assert_int_equal(map.size, 0);
    assert_null(map.data);
    file_unmap(&map);
    expect_failure(EXIT_ENVIRONMENT, "/tmp: Is a directory", map_it, "/tmp");
    expect_failure(EXIT_ENVIRONMENT, "/dev/null: not a regular file", map_it, "/dev/null");
    expect_failure(EXIT_ENVIRONMENT, "nothing-here: No such file", map_it, "/nothing-here");
    assert_int_equal(open_descriptors(), before);
}

/* ---- folders ---- */

static void make_it(void *context) {
    folder_make(context);
}

static void test_folder_make(void **state) {
    (void)state;
    int files = count_test_files();
    folder_make(test_path("x/y//z/"));
    assert_true(folder_exists(test_path("x/y/z")));
    folder_make(test_path("x/y"));
    assert_int_equal(count_test_files(), files + 1);
    write_test_text(test_path("file"), "");
    expect_failure(EXIT_ENVIRONMENT, "/file: is a file, not a folder", make_it, (void *)(size_t)test_path("file"));
    expect_failure(EXIT_ENVIRONMENT, "/file: is a file, not a folder", make_it,
                   (void *)(size_t)test_path("file/inside"));
    expect_failure(EXIT_ENVIRONMENT, "cannot be made", make_it, "");
    expect_failure(EXIT_ENVIRONMENT, "/proc/nothing: cannot be made", make_it, "/proc/nothing/here");
}

static void make_as_nobody(void *context) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(98);
    folder_make(context);
}

static void test_folder_read_only(void **state) {
    (void)state;
    const char *paths[] = {"shut", "shut/deeper/still"},
               *messages[] = {"shut: cannot be written to: Permission denied",
                              "shut/deeper: cannot be made: Permission denied"};
    assert_int_equal(mkdir(test_path("shut"), 0755), 0);
    assert_int_equal(chmod(test_path("shut"), 0555), 0);
    assert_int_equal(chmod(test_folder, 0755), 0);
    for (size_t i = 0; i < 2; i++) {
        Child child = run_child(make_as_nobody, (void *)(size_t)test_path(paths[i]), NULL);
        assert_int_equal(child.code, EXIT_ENVIRONMENT);
        if (!strstr(child.err, messages[i])) wrong("%s", child.err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_read_failures),
        cmocka_unit_test(test_read_file_without_size),
        cmocka_unit_test(test_read_pipe),
        cmocka_unit_test(test_stream_read),
        cmocka_unit_test(test_exists),
        cmocka_unit_test(test_path_join),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_folder_make),
        cmocka_unit_test(test_folder_read_only),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
