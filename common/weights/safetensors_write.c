/* Writes safetensors files byte for byte as the reference writer does. Declared in safetensors.h. */
#include "base/error.h"
#include "base/json.h"
#include "weights/safetensors.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, CHUNK = 4096 };

/* The widest type first, then by name. */
static int compare_written(const void *a, const void *b) {
    const TensorOut *x = *(const TensorOut *const *)a, *y = *(const TensorOut *const *)b;
    return x->type != y->type ? (int)x->type - (int)y->type : strcmp(x->name, y->name);
}

static size_t count_of(const TensorOut *tensor) {
    size_t count = 1;
    bool fits = true;
    for (int i = 0; i < tensor->axes; i++) fits = fits && size_multiply(count, tensor->shape[i], &count);
    assert(fits);
    return count;
}

static void add_metadata(String *header, const Metadata *metadata, int notes) {
    string_add(header, "\"__metadata__\":{");
    for (int i = 0; i < notes; i++) {
        string_add(header, i ? "," : "");
        json_add_text(header, metadata[i].key, strlen(metadata[i].key));
        string_add(header, ":");
        json_add_text(header, metadata[i].value, strlen(metadata[i].value));
    }
    string_add(header, "}");
}

static String header_of(const TensorOut **sorted, int count, const Metadata *metadata, int notes) {
    String header = {0};
    size_t offset = 0;
    string_add(&header, "{");
    if (notes) add_metadata(&header, metadata, notes);
    for (int i = 0; i < count; i++) {
        const TensorOut *tensor = sorted[i];
        string_add(&header, i || notes ? "," : "");
        json_add_text(&header, tensor->name, strlen(tensor->name));
        string_add(&header, ":{\"dtype\":\"%s\",\"shape\":[", tensor_type_name(tensor->type));
        for (int axis = 0; axis < tensor->axes; axis++)
            string_add(&header, "%s%zu", axis ? "," : "", tensor->shape[axis]);
        size_t end = offset + count_of(tensor) * tensor_type_size(tensor->type);
        string_add(&header, "],\"data_offsets\":[%zu,%zu]}", offset, end);
        offset = end;
    }
    string_add(&header, "}");
    while (header.length % 8) string_add(&header, " ");
    return header;
}

/* The `size` bytes of one number, lowest first, whatever the machine's own order is. */
static void put_number(unsigned char *out, const unsigned char *number, size_t size) {
    uint64_t bits = 0;
    uint32_t bits32;
    uint16_t bits16;
    switch (size) {
    case 8: memcpy(&bits, number, 8); break;
    case 4: memcpy(&bits32, number, 4), bits = bits32; break;
    case 2: memcpy(&bits16, number, 2), bits = bits16; break;
    default: bits = *number;
    }
    for (size_t i = 0; i < size; i++) out[i] = (unsigned char)(bits >> 8 * i);
}

/* Where the bytes go: into a file, or one behind the other into memory. */
typedef struct {
    FileWriter *file;
    unsigned char *at; /* NULL: into the file */
} Sink;

static void sink_add(Sink *sink, const void *bytes, size_t size) {
    if (!sink->at) {
        file_write(sink->file, bytes, size);
        return;
    }
    memcpy(sink->at, bytes, size);
    sink->at += size;
}

static void write_numbers(Sink *sink, const void *data, size_t count, size_t size) {
    const unsigned char *number = data;
    unsigned char chunk[CHUNK] = {0};
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (number) { /* they lie as the file wants them */
        sink_add(sink, number, count * size);
        return;
    }
#endif
    while (count > 0) {
        size_t n = count < CHUNK / size ? count : CHUNK / size;
        for (size_t i = 0; number && i < n; i++, number += size) put_number(chunk + i * size, number, size);
        sink_add(sink, chunk, n * size);
        count -= n;
    }
}

/* You free them. */
static const TensorOut **sorted_tensors(const TensorOut *tensors, int count) {
    const TensorOut **sorted = memory_new((size_t)count, sizeof *sorted, "the table of tensors");
    for (int i = 0; i < count; i++) {
        assert(tensors[i].type != TYPE_OTHER);
        sorted[i] = &tensors[i];
    }
    if (count) qsort(sorted, (size_t)count, sizeof *sorted, compare_written);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++) assert(strcmp(sorted[i]->name, sorted[j]->name) != 0);
    return sorted;
}

static void write_all(Sink *sink, const TensorOut **sorted, int count, const String *header) {
    unsigned char length[LENGTH_BYTES];
    uint64_t header_length = header->length;
    put_number(length, (const unsigned char *)&header_length, sizeof header_length);
    sink_add(sink, length, sizeof length);
    sink_add(sink, header->text, header->length);
    for (int i = 0; i < count; i++)
        write_numbers(sink, sorted[i]->data, count_of(sorted[i]), tensor_type_size(sorted[i]->type));
}

void safetensors_write(const char *path, const TensorOut *tensors, int count) {
    safetensors_write_with(path, tensors, count, NULL, 0);
}

void safetensors_write_with(const char *path, const TensorOut *tensors, int count, const Metadata *metadata,
                            int notes) {
    const TensorOut **sorted = sorted_tensors(tensors, count);
    String header = header_of(sorted, count, metadata, notes);
    FileWriter writer = file_create(path);
    write_all(&(Sink){&writer, NULL}, sorted, count, &header);
    file_commit(&writer);
    string_free(&header), memory_free(sorted);
}

Bytes safetensors_bytes(const TensorOut *tensors, int count, const Metadata *metadata, int notes) {
    const TensorOut **sorted = sorted_tensors(tensors, count);
    String header = header_of(sorted, count, metadata, notes);
    size_t size = LENGTH_BYTES + header.length, bytes, most;
    for (int i = 0; i < count; i++) {
        bool fits = size_multiply(count_of(sorted[i]), tensor_type_size(sorted[i]->type), &bytes) &&
                    size_add(size, bytes, &size);
        assert(fits);
    }
    if (!size_add(size, 1, &most)) fail(EXIT_ENVIRONMENT, "out of memory (a file's bytes)");
    Bytes all = {memory_new(most, 1, "a file's bytes"), size};
    write_all(&(Sink){NULL, (unsigned char *)all.data}, sorted, count, &header);
    string_free(&header), memory_free(sorted);
    return all;
}
