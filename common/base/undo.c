#include "base/undo.h"
#include "base/error.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A signal handler reads these two tables, so they are plain arrays of fixed size, and an entry is published by
 * one store. Signals reach only the main thread (base/workers). */
enum { TABLE = 16 };
static struct {
    volatile sig_atomic_t used;
    char aside[4096]; /* a file being written; no path is longer */
    FILE *stream;     /* NULL when another program writes it */
    bool watched;
} files[TABLE];
static struct {
    const unsigned char *volatile data;
    size_t size;
    char name[256]; /* as messages show it */
    bool watched;
} maps[TABLE];
static int reading = -1;
static bool watching;

static void remove_one(const char *aside) {
    if (unlink(aside) != 0) rmdir(aside);
}

/* The last one first: a folder is empty when its turn comes. */
static void remove_files(void) {
    for (int i = TABLE - 1; i >= 0; i--)
        if (files[i].used) remove_one(files[i].aside);
}

static void on_interrupt(int number) {
    remove_files();
    _exit(128 + number);
}

static void write_all(const char *text) {
    if (write(STDERR_FILENO, text, strlen(text)) < 0) _exit(EXIT_ENVIRONMENT);
}

/* A mapped page that the file no longer has raises SIGBUS. Only async-signal-safe calls here. Several workers may
 * meet it at once: the first one speaks, the others wait for the end. */
static void on_bus_error(int number, siginfo_t *info, void *context) {
    static atomic_flag ending = ATOMIC_FLAG_INIT;
    (void)number, (void)context;
    const unsigned char *at = info->si_addr;
    for (int i = 0; i < TABLE; i++) {
        const unsigned char *data = maps[i].data;
        if (info->si_code <= 0 || !data || at < data || at >= data + maps[i].size) continue;
        while (atomic_flag_test_and_set(&ending)) pause();
        remove_files();
        write_all(error_program_name());
        write_all(": error: ");
        write_all(maps[i].name);
        write_all(": the file became shorter while it was being read. Try: run again once its download is done\n");
        _exit(EXIT_ENVIRONMENT);
    }
    signal(SIGBUS, SIG_DFL); /* not ours, or sent by somebody: let it end the process as it would have */
    raise(SIGBUS);
}

/* A signal that is ignored (nohup) or that the program handles itself (a checkpoint on Ctrl-C) is left alone. */
static void set_handlers(void) {
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    struct sigaction bus = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    struct sigaction stop = {.sa_handler = on_interrupt}, now;
    error_before_end(remove_files);
    sigaction(SIGBUS, &bus, NULL);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        if (sigaction(ending[i], NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL)
            sigaction(ending[i], &stop, NULL);
}

void undo_file(const char *aside, FILE *stream) {
    set_handlers();
    for (int i = 0; i < TABLE; i++) {
        if (files[i].used) continue;
        snprintf(files[i].aside, sizeof files[i].aside, "%s", aside);
        files[i].stream = stream;
        files[i].watched = watching;
        atomic_signal_fence(memory_order_release); /* all of it is there when `used` is set */
        files[i].used = 1;
        return;
    }
}

void undo_file_done(const char *aside) {
    for (int i = 0; i < TABLE; i++)
        if (files[i].used && strcmp(files[i].aside, aside) == 0) files[i].used = 0;
}

void undo_map(const char *path, const unsigned char *data, size_t size) {
    set_handlers();
    for (int i = 0; i < TABLE; i++) {
        if (maps[i].data) continue;
        error_quote(maps[i].name, sizeof maps[i].name, path);
        maps[i].size = size;
        maps[i].watched = watching;
        atomic_signal_fence(memory_order_release);
        maps[i].data = data;
        return;
    }
}

void undo_map_done(const unsigned char *data) {
    for (int i = 0; i < TABLE; i++)
        if (maps[i].data == data) maps[i].data = NULL;
}

void undo_reading(int file) {
    reading = file;
}

void undo_watch_begin(void) {
    watching = true;
}

void undo_watch_end(bool release) {
    watching = false;
    for (int i = TABLE - 1; i >= 0; i--) {
        if (release && maps[i].data && maps[i].watched) {
            munmap((void *)(size_t)maps[i].data, maps[i].size);
            maps[i].data = NULL;
        }
        if (release && files[i].used && files[i].watched) {
            if (files[i].stream) fclose(files[i].stream);
            remove_one(files[i].aside);
            files[i].used = 0;
        }
        maps[i].watched = files[i].watched = false;
    }
    if (release && reading >= 0) close(reading);
    reading = -1;
}
