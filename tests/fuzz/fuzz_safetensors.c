/* Any bytes as a safetensors file: refused with EXIT_DATA, or loaded with every tensor inside the file and readable. */
#include "../catch.h"
#include "base/memory.h"
#include "weights/safetensors.h"

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

/* Reads what a model would read: the first and the last numbers of a tensor. */
static void touch(const Tensor *tensor) {
    float numbers[64];
    size_t n = tensor->count < 64 ? tensor->count : 64;
    if (tensor->type > TYPE_F64) return;
    tensor_floats(tensor, "input", 0, n, numbers);
    tensor_floats(tensor, "input", tensor->count - n, n, numbers);
    const float *view = tensor_in_place(tensor);
    require(!view || n == 0 || memcmp(view + (tensor->count - n), numbers, n * sizeof *numbers) == 0);
}

static void parse(void *context) {
    const Input *input = context;
    Safetensors file = safetensors_parse("input", input->data, input->size);
    const unsigned char *end = input->data + input->size;
    char shape[128];
    for (int i = 0; i < file.count; i++) {
        const Tensor *tensor = &file.tensors[i];
        require(tensor->data >= input->data && tensor->data <= end && tensor->bytes <= (size_t)(end - tensor->data));
        require(safetensors_find(&file, tensor->name) == tensor);
        require(strlen(tensor_shape_text(tensor, shape)) < sizeof shape);
        touch(tensor);
    }
    safetensors_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Input input = {data, size};
    Error error;
    if (error_catch(&error, parse, &input))
        require(error.code == EXIT_DATA && strncmp(error.message, "input:", 6) == 0);
    return 0;
}
