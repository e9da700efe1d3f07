/* What the unit tests of base/ and model/ share: failures caught and compared, work done in a child process whose
 * end and output are looked at, and a folder of its own for files. Include it after nothing else: it brings cmocka. */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#undef fail /* cmocka's; here it is base/error's, and a test fails by an assertion or by wrong() */

#include "../catch.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/rng.h"
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
enum { UNDER_ADDRESS_SANITIZER = 1 };
#else
enum { UNDER_ADDRESS_SANITIZER = 0 };
#endif

/* Ends the test with a message of its own. */
__attribute__((format(printf, 1, 2))) static inline void wrong(const char *format, ...) {
    char text[4096];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    print_error("%s\n", text);
    _fail(__FILE__, __LINE__);
}

/* Runs work(context), which must fail with `code` and a message that holds each of the '|'-separated parts. */
static inline void expect_failure(ExitCode code, const char *parts, void (*work)(void *), void *context) {
    Error error;
    if (!error_catch(&error, work, context)) wrong("did not fail; expected: %s", parts);
    if (error.code != code) wrong("code %d, expected %d: %s", (int)error.code, (int)code, error.message);
    for (const char *at = parts; *at;) {
        size_t length = strcspn(at, "|");
        if (!memmem(error.message, strlen(error.message), at, length))
            wrong("\"%s\" does not say \"%.*s\"", error.message, (int)length, at);
        at += length + (at[length] == '|');
    }
}

static inline void expect_success(void (*work)(void *), void *context) {
    Error error;
    if (error_catch(&error, work, context)) wrong("failed: %s", error.message);
}

/* ---- a folder for this test's files ---- */

static char test_folder[64];

static inline int make_test_folder(void **state) {
    (void)state;
    snprintf(test_folder, sizeof test_folder, "/tmp/headlight-test-XXXXXX");
    return mkdtemp(test_folder) ? 0 : -1;
}

static inline int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *where) {
    (void)about, (void)kind, (void)where;
    return remove(path);
}

static inline int open_entry(const char *path, const struct stat *about, int kind, struct FTW *where) {
    (void)about, (void)where;
    return kind == FTW_D || kind == FTW_DNR ? chmod(path, 0700) : 0;
}

/* First the folders that a test has closed are opened, from the top down; then all goes, from the leaves up. */
static inline int remove_test_folder(void **state) {
    (void)state;
    nftw(test_folder, open_entry, 16, FTW_PHYS);
    return nftw(test_folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* folder/name, in one of four places that are used in turn. */
static inline const char *test_path(const char *name) {
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", test_folder, name);
    return path;
}

static inline void write_test_file(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void write_test_text(const char *path, const char *text) {
    write_test_file(path, text, strlen(text));
}

static inline void expect_file(const char *path, const char *text) {
    Bytes bytes = file_read(path);
    assert_int_equal(bytes.size, strlen(text));
    assert_memory_equal(bytes.data, text, bytes.size);
    bytes_free(&bytes);
}

static inline int count_entries(const char *folder) {
    int count = -2; /* "." and ".." */
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    while (readdir(entries)) count++;
    closedir(entries);
    return count;
}

/* How many names the test's folder holds, hidden ones too. */
static inline int count_test_files(void) {
    return count_entries(test_folder);
}

/* How many files this process has open. */
static inline int open_descriptors(void) {
    int count = 0;
    DIR *folder = opendir("/dev/fd");
    assert_non_null(folder);
    while (readdir(folder)) count++;
    closedir(folder);
    return count;
}

/* ---- a child process ---- */

typedef struct {
    int code; /* what the shell would see: the exit code, or 128 + the signal */
    char out[8192], err[8192];
} Child;

static inline void read_back(FILE *file, char *text, size_t room) {
    rewind(file);
    text[fread(text, 1, room - 1, file)] = '\0';
    fclose(file);
}

/* work(context) in a process of its own, which ends with finish() if work does not end it. `watch` (may be NULL)
 * runs here in the meantime, with the child's number. */
static inline Child run_child(void (*work)(void *), void *context, void (*watch)(pid_t child)) {
    FILE *out = tmpfile(), *err = tmpfile();
    assert_true(out && err);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(fileno(out), STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        for (size_t i = 0; i < 5; i++) /* cmocka catches them, to go on with the next test */
            signal((const int[]){SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGSYS}[i], SIG_DFL);
        error_program("prog");
        work(context);
        _exit(finish());
    }
    if (watch) watch(pid);
    int status;
    while (waitpid(pid, &status, 0) < 0) assert_int_equal(errno, EINTR);
    Child child = {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
    read_back(out, child.out, sizeof child.out);
    read_back(err, child.err, sizeof child.err);
    return child;
}

/* stderr is exactly one line `prog: error: ...`. */
static inline void expect_one_error_line(const Child *child) {
    const char *start = "prog: error: ";
    if (strncmp(child->err, start, strlen(start)) != 0 ||
        strchr(child->err, '\n') != child->err + strlen(child->err) - 1)
        wrong("not one error line: \"%s\"", child->err);
}

/* ---- random input ---- */

/* SEED=n repeats a run; the seed is printed, so that a failure can be repeated at all. */
static inline Rng test_rng(uint64_t usual) {
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : usual;
    print_message("seed %llu (SEED=n for another)\n", (unsigned long long)seed);
    return rng_seed(seed);
}

static inline size_t random_below(Rng *rng, size_t limit) {
    return limit ? rng_bits(rng) % limit : 0;
}
#endif
