/* base/files: a file is the old one or the new one, whatever goes wrong on the way. */
#include "expect.h"
#include "base/files.h"
#include <sys/resource.h>

/* ---- writing ---- */

static void test_write(void **state) {
    (void)state;
    int before = open_descriptors();
    const char *path = test_path("out.txt");
    write_test_text(path, "old");
    int files = count_test_files();
    FileWriter writer = file_create(path);
    file_write(&writer, "new ", 4);
    expect_file(path, "old");
    file_write(&writer, "text", 4);
    file_write(&writer, NULL, 0);
    file_commit(&writer);
    expect_file(path, "new text");
    assert_null(writer.stream);
    assert_int_equal(count_test_files(), files);
    assert_int_equal(open_descriptors(), before);
}

static void test_write_here(void **state) {
    (void)state;
    char old[1024];
    assert_non_null(getcwd(old, sizeof old));
    assert_int_equal(chdir(test_folder), 0);
    FileWriter writer = file_create("plain-name");
    file_write(&writer, "x", 1);
    file_commit(&writer);
    expect_file("plain-name", "x");
    assert_int_equal(chdir(old), 0);
}

static void test_write_twice_at_once(void **state) {
    (void)state;
    const char *path = test_path("both");
    FileWriter first = file_create(path), second = file_create(path);
    for (int i = 0; i < 1000; i++) {
        file_write(&first, "1111111111", 10);
        file_write(&second, "2222222222", 10);
    }
    file_commit(&second);
    Bytes bytes = file_read(path);
    assert_int_equal(bytes.size, 10000);
    assert_null(strchr(bytes.data, '1'));
    bytes_free(&bytes);
    file_commit(&first);
    bytes = file_read(path);
    assert_int_equal(bytes.size, 10000);
    assert_null(strchr(bytes.data, '2'));
    bytes_free(&bytes);
}

/* A process that was killed leaves its file; in a container the next one has the same number and must not stumble
 * over it. */
static void test_write_beside_leftovers(void **state) {
    (void)state;
    const char *path = test_path("file.bin");
    char *next = pending_new(path), *number = strrchr(next, '-') + 1;
    int made = atoi(number);
    for (int i = 1; i <= 3; i++) {
        char *leftover = text_format("%.*s%d.bin", (int)(number - next), next, made + i);
        write_test_text(leftover, "left over");
        memory_free(leftover);
    }
    pending_drop(next);
    memory_free(next);
    FileWriter writer = file_create(path);
    file_write(&writer, "x", 1);
    file_commit(&writer);
    expect_file(path, "x");
}

static void test_write_keeps_permissions(void **state) {
    (void)state;
    const char *path = test_path("private");
    struct stat status;
    write_test_text(path, "old");
    assert_int_equal(chmod(path, 0600), 0);
    FileWriter writer = file_create(path);
    file_commit(&writer);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, 0);
}

static void test_write_long_name(void **state) {
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    FileWriter writer = file_create(test_path(name));
    file_write(&writer, "x", 1);
    file_commit(&writer);
    expect_file(test_path(name), "x");
}

static void write_much(void *context) {
    char block[10000] = "";
    FileWriter writer = file_create(context);
    for (int i = 0; i < 100; i++) file_write(&writer, block, sizeof block);
    file_commit(&writer);
}

static void write_little(void *context) {
    FileWriter writer = file_create(context);
    file_write(&writer, "little", 6);
    file_commit(&writer);
}

static void test_write_failures(void **state) {
    (void)state;
    if (access("/dev/full", W_OK) != 0) skip();
    int before = open_descriptors(), files = count_test_files();
    char *missing = text_copy(test_path("missing/file"), strlen(test_path("missing/file")));
    expect_failure(EXIT_ENVIRONMENT, "missing/file: cannot be written: No such file", write_little, missing);
    expect_failure(EXIT_ENVIRONMENT, "/tmp: cannot be written: Is a directory", write_little, "/tmp");
    expect_failure(EXIT_ENVIRONMENT, "cannot be", write_little, "");
    expect_failure(EXIT_ENVIRONMENT, "/dev/full: cannot be written: No space left", write_little, "/dev/full");
    expect_failure(EXIT_ENVIRONMENT, "/dev/full: cannot be written: No space left", write_much, "/dev/full");
    memory_free(missing);
    assert_int_equal(open_descriptors(), before);
    assert_int_equal(count_test_files(), files);
}

