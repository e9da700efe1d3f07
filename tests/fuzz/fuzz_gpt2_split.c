/* Any bytes as a text: the pieces, one after the other, are the text, and 64 bytes at a time give the same ones. */
#include "text/fast/gpt2_split_blocks.h"

#include <stdbool.h>
#include <stdlib.h>

static void expect(bool fine) {
    if (!fine) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    Gpt2Blocks blocks = {0};
    size_t next = 0;
    while (blocks.at < size) {
        size_t block = blocks.at;
        uint64_t starts = gpt2_block_starts(&blocks, text, size);
        expect(blocks.at > block && blocks.at <= size);
        for (size_t at = block; at < blocks.at; at++) {
            expect((starts >> (at - block) & 1) == (at == next));
            if (at != next) continue;
            next = gpt2_split_next(text, size, at);
            expect(next > at && next <= size);
        }
    }
    expect(next == size);
    return 0;
}
