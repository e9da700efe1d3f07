/* safetensors - the weight file format: an 8-byte length, a JSON table of names, types, shapes and offsets, then the
 * bytes.
 *
 * The reader checks every rule of the format before it hands out a pointer, and never trusts a size: the list is in
 * safetensors.c. It differs from the reference reader where that is lax: a name or key that appears twice is refused
 * (the format says so), and so are a header above 16 MB, a tensor of more than 8 axes, \u0000, "__metadata__": null,
 * and whole numbers from 2^63. It is laxer only in how deep the values may be that it skips. Source: the format's
 * README and the reference implementation; the audit by Trail of Bits (2023) shaped the checks. */
#ifndef WEIGHTS_SAFETENSORS_H
#define WEIGHTS_SAFETENSORS_H
#include "base/files.h"
#include "base/memory.h"
#include <stdint.h>

/* In the order in which the reference writer sorts, the widest first, so that every tensor is aligned; and all that we
 * do not read. */
typedef enum { TYPE_I64, TYPE_F64, TYPE_F32, TYPE_I32, TYPE_BF16, TYPE_F16, TYPE_I16, TYPE_U8, TYPE_OTHER } TensorType;
const char *tensor_type_name(TensorType type); /* "F32"; not of TYPE_OTHER, as is the next one */
size_t tensor_type_size(TensorType type);      /* bytes of one number */

enum { MOST_AXES = 8 };

typedef struct {
    const char *name; /* borrowed from the file */
    TensorType type;
    const char *type_name; /* as the file spells it: also for types that we do not read */
    size_t bits;           /* of one element */
    size_t shape[MOST_AXES];
    int axes;                  /* 0: a single number */
    size_t count;              /* elements */
    const unsigned char *data; /* count elements, little-endian, at any alignment; borrowed: lives as the file does */
    size_t begin, bytes;       /* where they begin, counted from the end of the header, and how many bytes they take */
} Tensor;

typedef struct {
    FileMap map;
    Tensor *tensors;        /* [count] in the order of their data; owned */
    const Tensor **by_name; /* [count] sorted by name, for lookup; owned */
    int count;
    char *names;     /* owned */
    String metadata; /* __metadata__: see safetensors_metadata; owned */
} Safetensors;

/* Maps the file and checks all of it but the numbers: no byte of the data is touched, so opening 440 MB costs what its
 * header costs. Fails with EXIT_DATA, naming the tensor and the rule; other formats (LFS pointer, HTML, pickle, GGUF,
 * ...) are recognised and answered with advice. A header of 16 MB takes half a second and 100 MB of memory at worst,
 * whatever it holds. Close it. */
Safetensors safetensors_open(const char *path);
void safetensors_close(Safetensors *file);

/* The same checks on bytes in memory, for tests and fuzzing: bytes are borrowed and must outlive the result. `name`
 * stands for the path in messages. */
Safetensors safetensors_parse(const char *name, const unsigned char *bytes, size_t size);

/* The tensor, or NULL when the file has none of that name. Borrowed. */
const Tensor *safetensors_find(const Safetensors *file, const char *name);

/* What __metadata__ says under that key, or NULL. Borrowed. */
const char *safetensors_metadata(const Safetensors *file, const char *key);

/* "[768, 768]" into out (an absurdly long shape is cut); returns out. */
char *tensor_shape_text(const Tensor *tensor, char out[128]);

/* Decodes elements first .. first+n-1 (which must exist) into out. F32, F16, BF16, F64; other types fail with EXIT_DATA
 * naming the tensor; `file` is for that message. F64 is rounded to the nearest float, everything else is exact. */
void tensor_floats(const Tensor *tensor, const char *file, size_t first, size_t n, float *out);

/* All elements where they lie, without a copy: NULL unless the type is F32, the data is aligned for floats and this
 * machine is little-endian like the file. Borrowed. */
const float *tensor_in_place(const Tensor *tensor);

/* The 16-bit floats, exact: subnormals, infinities, NaN with its payload. bf16 is the upper half of a float. */
float f16_to_float(uint16_t bits);
float bf16_to_float(uint16_t bits);

/* The nearest 16-bit float, of two that are as near the even one; what is too large becomes infinite. */
uint16_t float_to_f16(float value);

/* ---- writing (safetensors_write.c) ---- */
typedef struct {
    const char *name; /* UTF-8; borrowed */
    TensorType type;  /* any but TYPE_OTHER */
    size_t shape[MOST_AXES];
    int axes;
    const void *data; /* float, double, int64_t, int32_t, int16_t, uint8_t, or uint16_t for the 16-bit floats; dense;
                         borrowed. NULL: zeros */
} TensorOut;

typedef struct {
    const char *key, *value; /* UTF-8; borrowed */
} Metadata;

/* Writes the tensors byte for byte as the reference writer does: widest type first, then by name, header padded to 8
 * bytes. The file appears whole or not at all (base/files). Names must differ (asserted). */
void safetensors_write(const char *path, const TensorOut *tensors, int count);

/* The same, and [notes] texts as __metadata__, in their order. Keys must differ. */
void safetensors_write_with(const char *path, const TensorOut *tensors, int count, const Metadata *metadata, int notes);

/* The bytes that this would write, in memory. You free them. */
Bytes safetensors_bytes(const TensorOut *tensors, int count, const Metadata *metadata, int notes);
#endif
