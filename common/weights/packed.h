/* packed - a model's weights in little more than a quarter of their bytes, for the page that brings a model with it:
 * matrices as whole numbers from -127 to 127, in groups of 32 that share a scale; all else as it is, in F32. A weight
 * is then at most half a scale away, which is 1/254 of the largest of its group. Told in no stage; view/living opens
 * it.
 *
 * It is a safetensors file. A packed tensor NAME is U8 (the number plus 128), and NAME.scale F16 has one for each 32
 * numbers, in order. __metadata__ says "packed": "int8 in groups of 32". */
#ifndef WEIGHTS_PACKED_H
#define WEIGHTS_PACKED_H
#include "base/files.h"

enum { PACKED_GROUP = 32 };

/* model.safetensors at `path`, packed: the bytes of such a file. Tensors that are no floats are left out, as no model
 * reads them. Fails as safetensors_open does. You free them. */
Bytes packed_bytes(const char *path);

/* The bytes of a model.safetensors whose numbers are what the packed file at `path` says. EXIT_DATA when it is none.
 * You free them. */
Bytes packed_read(const char *path);
#endif
