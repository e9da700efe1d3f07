#include "weights/block.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

size_t shape_count(Shape shape) {
    size_t count = 1;
    for (int i = 0; i < shape.axes; i++) {
        bool fits = size_multiply(count, shape.shape[i], &count);
        assert(fits);
    }
    return count;
}

static void add(Block *block, const char *name, TensorType type, Shape shape, void *data) {
    block->tensors = memory_for_more(block->tensors, (size_t)block->count, sizeof *block->tensors, "the page's block");
    TensorOut *out = &block->tensors[block->count++];
    *out = (TensorOut){.name = text_copy(name, strlen(name)), .type = type, .axes = shape.axes, .data = data};
    memcpy(out->shape, shape.shape, sizeof out->shape);
}

/* The scale with which the largest of `each` numbers becomes `most`. */
static float scale_of(const float *data, size_t each, float most) {
    float largest = 0;
    for (size_t i = 0; i < each; i++) largest = fmaxf(largest, fabsf(data[i]));
    return isfinite(largest) ? largest / most : 0;
}

/* In double: where a number lies between two steps does not depend on who divides. */
static int packed(float number, float scale, int most) {
    double steps = scale > 0 && !isnan(number) ? round((double)number / (double)scale) : 0;
    return (int)fmin(fmax(steps, -most), most);
}

static int most_of(Packing packing) {
    return packing == PACK_SHORTS ? INT16_MAX : INT8_MAX;
}

void block_add(Block *block, const char *name, Packing packing, Shape shape, const float *data, size_t parts) {
    size_t count = shape_count(shape), each = count / parts;
    if (packing == PACK_FLOATS) {
        float *copy = memory_new(count, sizeof *copy, "the page's block");
        if (count) memcpy(copy, data, count * sizeof *copy);
        add(block, name, TYPE_F32, shape, copy);
        return;
    }
    assert(each * parts == count);
    int most = most_of(packing);
    float *scale = memory_new(parts, sizeof *scale, "the page's block");
    int16_t *wide = packing == PACK_SHORTS ? memory_new(count, sizeof *wide, "the page's block") : NULL;
    uint8_t *bytes = packing == PACK_BYTES ? memory_new(count, sizeof *bytes, "the page's block") : NULL;
    for (size_t p = 0; p < parts; p++) {
        scale[p] = scale_of(data + p * each, each, (float)most);
        for (size_t i = p * each; i < (p + 1) * each; i++) {
            int number = packed(data[i], scale[p], most);
            if (wide) wide[i] = (int16_t)number;
            else bytes[i] = (uint8_t)(number + 128);
        }
    }
    add(block, name, wide ? TYPE_I16 : TYPE_U8, shape, wide ? (void *)wide : bytes);
    char *companion = text_format("%s.scale", name);
    add(block, companion, TYPE_F32, (Shape){{parts}, 1}, scale);
    memory_free(companion);
}

void block_add_ints(Block *block, const char *name, Shape shape, const int *data) {
    size_t count = shape_count(shape);
    int32_t *copy = memory_new(count, sizeof *copy, "the page's block");
    for (size_t i = 0; i < count; i++) copy[i] = data[i];
    add(block, name, TYPE_I32, shape, copy);
}

void block_round(Packing packing, float *data, size_t count, size_t parts) {
    size_t each = count / parts;
    for (size_t p = 0; p < parts && packing != PACK_FLOATS; p++) {
        float scale = scale_of(data + p * each, each, (float)most_of(packing));
        for (size_t i = p * each; i < (p + 1) * each; i++)
            data[i] = (float)packed(data[i], scale, most_of(packing)) * scale;
    }
}

Bytes block_bytes(Block *block, const char *page) {
    Bytes bytes = safetensors_bytes(block->tensors, block->count, &(Metadata){"page", page}, 1);
    block_free(block);
    return bytes;
}

void block_free(Block *block) {
    for (int i = 0; i < block->count; i++) {
        memory_free((void *)(size_t)block->tensors[i].name);
        memory_free((void *)(size_t)block->tensors[i].data);
    }
    memory_free(block->tensors);
    *block = (Block){0};
}
