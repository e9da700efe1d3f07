/* mask_list - several masks in one option, for comparing them: "none,local:1,global-local:1:1,local:2+causal". Told in
 * stages/10_masks. */
#ifndef ATTENTION_MASK_LIST_H
#define ATTENTION_MASK_LIST_H
#include "attention/mask_options.h"

typedef struct {
    MaskOptions options; /* as if given by --mask and its parameters, all filled in */
    NamedMask mask;      /* owned */
} ListedMask;

typedef struct {
    ListedMask *at; /* owned */
    int count;
} MaskList;

/* Reads the list for n tokens. An item is the name of a --mask, `padding` (only the first L tokens are real keys) or
 * `file` (the pattern of base->file); then its numbers behind colons: local:W, sliding:W, global-local:W:G,
 * dilated:W:D, prefix:P, chunked:C, padding:L; then +causal. A number that is not there comes from base, or else from
 * n. base->global_at counts for all but `none`. `option` is for messages. EXIT_USAGE, with one line that says what
 * makes sense, or as mask_from_options. You free it. */
MaskList mask_list_read(const char *option, const char *text, const MaskOptions *base, int n);
void mask_list_free(MaskList *list);

/* One mask as a list: what --mask asks for, with padding behind the first `valid` tokens (0: none). */
MaskList mask_list_of(const MaskOptions *options, int valid, int n);

/* Padding for a mask that has a name: only the first `valid` tokens are real keys. */
void named_mask_pad(NamedMask *mask, int valid);
#endif
