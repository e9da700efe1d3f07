/* foreign - what people really have where a model.safetensors should be, and what to do about each. */
#ifndef WEIGHTS_FOREIGN_H
#define WEIGHTS_FOREIGN_H
#include <stddef.h>

/* For bytes that cannot be a safetensors file: ends the program with EXIT_DATA and advice when they are a git-LFS
 * pointer, a web page, a PyTorch pickle or archive, GGUF, HDF5, NumPy, ONNX, an index of shards, JSON, a packed file
 * or a short text. Returns when they are none of these. `path` is for the message. */
void foreign_refuse(const char *path, const unsigned char *bytes, size_t size);

/* The path of a model folder's model.safetensors. Fails with EXIT_ENVIRONMENT when there is neither it nor the
 * folder, and with EXIT_DATA and advice when the folder holds the weights in another form (pytorch_model.bin,
 * shards, ...) or under another name (my_model.safetensors). You free it. */
char *foreign_weights_path(const char *folder);
#endif
