#include "weights/packed.h"
#include "base/error.h"
#include "weights/safetensors.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MOST = 127, ZERO = 128 };
static const char NOTE[] = "int8 in groups of 32", ENDING[] = ".scale";

static bool is_float(const Tensor *t) {
    return t->type == TYPE_F32 || t->type == TYPE_F16 || t->type == TYPE_BF16 || t->type == TYPE_F64;
}

static bool packs(const Tensor *t) {
    return t->axes == 2 && t->shape[1] % PACKED_GROUP == 0;
}

static TensorOut like(const Tensor *t, TensorType type) {
    TensorOut out = {.name = t->name, .type = type, .axes = t->axes};
    memcpy(out.shape, t->shape, sizeof out.shape);
    return out;
}

/* ---- there ---- */

/* 32 numbers in steps of a scale that 16 bits hold. */
static void pack_group(unsigned char *out, uint16_t *scale, const float *numbers) {
    float largest = 0;
    for (int i = 0; i < PACKED_GROUP; i++) largest = fmaxf(largest, fabsf(numbers[i]));
    *scale = float_to_f16(largest / MOST);
    double step = (double)f16_to_float(*scale);
    for (int i = 0; i < PACKED_GROUP; i++) {
        double steps = step > 0 && isfinite(step) ? round((double)numbers[i] / step) : 0;
        out[i] = (unsigned char)(fmin(fmax(steps, -MOST), MOST) + ZERO);
    }
}

static unsigned char *pack(const Tensor *t, const char *path, uint16_t *scales) {
    unsigned char *out = memory_new(t->count, 1, "the packed weights");
    float numbers[PACKED_GROUP];
    for (size_t at = 0; at < t->count; at += PACKED_GROUP) {
        tensor_floats(t, path, at, PACKED_GROUP, numbers);
        pack_group(out + at, scales + at / PACKED_GROUP, numbers);
    }
    return out;
}

Bytes packed_bytes(const char *path) {
    Safetensors file = safetensors_open(path);
    TensorOut *out = memory_new(2 * (size_t)file.count + 1, sizeof *out, "the tensors");
    char **names = memory_new((size_t)file.count + 1, sizeof *names, "the tensors");
    int count = 0, scaled = 0;
    for (int i = 0; i < file.count; i++) {
        const Tensor *t = &file.tensors[i];
        if (!is_float(t)) continue;
        if (packs(t)) {
            size_t groups = t->count / PACKED_GROUP;
            uint16_t *scales = memory_new(groups, sizeof *scales, "the scales");
            names[scaled] = text_format("%s%s", t->name, ENDING);
            out[count] = like(t, TYPE_U8), out[count++].data = pack(t, path, scales);
            out[count++] = (TensorOut){names[scaled++], TYPE_F16, {groups}, 1, scales};
        } else {
            float *numbers = memory_new(t->count, sizeof *numbers, "the weights");
            tensor_floats(t, path, 0, t->count, numbers);
            out[count] = like(t, TYPE_F32), out[count++].data = numbers;
        }
    }
    Bytes bytes = safetensors_bytes(out, count, &(Metadata){"packed", NOTE}, 1);
    for (int i = 0; i < count; i++) memory_free((void *)(size_t)out[i].data);
    for (int i = 0; i < scaled; i++) memory_free(names[i]);
    memory_free(out), memory_free(names);
    safetensors_close(&file);
    return bytes;
}

/* ---- and back ---- */

/* NULL for a tensor that is not packed. */
static const Tensor *scales_of(const Safetensors *file, const Tensor *t) {
    char *name = text_format("%s%s", t->name, ENDING);
    const Tensor *scales = t->type == TYPE_U8 ? safetensors_find(file, name) : NULL;
    memory_free(name);
    return scales;
}

static bool is_scale(const Tensor *t) {
    size_t length = strlen(t->name), end = strlen(ENDING);
    return t->type == TYPE_F16 && length > end && strcmp(t->name + length - end, ENDING) == 0;
}

static void check(const char *path, const Safetensors *file) {
    const char *note = safetensors_metadata(file, "packed");
    if (!note || strcmp(note, NOTE) != 0) fail(EXIT_DATA, "%s: these weights are not packed as %s", path, NOTE);
    for (int i = 0; i < file->count; i++) {
        const Tensor *t = &file->tensors[i], *scales = scales_of(file, t);
        bool whole = scales && scales->type == TYPE_F16 && t->count % PACKED_GROUP == 0 &&
                     scales->count == t->count / PACKED_GROUP;
        if (!whole && !is_scale(t) && t->type != TYPE_F32)
            fail(EXIT_DATA, "%s: %s has no scale for each %d numbers", path, t->name, PACKED_GROUP);
    }
}

static void unpack(float *out, const Tensor *t, const char *path, const Tensor *scales) {
    for (size_t at = 0; at < t->count; at += PACKED_GROUP) {
        float scale;
        tensor_floats(scales, path, at / PACKED_GROUP, 1, &scale);
        for (size_t i = at; i < at + PACKED_GROUP; i++) out[i] = (float)(t->data[i] - ZERO) * scale;
    }
}

Bytes packed_read(const char *path) {
    Safetensors file = safetensors_open(path);
    check(path, &file);
    TensorOut *out = memory_new((size_t)file.count + 1, sizeof *out, "the tensors");
    int count = 0;
    for (int i = 0; i < file.count; i++)
        if (!is_scale(&file.tensors[i])) out[count++] = like(&file.tensors[i], TYPE_F32);
    Bytes bytes = safetensors_bytes(out, count, NULL, 0); /* zeros, filled where they lie: all of it is there once */
    Safetensors room = safetensors_parse(path, (const unsigned char *)bytes.data, bytes.size);
    for (int i = 0; i < count; i++) {
        const Tensor *to = safetensors_find(&room, out[i].name), *from = safetensors_find(&file, out[i].name);
        const Tensor *scales = scales_of(&file, from);
        float *numbers = (float *)(size_t)tensor_in_place(to); /* our own bytes */
        assert(numbers);
        if (scales) unpack(numbers, from, path, scales);
        else tensor_floats(from, path, 0, from->count, numbers);
    }
    safetensors_close(&room), safetensors_close(&file);
    memory_free(out);
    return bytes;
}
