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
    ListedMask *at;     /* owned, as are the names */
    const char **names; /* [count] as items of a list: "global-local:1:1", "local:2+causal"; padding that goes with
                           another kind stands behind a comma */
    int count;
} MaskList;

/* Reads the list for n tokens. An item is the name of a kind (MASK_KIND), then its numbers behind colons, in the order
 * of its letters; or `file`, the pattern of base->file; then +causal. A number that is not there comes from base, or
 * else from n. base's padding counts for all, base->global_at for all but none, padding and file. `option` is for
 * messages. EXIT_USAGE, with one line that says what makes sense, or as mask_from_options. You free it. */
MaskList mask_list_read(const char *option, const char *text, const MaskOptions *base, int n);
void mask_list_free(MaskList *list);

/* One mask as a list: what --mask asks for. */
MaskList mask_list_of(const MaskOptions *options, int n);

/* Closes the future of every mask that had left some of it open. */
void mask_list_make_causal(MaskList *list);

/* Appends the forms of an item, "none, causal, local:W, ... or file", in lines of so many columns; 0: in one. */
void mask_list_forms(String *out, int columns);
#endif
