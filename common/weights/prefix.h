/* prefix - names of tensors that a wrapper has put something in front of: `module.`, `model.`, `_orig_mod.`. */
#ifndef WEIGHTS_PREFIX_H
#define WEIGHTS_PREFIX_H
#include "weights/safetensors.h"

/* The tensor PREFIX NAME of a file, or NAME alone, in this order, as transformers looks; NULL: neither is there. */
const Tensor *prefix_find(const Safetensors *file, const char *prefix, const char *name);

/* For a file in which prefix_find finds no `name`, which every model of the family has. When another prefix stands
 * before it, ends the program with EXIT_DATA, says which, and prints a command that takes it off; else returns. */
void prefix_refuse(const Safetensors *file, const char *path, const char *prefix, const char *name);

/* A warning when a file has `name` under `prefix` and without it: those under it count. */
void prefix_warn_of_both(const Safetensors *file, const char *path, const char *prefix, const char *name);

/* A warning when `name`, which the model does without, stands under a prefix where prefix_find does not look. */
void prefix_warn_of_lost(const Safetensors *file, const char *path, const char *what, const char *name);
#endif
