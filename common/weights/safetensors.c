/* Reads and checks the table of a safetensors file. The rules, in the order in which they are tried:
 *
 *   1  the file has at least 8 bytes, the length N of the header        header_length
 *   2  N is at most 16 MB                                               header_length
 *   3  the header lies inside the file                                  header_length
 *   4  the header is UTF-8                                              text/scan
 *   5  and JSON of the right form: known dtypes, whole numbers from 0,
 *      two offsets, __metadata__ of texts, nothing twice                text/scan, read_table and below
 *   6  sorted by offset, tensors touch: no overlap, no hole             check_place
 *   7  the number of elements and of bits does not overflow             check_size
 *   8  types narrower than a byte fill whole bytes                      check_size
 *   9  the offsets span as many bytes as shape and type need            check_size
 *  10  the last tensor ends where the file ends                         check_end
 *
 * Rules 6 and 10 leave no byte without an owner: nothing can hide in the file. */
#include "weights/safetensors.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/scan.h"
#include "weights/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, MOST_HEADER = 16 << 20 };

/* Every type of the format; those that we do not decode are still checked, so that the rest of the file can be used. */
static const struct {
    const char *name;
    size_t bits;
} TYPES[] = {
    [TYPE_I64] = {"I64", 64},
    [TYPE_F64] = {"F64", 64},
    [TYPE_F32] = {"F32", 32},
    [TYPE_I32] = {"I32", 32},
    [TYPE_BF16] = {"BF16", 16},
    [TYPE_F16] = {"F16", 16},
    [TYPE_I16] = {"I16", 16},
    [TYPE_U8] = {"U8", 8},
    [TYPE_OTHER] = {"BOOL", 8},
    {"I8", 8},
    {"U16", 16},
    {"U32", 32},
    {"U64", 64},
    {"C64", 64},
    {"F4", 4},
    {"F6_E2M3", 6},
    {"F6_E3M2", 6},
    {"F8_E5M2", 8},
    {"F8_E4M3", 8},
    {"F8_E8M0", 8},
    {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8},
};
enum { TYPE_COUNT = sizeof TYPES / sizeof *TYPES };

const char *tensor_type_name(TensorType type) {
    return TYPES[type].name;
}

size_t tensor_type_size(TensorType type) {
    return TYPES[type].bits / 8;
}

static _Noreturn void fail_truncated(const char *file, size_t size, const char *who, size_t needed) {
    char ends[32], wants[32];
    fail(EXIT_DATA, "%s: file ends at byte %s, %s needs bytes up to %s: truncated download? Try: fetch it again", file,
         text_grouped(size, ends), who, text_grouped(needed, wants));
}

/* Rules 1 to 3. */
static size_t header_length(const char *file, const unsigned char *bytes, size_t size) {
    if (size == 0) fail(EXIT_DATA, "%s: the file is empty. Try: fetch it again", file);
    uint64_t length = 0;
    for (size_t i = 0; i < LENGTH_BYTES && i < size; i++) length |= (uint64_t)bytes[i] << 8 * i;
    bool opens = size <= LENGTH_BYTES || (bytes[LENGTH_BYTES] && strchr("{ \t\r\n", bytes[LENGTH_BYTES]));
    if (size < LENGTH_BYTES || length > MOST_HEADER || !opens) foreign_refuse(file, bytes, size);
    if (size < LENGTH_BYTES) fail_truncated(file, size, "the length of the header", LENGTH_BYTES);
    if (length > MOST_HEADER)
        fail(EXIT_DATA,
             "%s: a header of %llu bytes is larger than the 16 MB that this reader accepts; it may be no safetensors "
             "file. Try: fetch it again",
             file, (unsigned long long)length);
    if (length > size - LENGTH_BYTES) fail_truncated(file, size, "the header", LENGTH_BYTES + (size_t)length);
    return (size_t)length;
}

/* ---- rule 5: the table ---- */

static size_t read_number(Scan *scan, const char *key) {
    scan_peek(scan);
    size_t start = scan->at, number = 0;
    ScanValue value = scan_skip(scan);
    bool good = true;
    for (size_t i = 0; i < value.length && good; i++)
        good = value.text[i] >= '0' && value.text[i] <= '9' && size_multiply(number, 10, &number) &&
               size_add(number, (size_t)(value.text[i] - '0'), &number);
    if (!good)
        scan_fail(scan, start, "%s holds %.*s (expected whole numbers from 0)", key,
                  value.length < 24 ? (int)value.length : 24, value.text);
    return number;
}

static void expect_value(Scan *scan, char first, const char *key, const char *expected) {
    if (scan_peek(scan) != first) scan_fail(scan, scan->at, "%s is not %s", key, expected);
}

