/* mask_json - a mask in a config.json: each knob by its name, the tokens that global_at names as a list, a picture as
 * the lines that mask_print writes:
 *
 *     "causal": true, "window": 4, ..., "global_at": [0, 7], "picture": ["#..", "##.", "###"]
 *
 * Told in no stage: 15 saves, and whoever opens the model looks at it under the mask that it has learnt. */
#ifndef WEIGHTS_MASK_JSON_H
#define WEIGHTS_MASK_JSON_H
#include "attention/mask_options.h"
#include "base/json.h"

enum { MASK_JSON_MOST = 4000 }; /* the largest side of a picture whose file json_read takes */

/* Appends the members, without braces. A picture's side is at most MASK_JSON_MOST (asserted). */
void mask_json_add(String *out, Mask mask);

/* Reads them for n tokens from an object of `file`, NULL being an empty one. What is not there is 0, and `causal` true:
 * a foreign GPT-2 says nothing. EXIT_DATA with one line for what makes no sense among n tokens. The title stays NULL.
 * You free it. */
NamedMask mask_json_read(const char *file, const json_t *object, int n);
#endif
