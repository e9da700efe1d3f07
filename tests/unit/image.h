/* Safetensors files in memory, for the tests of weights/safetensors: built from a header's text, and parsed with
 * everything checked that the reader promises its callers. */
#ifndef TESTS_IMAGE_H
#define TESTS_IMAGE_H
#include "expect.h"
#include "weights/safetensors.h"

/* A file in memory: header text and so many bytes of data, which count up from 0. */
typedef struct {
    unsigned char *bytes;
    size_t size;
} Image;

static inline Image image_of(const void *header, size_t length, size_t data) {
    Image image = {memory_new(8 + length + data, 1, "a test"), 8 + length + data};
    for (size_t i = 0; i < 8; i++) image.bytes[i] = (unsigned char)((uint64_t)length >> 8 * i);
    memcpy(image.bytes + 8, header, length);
    for (size_t i = 0; i < data; i++) image.bytes[8 + length + i] = (unsigned char)i;
    return image;
}

/* Every tensor lies inside the file, they touch in order, and by_name is sorted: what a caller relies on. */
static inline void check_promises(const Safetensors *file, const unsigned char *bytes, size_t size) {
    const unsigned char *end = NULL;
    for (int i = 0; i < file->count; i++) {
        const Tensor *tensor = &file->tensors[i];
        assert_true(tensor->data >= bytes && tensor->bytes <= size && tensor->data <= bytes + size - tensor->bytes);
        if (end) assert_ptr_equal(tensor->data, end);
        end = tensor->data + tensor->bytes;
        if (i) assert_true(strcmp(file->by_name[i - 1]->name, file->by_name[i]->name) < 0);
        assert_ptr_equal(safetensors_find(file, tensor->name), tensor);
        if (tensor->type == TYPE_F32) assert_int_equal(tensor->bytes, 4 * tensor->count);
    }
    if (end) assert_ptr_equal(end, bytes + size);
}

static inline void parse(void *context) {
    const Image *image = context;
    Safetensors file = safetensors_parse("f.st", image->bytes, image->size);
    check_promises(&file, image->bytes, image->size);
    safetensors_close(&file);
}

static inline void expect_accepted(const char *header, size_t data, int count) {
    Image image = image_of(header, strlen(header), data);
    Error error;
    if (error_catch(&error, parse, &image)) wrong("%s: %s", header, error.message);
    Safetensors file = safetensors_parse("f.st", image.bytes, image.size);
    assert_int_equal(file.count, count);
    safetensors_close(&file);
    memory_free(image.bytes);
}

static inline void expect_refused_bytes(const void *bytes, size_t size, const char *says) {
    Image image = {memory_new(size, 1, "a test"), size}; /* of exactly this size: a sanitizer sees one byte too many */
    if (size) memcpy(image.bytes, bytes, size);
    expect_failure(EXIT_DATA, says, parse, &image);
    memory_free(image.bytes);
}

static inline void expect_refused(const char *header, size_t data, const char *says) {
    Image image = image_of(header, strlen(header), data);
    expect_failure(EXIT_DATA, says, parse, &image);
    memory_free(image.bytes);
}

#define ENTRY(type, shape, offsets) "{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define ONE(type, shape, offsets) "{\"test\":" ENTRY(type, shape, offsets) "}"
#endif
