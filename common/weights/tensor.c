/* The numbers of a tensor: from the file's bytes, which may lie at any address, to floats. Declared in
 * safetensors.h. */
#include "base/error.h"
#include "weights/safetensors.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

char *tensor_shape_text(const Tensor *tensor, char out[128]) {
    size_t at = 1;
    out[0] = '[', out[1] = '\0';
    for (int i = 0; i < tensor->axes && at < 100; i++)
        at += (size_t)snprintf(out + at, 128 - at, "%s%zu", i ? ", " : "", tensor->shape[i]);
    snprintf(out + at, 128 - at, "]");
    return out;
}

/* n bytes, lowest first, as a number: a pointer cast would be wrong at an odd address and on a big-endian machine. The
 * compiler makes one load of it. */
static uint16_t bits16(const unsigned char *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}
static uint32_t bits32(const unsigned char *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static uint64_t bits64(const unsigned char *p) {
    return bits32(p) | (uint64_t)bits32(p + 4) << 32;
}

static float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double double_of(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 1 sign bit, 5 exponent bits (bias 15), 10 mantissa bits, into 1, 8 (bias 127) and 23. */
float f16_to_float(uint16_t bits) {
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, exponent = bits >> 10 & 31, mantissa = bits & 0x3ff;
    if (exponent == 31) return float_of(sign | 0x7f800000 | mantissa << 13); /* infinity, NaN */
    if (exponent > 0) return float_of(sign | (exponent + 127 - 15) << 23 | mantissa << 13);
    float small = (float)mantissa * 0x1p-24f; /* zero and subnormals: exact in a float, which reaches lower */
    return sign ? -small : small;
}

float bf16_to_float(uint16_t bits) {
    return float_of((uint32_t)bits << 16);
}

uint16_t float_to_f16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    bits &= 0x7fffffff;
    if (bits > 0x7f800000) return (uint16_t)(sign | 0x7e00);  /* NaN */
    if (bits >= 0x477ff000) return (uint16_t)(sign | 0x7c00); /* half a step above the largest, or more */
    if (bits < 0x38800000) return (uint16_t)(sign | (uint16_t)nearbyintf(float_of(bits) * 0x1p24f)); /* subnormal */
    bits += 0xfff + (bits >> 13 & 1);
    return (uint16_t)(sign | (bits - (112u << 23)) >> 13);
}

void tensor_floats(const Tensor *tensor, const char *file, size_t first, size_t n, float *out) {
    assert(first <= tensor->count && n <= tensor->count - first);
    const unsigned char *data = tensor->data;
    switch (tensor->type) {
    case TYPE_F32:
        for (size_t i = 0; i < n; i++) out[i] = float_of(bits32(data + 4 * (first + i)));
        return;
    case TYPE_F16:
        for (size_t i = 0; i < n; i++) out[i] = f16_to_float(bits16(data + 2 * (first + i)));
        return;
    case TYPE_BF16:
        for (size_t i = 0; i < n; i++) out[i] = bf16_to_float(bits16(data + 2 * (first + i)));
        return;
    case TYPE_F64:
        for (size_t i = 0; i < n; i++) out[i] = (float)double_of(bits64(data + 8 * (first + i)));
        return;
    default:
        fail(EXIT_DATA,
             "%s: tensor \"%.120s\" has type %s (expected F32, F16, BF16 or F64). Try: convert the weights to F32",
             file, tensor->name, tensor->type_name);
    }
}

const float *tensor_in_place(const Tensor *tensor) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (tensor->type == TYPE_F32 && (uintptr_t)tensor->data % _Alignof(float) == 0)
        return (const float *)(const void *)tensor->data;
#endif
    return NULL;
}
