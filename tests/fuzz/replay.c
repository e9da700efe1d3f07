/* Runs one fuzz target over the files on the command line, without libFuzzer: `make test` replays every committed
 * corpus so. Link it with one fuzz_X.c. Each input is copied to a block of its exact size, so that a sanitizer sees
 * a byte read too far. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv) {
    error_program(argv[0]);
    if (argc < 2) fail(EXIT_USAGE, "no input given. Try: %s FILE...", argv[0]);
    for (int i = 1; i < argc; i++) {
        Bytes bytes = file_read(argv[i]);
        uint8_t *exact = memory_new(bytes.size, 1, argv[i]);
        if (bytes.size) memcpy(exact, bytes.data, bytes.size);
        LLVMFuzzerTestOneInput(exact, bytes.size);
        memory_free(exact);
        bytes_free(&bytes);
    }
    printf("%d inputs replayed\n", argc - 1);
    return finish();
}