static void limit_file_size(rlim_t bytes) {
    struct rlimit limit = {bytes, bytes};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void limit_and_write(void *context) {
    limit_file_size(5000);
    write_much(context);
}

static void limit_and_commit(void *context) {
    char block[3000] = "";
    limit_file_size(2000);
    FileWriter writer = file_create(context);
    file_write(&writer, block, sizeof block); /* stdio keeps them until file_commit */
    file_commit(&writer);
}

/* The disk is full for a moment: one write in the middle fails, through stdio, and the last one goes well. */
static void fail_in_the_middle(void *context) {
    struct rlimit whole, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &whole);
    small = whole, small.rlim_cur = 9000;
    FileWriter writer = file_create(context);
    for (int line = 0; line < 4096; line++) {
        if (line == 500) setrlimit(RLIMIT_FSIZE, &small);
        fprintf(writer.stream, "a line of a table\n");
        if (line == 3000) setrlimit(RLIMIT_FSIZE, &whole);
    }
    file_commit(&writer);
}

static void test_a_failed_write_is_not_forgotten(void **state) {
    (void)state;
    const char *path = test_path("torn");
    int files = count_test_files();
    Child child = run_child(fail_in_the_middle, (void *)(size_t)path, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    assert_non_null(strstr(child.err, "torn: cannot be written"));
    assert_int_equal(count_test_files(), files);
}

static void test_full_disk_keeps_old_file(void **state) {
    (void)state;
    const char *path = test_path("kept");
    write_test_text(path, "old");
    int files = count_test_files();
    void (*works[])(void *) = {limit_and_write, limit_and_commit};
    for (size_t i = 0; i < 2; i++) {
        Child child = run_child(works[i], (void *)(size_t)path, NULL);
        assert_int_equal(child.code, EXIT_ENVIRONMENT);
        expect_one_error_line(&child);
        assert_non_null(strstr(child.err, "kept: cannot be written: File too large"));
        expect_file(path, "old");
        assert_int_equal(count_test_files(), files);
    }
}

static void write_and_fail(void *context) {
    FileWriter writer = file_create(context);
    file_write(&writer, "half", 4);
    char *picture = pending_new(context);
    write_test_text(picture, "half a picture");
    char *folder = pending_new(context), *inside = path_join(folder, "config.json"); /* goes with what is in it */
    folder_make(folder);
    pending_passing(inside);
    file_save(inside, "{}", 2);
    fail(EXIT_DATA, "in the middle");
}

static void test_fail_while_writing(void **state) {
    (void)state;
    const char *path = test_path("kept.png");
    write_test_text(path, "old");
    int before = open_descriptors(), files = count_test_files();
    for (int i = 0; i < 20; i++) expect_failure(EXIT_DATA, "in the middle", write_and_fail, (void *)(size_t)path);
    assert_int_equal(open_descriptors(), before);
    Child child = run_child(write_and_fail, (void *)(size_t)path, NULL);
    assert_int_equal(child.code, EXIT_DATA);
    expect_one_error_line(&child);
    assert_int_equal(count_test_files(), files);
    expect_file(path, "old");
}

static void caught_failure_inside(void *context) {
    Error error;
    FileWriter writer = file_create(context);
    file_write(&writer, "outer", 5);
    (void)error_catch(&error, write_and_fail, (void *)(size_t)test_path("inner"));
    file_commit(&writer); /* what was begun outside survives what failed inside */
}

static void test_commit_after_failure(void **state) {
    (void)state;
    if (access("/dev/full", W_OK) != 0) skip();
    caught_failure_inside((void *)(size_t)test_path("outer"));
    expect_file(test_path("outer"), "outer");
    expect_failure(EXIT_ENVIRONMENT, "/dev/full", write_little, "/dev/full");
    expect_success(write_little, (void *)(size_t)test_path("after"));
    expect_file(test_path("after"), "little");
}

/* A name that stops being writable between begin and end: the folder of that name appears in the meantime. */
static void commit_onto_folder(void *context) {
    FileWriter writer = file_create(context);
    if (mkdir(context, 0777) != 0) _exit(99);
    file_commit(&writer);
}

static void test_commit_fails(void **state) {
    (void)state;
    const char *path = test_path("becomes-folder");
    int files = count_test_files();
    expect_failure(EXIT_ENVIRONMENT, "becomes-folder: cannot be replaced: Is a directory", commit_onto_folder,
                   (void *)(size_t)path);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(count_test_files(), files);
}

static void write_as_nobody(void *context) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(98);
    write_little(context);
}