static void read_type(Scan *scan, Tensor *tensor) {
    expect_value(scan, '"', "dtype", "a text");
    size_t start = scan->at;
    const char *name = scan_text(scan);
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (strcmp(TYPES[i].name, name) != 0) continue;
        tensor->type = i < TYPE_OTHER ? (TensorType)i : TYPE_OTHER;
        tensor->type_name = TYPES[i].name;
        tensor->bits = TYPES[i].bits;
        return;
    }
    scan_fail(scan, start, "dtype \"%.20s\" is unknown (expected F32, F16, BF16, F64, I64 or another of the format's)",
              name);
}

static void read_shape(Scan *scan, Tensor *tensor) {
    expect_value(scan, '[', "shape", "a list of whole numbers");
    tensor->axes = 0;
    for (ScanArray array = scan_array(scan); scan_item(scan, &array); tensor->axes++) {
        if (tensor->axes == MOST_AXES) scan_fail(scan, scan->at, "shape has more than %d axes", MOST_AXES);
        tensor->shape[tensor->axes] = read_number(scan, "shape");
    }
}

static void read_offsets(Scan *scan, Tensor *tensor) {
    expect_value(scan, '[', "data_offsets", "a list of two whole numbers");
    size_t start = scan->at, offsets[2] = {0}, n = 0;
    for (ScanArray array = scan_array(scan); scan_item(scan, &array); n++) {
        size_t number = read_number(scan, "data_offsets");
        if (n < 2) offsets[n] = number;
    }
    if (n != 2) scan_fail(scan, start, "data_offsets has %zu numbers (expected two: [BEGIN, END])", n);
    if (offsets[1] < offsets[0])
        scan_fail(scan, start, "data_offsets end at %zu, before they begin at %zu", offsets[1], offsets[0]);
    tensor->begin = offsets[0];
    tensor->bytes = offsets[1] - offsets[0];
}

static Tensor read_entry(Scan *scan, const char *name) {
    Tensor tensor = {.name = name};
    bool has_type = false, has_shape = false, has_offsets = false;
    scan->tensor = name;
    expect_value(scan, '{', "its entry", "an object with dtype, shape and data_offsets");
    for (ScanObject entry = scan_object(scan); scan_key(scan, &entry);) {
        if (strcmp(entry.key, "dtype") == 0) {
            read_type(scan, &tensor);
            has_type = true;
        } else if (strcmp(entry.key, "shape") == 0) {
            read_shape(scan, &tensor);
            has_shape = true;
        } else if (strcmp(entry.key, "data_offsets") == 0) {
            read_offsets(scan, &tensor);
            has_offsets = true;
        } else {
            scan_skip(scan); /* a later version of the format may say more */
        }
    }
    if (!has_type || !has_shape || !has_offsets)
        scan_fail(scan, scan->at, "%s is missing", !has_type ? "dtype" : !has_shape ? "shape" : "data_offsets");
    scan->tensor = NULL;
    return tensor;
}

/* Keys and values one after the other, each with its 0: no text of the table holds one itself. */
static void read_metadata(Scan *scan, String *metadata) {
    expect_value(scan, '{', "__metadata__", "an object of texts");
    for (ScanObject entry = scan_object(scan); scan_key(scan, &entry);) {
        string_add_bytes(metadata, entry.key, strlen(entry.key) + 1);
        expect_value(scan, '"', "a value of __metadata__", "a text");
        const char *value = scan_text(scan);
        string_add_bytes(metadata, value, strlen(value) + 1);
    }
}

static void read_table(Safetensors *file, const char *name, const unsigned char *text, size_t size) {
    Scan scan = scan_begin(name, text, size);
    for (ScanObject table = scan_object(&scan); scan_key(&scan, &table);) {
        if (strcmp(table.key, "__metadata__") == 0) {
            read_metadata(&scan, &file->metadata);
            continue;
        }
        file->tensors =
            memory_for_more(file->tensors, (size_t)file->count, sizeof *file->tensors, "the table of tensors");
        file->tensors[file->count++] = read_entry(&scan, table.key);
    }
    file->names = scan_end(&scan);
}

/* ---- rules 6 to 10 ---- */

