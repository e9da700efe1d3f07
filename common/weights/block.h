/* block - numbers packed for the page: a safetensors block in memory whose large tensors are int16 or bytes with a few
 * scales, and whose __metadata__ holds a JSON text under "page". Told in stages/20_atlas; show/page/engine.js reads it.
 *
 * A packed tensor NAME has a companion NAME.scale, F32 [parts]: the numbers, in order, are cut into so many equal
 * parts, and each is what is stored times its part's scale. Bytes are stored plus 128. */
#ifndef WEIGHTS_BLOCK_H
#define WEIGHTS_BLOCK_H
#include "weights/safetensors.h"

typedef struct {
    TensorOut *tensors; /* [count]; names and data are owned */
    int count;
} Block; /* zeroed is empty */

typedef enum { PACK_FLOATS, PACK_SHORTS, PACK_BYTES } Packing;

/* shape [axes], the numbers one behind the other. */
typedef struct {
    size_t shape[MOST_AXES];
    int axes;
} Shape;
size_t shape_count(Shape shape);

/* Adds data, which is copied, as `packing` says; parts divides the count, and does not count for floats. A part's
 * largest number is exact, all others are at most half a scale away; NaN becomes 0. The name is copied. */
void block_add(Block *block, const char *name, Packing packing, Shape shape, const float *data, size_t parts);
void block_add_ints(Block *block, const char *name, Shape shape, const int *data);

/* What a packed number becomes when it is read back: data [count] in place, for checks. */
void block_round(Packing packing, float *data, size_t count, size_t parts);

/* The file's bytes, and the block is empty again. You free them. */
Bytes block_bytes(Block *block, const char *page);
void block_free(Block *block);
#endif
