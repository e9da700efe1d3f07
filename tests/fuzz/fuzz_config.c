/* Any bytes as a config.json: refused with EXIT_DATA, or read as numbers within their limits. */
#include "../catch.h"
#include "weights/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *data;
    size_t size;
} Input;

static void require(bool promise) {
    if (!promise) abort();
}

static void parse(void *context) {
    const Input *input = context;
    BertConfig c = bert_config_parse("input", (const char *)input->data, input->size);
    require(c.layers >= 1 && c.layers <= 1024 && c.heads >= 1 && c.heads <= 1024 && c.width % c.heads == 0);
    require(c.width >= 1 && c.width <= 1 << 16 && c.inner >= 1 && c.inner <= 1 << 20);
    require(c.vocab >= 1 && c.vocab <= 1 << 24 && c.positions >= 1 && c.positions <= 1 << 20);
    require(c.types >= 1 && c.types <= 1024 && c.norm_eps > 0 && c.norm_eps <= 1);
    require(c.activation == ACTIVATION_GELU_ERF || c.activation == ACTIVATION_GELU_TANH ||
            c.activation == ACTIVATION_RELU);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Input input = {data, size};
    Error error;
    if (error_catch(&error, parse, &input))
        require(error.code == EXIT_DATA && strncmp(error.message, "input:", 6) == 0);
    return 0;
}