static int compare_places(const void *a, const void *b) {
    const Tensor *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    if (x->bytes != y->bytes) return x->bytes < y->bytes ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Rule 6. `before` is the tensor before this one, or NULL for the first, and ends at `end`. */
static void check_place(const char *file, const Tensor *tensor, const Tensor *before, size_t end) {
    char begins[32], ends[32];
    if (tensor->begin == end) return;
    text_grouped(tensor->begin, begins);
    if (!before)
        fail(EXIT_DATA,
             "%s: tensor \"%.120s\" is the first but begins at byte %s of the data: the bytes before it belong to no "
             "tensor. Try: fetch the file again",
             file, tensor->name, begins);
    fail(EXIT_DATA,
         "%s: tensor \"%.120s\" begins at byte %s of the data, but \"%.120s\" before it ends at %s: %s. Try: fetch the "
         "file again",
         file, tensor->name, begins, before->name, text_grouped(end, ends),
         tensor->begin < end ? "they overlap" : "the bytes between belong to no tensor");
}

/* Rules 7 to 9; fills in count. */
static void check_size(const char *file, Tensor *tensor) {
    char shape[128];
    size_t bits = 0, count = 1;
    bool fits = true;
    for (int i = 0; i < tensor->axes && fits; i++) fits = size_multiply(count, tensor->shape[i], &count);
    tensor->count = count;
    fits = fits && size_multiply(count, tensor->bits, &bits);
    if (fits && bits % 8 == 0 && bits / 8 == tensor->bytes) return;

    tensor_shape_text(tensor, shape);
    if (!fits)
        fail(EXIT_DATA, "%s: tensor \"%.120s\": shape %s is larger than any memory. Try: fetch the file again", file,
             tensor->name, shape);
    if (bits % 8 != 0)
        fail(EXIT_DATA,
             "%s: tensor \"%.120s\": shape %s of type %s does not fill whole bytes. Try: fetch the file again", file,
             tensor->name, shape, tensor->type_name);
    fail(EXIT_DATA,
         "%s: tensor \"%.120s\": shape %s of type %s needs %zu bytes, but data_offsets give it %zu. Try: fetch the "
         "file again",
         file, tensor->name, shape, tensor->type_name, bits / 8, tensor->bytes);
}

/* Rule 10: names the first tensor that the file cuts off. */
static void check_end(const Safetensors *file, const char *name, size_t data_start, size_t size) {
    size_t end = data_start;
    for (int i = 0; i < file->count; i++) {
        const Tensor *tensor = &file->tensors[i];
        if (!size_add(end, tensor->bytes, &end)) end = SIZE_MAX;
        if (end <= size) continue;
        char who[140];
        snprintf(who, sizeof who, "tensor \"%.120s\"", tensor->name);
        fail_truncated(name, size, who, end);
    }
    char ends[32], has[32];
    if (end < size)
        fail(EXIT_DATA,
             "%s: the last tensor ends at byte %s, but the file has %s: the bytes behind it belong to no tensor. "
             "Try: fetch the file again",
             name, text_grouped(end, ends), text_grouped(size, has));
}

static int compare_names(const void *a, const void *b) {
    return strcmp((*(const Tensor *const *)a)->name, (*(const Tensor *const *)b)->name);
}

Safetensors safetensors_parse(const char *name, const unsigned char *bytes, size_t size) {
    Safetensors file = {0};
    size_t data_start = LENGTH_BYTES + header_length(name, bytes, size), end = 0;
    read_table(&file, name, bytes + LENGTH_BYTES, data_start - LENGTH_BYTES);

    size_t count = (size_t)file.count;
    if (count) qsort(file.tensors, count, sizeof *file.tensors, compare_places);
    for (size_t i = 0; i < count; i++) {
        check_place(name, &file.tensors[i], i ? &file.tensors[i - 1] : NULL, end);
        check_size(name, &file.tensors[i]);
        end = file.tensors[i].begin + file.tensors[i].bytes; /* both came from one END that fitted */
    }
    check_end(&file, name, data_start, size);

    file.by_name = memory_new(count, sizeof *file.by_name, "the names of the tensors");
    for (size_t i = 0; i < count; i++) {
        file.tensors[i].data = bytes + data_start + file.tensors[i].begin;
        file.by_name[i] = &file.tensors[i];
    }
    if (count) qsort(file.by_name, count, sizeof *file.by_name, compare_names);
    return file;
}

Safetensors safetensors_open(const char *path) {
    FileMap map = file_map(path);
    Safetensors file = safetensors_parse(path, map.data, map.size);
    file.map = map;
    return file;
}

void safetensors_close(Safetensors *file) {
    memory_free(file->tensors);
    memory_free(file->by_name);
    memory_free(file->names);
    string_free(&file->metadata);
    file_unmap(&file->map);
    *file = (Safetensors){0};
}

const Tensor *safetensors_find(const Safetensors *file, const char *name) {
    int low = 0, high = file->count;
    while (low < high) {
        int middle = low + (high - low) / 2, order = strcmp(file->by_name[middle]->name, name);
        if (order == 0) return file->by_name[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

const char *safetensors_metadata(const Safetensors *file, const char *key) {
    const String *all = &file->metadata;
    for (size_t at = 0; at < all->length;) {
        const char *name = all->text + at, *value = name + strlen(name) + 1;
        if (strcmp(name, key) == 0) return value;
        at = (size_t)(value - all->text) + strlen(value) + 1;
    }
    return NULL;
}