static void test_read_only_folder(void **state) {
    (void)state;
    const char *path = test_path("closed/file");
    assert_int_equal(mkdir(test_path("closed"), 0755), 0);
    write_test_text(path, "old");
    assert_int_equal(chmod(test_folder, 0755), 0);
    assert_int_equal(chmod(test_path("closed"), 0555), 0);
    Child child = run_child(write_as_nobody, (void *)(size_t)path, NULL);
    assert_int_equal(child.code, EXIT_ENVIRONMENT);
    expect_one_error_line(&child);
    assert_non_null(strstr(child.err, "closed/file: cannot be written: Permission denied"));
    expect_file(path, "old");
}

static void write_to_standard_output(void *context) {
    printf("before ");
    write_little(context);
    printf(" after");
}

static void test_write_to_standard_output(void **state) {
    (void)state;
    struct stat before, after;
    assert_int_equal(lstat("/dev/stdout", &before), 0);
    Child child = run_child(write_to_standard_output, "/dev/stdout", NULL); /* a regular file there */
    assert_int_equal(child.code, 0);
    assert_string_equal(child.out, "before little after");
    assert_int_equal(lstat("/dev/stdout", &after), 0);
    assert_int_equal(before.st_ino, after.st_ino); /* it was not replaced by a file of its own */
}

/* ---- pictures ---- */

static void test_pending(void **state) {
    (void)state;
    const char *path = test_path("picture.png");
    write_test_text(path, "old");
    int files = count_test_files();
    char *aside = pending_new(path);
    assert_string_equal(strrchr(aside, '.'), ".png");
    assert_int_equal(count_test_files(), files); /* only a name */
    write_test_text(aside, "new");
    expect_file(path, "old");
    pending_commit(aside, path);
    expect_file(path, "new");
    memory_free(aside);
    aside = pending_new(path);
    write_test_text(aside, "bad");
    pending_drop(aside);
    memory_free(aside);
    expect_file(path, "new");
    assert_int_equal(count_test_files(), files);
}

static void commit_nothing(void *context) {
    char *aside = pending_new(context);
    pending_commit(aside, context);
}

static void test_pending_without_file(void **state) {
    (void)state;
    const char *path = test_path("picture.png");
    write_test_text(path, "old");
    expect_failure(EXIT_ENVIRONMENT, "picture.png: cannot be replaced: No such file", commit_nothing,
                   (void *)(size_t)path);
    expect_file(path, "old");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_here),
        cmocka_unit_test(test_write_twice_at_once),
        cmocka_unit_test(test_write_beside_leftovers),
        cmocka_unit_test(test_write_keeps_permissions),
        cmocka_unit_test(test_write_long_name),
        cmocka_unit_test(test_write_failures),
        cmocka_unit_test(test_a_failed_write_is_not_forgotten),
        cmocka_unit_test(test_full_disk_keeps_old_file),
        cmocka_unit_test(test_fail_while_writing),
        cmocka_unit_test(test_commit_after_failure),
        cmocka_unit_test(test_commit_fails),
        cmocka_unit_test(test_read_only_folder),
        cmocka_unit_test(test_write_to_standard_output),
        cmocka_unit_test(test_pending),
        cmocka_unit_test(test_pending_without_file),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
