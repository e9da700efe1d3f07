/* A file in memory: how reading it ends, and the table that it leaves. A reader may end the program, as it should with
 * a bad file, so it runs in a child. */
#include "runner.h"

#include <sys/wait.h>
#include <unistd.h>

enum { NUMBERS = 4, MOST = 32 };

/* Of each tensor: type, elements, begin, bytes. */
static _Noreturn void read_and_tell(const char *bytes, size_t size, int to) {
    Safetensors file = safetensors_parse("the file", (const unsigned char *)bytes, size);
    long long numbers[NUMBERS * MOST];
    size_t n = 0;
    for (int i = 0; i < file.count && i < MOST; i++) {
        const Tensor *t = &file.tensors[i];
        numbers[n++] = t->type, numbers[n++] = (long long)t->count;
        numbers[n++] = (long long)t->begin, numbers[n++] = (long long)t->bytes;
    }
    _exit(write(to, numbers, n * sizeof *numbers) == (ssize_t)(n * sizeof *numbers) ? 0 : 9);
}

void run_case(void) {
    size_t size;
    const char *bytes = take_text(&size);
    long long numbers[NUMBERS * MOST];
    int ends[2], status = 0;
    if (pipe(ends) != 0) return;
    const pid_t child = fork();
    if (child == 0) read_and_tell(bytes, size, ends[1]);
    close(ends[1]);
    const ssize_t got = read(ends[0], numbers, sizeof numbers);
    close(ends[0]);
    waitpid(child, &status, 0);
    hand_int(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    const size_t count = got > 0 ? (size_t)got / sizeof *numbers : 0;
    hand_int((long long)count);
    for (size_t i = 0; i < count; i++) hand_int(numbers[i]);
}
