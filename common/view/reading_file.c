/* A Reading out of a safetensors file. Declared in reading.h. */
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/room.h"
#include "show/label.h"
#include "text/bpe_names.h"
#include "text/utf8.h"
#include "view/reading.h"
#include "weights/mask_json.h"
#include "weights/safetensors.h"

#include <limits.h>
#include <math.h>
#include <string.h>

typedef struct {
    const char *path;
    Safetensors tensors;
    Trace *trace;
    double exact; /* how far from 1 the sum of a row may be: the file's numbers may be short ones */
} Source;

/* ---- tensors ---- */

/* The tensor of that name when its shape is the expected one (0: any size from 1), with what each size is called for
 * the message; NULL when the file has none. */
static const Tensor *find(const Source *s, const char *name, int axes, const int *shape, const char *expected) {
    const Tensor *tensor = safetensors_find(&s->tensors, name);
    char text[128];
    if (!tensor) return NULL;
    bool good = tensor->axes == axes;
    for (int i = 0; i < axes && good; i++)
        good = shape[i] ? tensor->shape[i] == (size_t)shape[i] : tensor->shape[i] >= 1 && tensor->shape[i] <= INT_MAX;
    if (!good)
        fail(EXIT_DATA, "%s: tensor \"%s\" has shape %s (expected %s)", s->path, name, tensor_shape_text(tensor, text),
             expected);
    return tensor;
}

/* Matrix number `at` of those that lie one behind the other in the tensor; every number must be one. You free it. */
static Mat read_mat(const Source *s, const Tensor *tensor, int at, int rows, int cols) {
    Mat m = mat_new(rows, cols);
    size_t each = (size_t)rows * (size_t)cols;
    tensor_floats(tensor, s->path, (size_t)at * each, each, m.data);
    for (size_t i = 0; i < each; i++)
        if (!isfinite(m.data[i]))
            fail(EXIT_DATA, "%s: tensor \"%s\": number %zu is %g (expected finite numbers)", s->path, tensor->name,
                 (size_t)at * each + i, (double)m.data[i]);
    return m;
}

static const Tensor *open_maps(Source *s) {
    Trace *t = s->trace;
    const Tensor *maps = find(s, "attentions", 4, (int[]){0, 0, 0, 0}, "layers, heads, tokens, tokens");
    if (!maps) fail(EXIT_DATA, "%s: no tensor \"attentions\" (expected layers, heads, tokens, tokens)", s->path);
    if (maps->shape[2] != maps->shape[3] || maps->shape[1] > INT_MAX / maps->shape[2])
        fail(EXIT_DATA, "%s: tensor \"attentions\" has %zu heads of %zu x %zu (expected one side, the tokens)", s->path,
             maps->shape[1], maps->shape[2], maps->shape[3]);
    t->layers = (int)maps->shape[0], t->heads = (int)maps->shape[1], t->n = (int)maps->shape[2];
    s->exact = maps->type == TYPE_F16 || maps->type == TYPE_BF16 ? 1e-2 : 1e-4;
    return maps;
}

/* q, k or v of all layers, which must be as wide as those that were there before. */
static const Tensor *open_vectors(const Source *s, const char *name) {
    Trace *t = s->trace;
    const Tensor *all =
        find(s, name, 3, (int[]){t->layers, t->n, t->width}, "layers, tokens, width as the others have");
    if (!all) return NULL;
    if (all->shape[2] % (size_t)t->heads)
        fail(EXIT_DATA, "%s: tensor \"%s\" has %zu columns (expected a multiple of the %d heads)", s->path, name,
             all->shape[2], t->heads);
    t->width = (int)all->shape[2];
    return all;
}

/* What is added to the scores: one number for each head and distance, or one for each pair. */
static void read_bias(const Source *s) {
    Trace *t = s->trace;
    const Tensor *bias = safetensors_find(&s->tensors, "bias");
    if (!bias) return;
    bool pairs = bias->axes == 3;
    if (!pairs && t->n > INT_MAX / 2) fail(EXIT_DATA, "%s: a bias of %d tokens is too large", s->path, t->n);
    find(s, "bias", pairs ? 3 : 2, pairs ? (int[]){t->heads, t->n, t->n} : (int[]){t->heads, 2 * t->n - 1},
         "heads, 2 tokens - 1; or heads, tokens, tokens");
    t->bias = pairs ? read_mat(s, bias, 0, t->heads * t->n, t->n) : read_mat(s, bias, 0, t->heads, 2 * t->n - 1);
}

static void read_trace(Source *s, float scale) {
    Trace *t = s->trace;
    const Tensor *maps = open_maps(s), *q = open_vectors(s, "q"), *k = open_vectors(s, "k"), *v = open_vectors(s, "v");
    if (!q != !k)
        fail(EXIT_DATA, "%s: tensor \"%s\" without \"%s\" (expected both or none)", s->path, q ? "q" : "k",
             q ? "k" : "q");
    room_check(((double)maps->count * 2 + 3.0 * t->layers * t->n * t->width) * sizeof(float), "its maps need",
               "fewer layers or a shorter text");
    t->maps = memory_new((size_t)t->layers, sizeof *t->maps, "the maps");
    t->attention = memory_new((size_t)t->layers, sizeof *t->attention, "the layers");
    read_bias(s);
    for (int l = 0; l < t->layers; l++) {
        Attention *a = &t->attention[l];
        t->maps[l] = read_mat(s, maps, l, t->heads * t->n, t->n);
        *a = (Attention){.heads = t->heads, .scale = scale, .bias = t->bias};
        if (q) a->q = read_mat(s, q, l, t->n, t->width), a->k = read_mat(s, k, l, t->n, t->width);
        if (v) a->v = read_mat(s, v, l, t->n, t->width);
    }
    const Tensor *hidden = find(s, "hidden_states", 3, (int[]){t->layers + 1, t->n, 0}, "layers + 1, tokens, width");
    if (!hidden) return;
    t->hidden = memory_new((size_t)t->layers + 1, sizeof *t->hidden, "the hidden states");
    for (int l = 0; l <= t->layers; l++) t->hidden[l] = read_mat(s, hidden, l, t->n, (int)hidden->shape[2]);
}

/* ---- metadata ---- */

/* What stands in __metadata__ under that key, as JSON; NULL when nothing does. Free it with json_decref. */
static json_t *metadata(const Source *s, const char *key) {
    const char *text = safetensors_metadata(&s->tensors, key);
    if (!text) return NULL;
    char *list = text_format("[%s]", text); /* a number alone is no JSON text to our reader */
    json_error_t error;
    json_t *values = json_try(s->path, list, strlen(list), &error);
    if (json_array_size(values) != 1)
        fail(EXIT_DATA, "%s: %s in __metadata__ is no JSON%s%s", s->path, key, *error.text ? ": " : "", error.text);
    json_t *value = json_incref(json_array_get(values, 0));
    json_decref(values);
    memory_free(list);
    return value;
}

static float read_scale(const Source *s) {
    json_t *value = metadata(s, "scale");
    double scale = value ? json_number_value(value) : 0;
    json_decref(value);
    if (value && !(scale > 0 && scale <= 1e6))
        fail(EXIT_DATA, "%s: scale in __metadata__ is no number above 0 (expected one, such as 0.125)", s->path);
    return (float)scale;
}

static void check_heads(const Source *s) {
    json_t *value = metadata(s, "heads");
    bool good = !value || (json_is_integer(value) && json_integer_value(value) == s->trace->heads);
    json_decref(value);
    if (!good)
        fail(EXIT_DATA, "%s: heads in __metadata__ is not the %d that \"attentions\" has", s->path, s->trace->heads);
}

/* Does the vocabulary write bytes as GPT-2's does, a space as U+0120? Nobody says; the tokens show it. */
static bool spells_bytes(char *const *tokens, int n) {
    bool all = true, one = false;
    for (int i = 0; i < n && all; i++) {
        size_t size = strlen(tokens[i]), count;
        char *bytes = memory_new(size + 1, 1, "a token");
        all = strncmp(tokens[i], "##", 2) != 0 && bpe_name_bytes(tokens[i], size, bytes, &count);
        one = one || strncmp(tokens[i], "\xC4\xA0", 2) == 0 || strncmp(tokens[i], "\xC4\x8A", 2) == 0;
        memory_free(bytes);
    }
    return all && one;
}

/* What people are shown of a token. You free it. */
static char *label_of(const char *token, bool bytes) {
    char *text = text_replaced(token, "\xE2\x96\x81", " "); /* SentencePiece's sign for a space */
    size_t size = strlen(text);
    if (bytes) bpe_name_bytes(token, size, text, &size);
    bool is_space = size == 1 && *text == ' ';
    char *label = utf8_shown(is_space ? "\xE2\x90\xA3" : text, is_space ? 3 : size, LABEL_ALL);
    memory_free(text);
    return label;
}

/* A name in brackets, as vocabularies call what stands for no text: [CLS], <s>, <|endoftext|>; <0x0A> is a byte. */
static TokenRole role_of(const char *token) {
    size_t size = strlen(token);
    bool square = size > 2 && *token == '[' && token[size - 1] == ']';
    bool angle = size > 2 && *token == '<' && token[size - 1] == '>' && strncmp(token, "<0x", 3) != 0;
    return square || angle ? ROLE_SPECIAL : strncmp(token, "##", 2) == 0 && size > 2 ? ROLE_PIECE : ROLE_WORD;
}

static void read_tokens(const Source *s, Reading *r) {
    int n = s->trace->n;
    json_t *list = metadata(s, "tokens");
    if (!list)
        fail(EXIT_DATA,
             "%s: no tokens in __metadata__ (expected a JSON list of %d texts). Try: the lines of Python in "
             "docs/any_model.md",
             s->path, n);
    if (!json_is_array(list) || json_array_size(list) != (size_t)n)
        fail(EXIT_DATA, "%s: tokens in __metadata__ are %s of %zu, but \"attentions\" has %d token%s", s->path,
             json_is_array(list) ? "a list" : "no list, but a value", json_array_size(list), n, PLURAL(n));
    r->spelled = memory_new((size_t)n, sizeof *r->spelled, "the tokens");
    r->labels = memory_new((size_t)n, sizeof *r->labels, "the tokens");
    r->roles = memory_new((size_t)n, sizeof *r->roles, "the tokens' roles");
    r->encoding.n = n;
    for (int i = 0; i < n; i++) {
        const char *token = json_string_value(json_array_get(list, (size_t)i));
        if (!token) fail(EXIT_DATA, "%s: tokens[%d] in __metadata__ is no text (expected texts alone)", s->path, i);
        r->spelled[i] = text_copy(token, strlen(token));
        r->roles[i] = role_of(token);
    }
    json_decref(list);
    bool bytes = spells_bytes(r->spelled, n);
    for (int i = 0; i < n; i++) r->labels[i] = label_of(r->spelled[i], bytes);
}

/* [n] of a tensor of whole numbers from 0; false when the file has none. */
static bool read_whole(const Source *s, const char *name, int *out) {
    const Tensor *tensor = find(s, name, 1, (int[]){s->trace->n}, "one number a token");
    if (!tensor) return false;
    if (tensor->type != TYPE_I64)
        fail(EXIT_DATA, "%s: tensor \"%s\" is of type %s (expected I64)", s->path, name, tensor->type_name);
    for (size_t i = 0; i < tensor->count; i++) {
        uint64_t number = 0;
        for (int byte = 0; byte < 8; byte++) number |= (uint64_t)tensor->data[i * 8 + (size_t)byte] << 8 * byte;
        if (number > INT_MAX)
            fail(EXIT_DATA, "%s: tensor \"%s\": number %zu is not from 0 to %d", s->path, name, i, INT_MAX);
        out[i] = (int)number;
    }
    return true;
}

/* Without ids, equal tokens get equal numbers: whoever looks for the same token finds it. */
static void read_ids(const Source *s, Reading *r) {
    int n = s->trace->n;
    r->encoding.ids = memory_new((size_t)n, sizeof *r->encoding.ids, "the ids");
    r->encoding.types = memory_new((size_t)n, sizeof *r->encoding.types, "the segments");
    r->has_ids = read_whole(s, "input_ids", r->encoding.ids);
    for (int i = 0; i < n && !r->has_ids; i++) {
        int at = 0;
        while (strcmp(r->spelled[at], r->spelled[i]) != 0) at++;
        r->encoding.ids[i] = at;
    }
    r->has_types = read_whole(s, "token_type_ids", r->encoding.types);
    for (int i = 0; i < n; i++) {
        if (r->encoding.types[i] > 1)
            fail(EXIT_DATA, "%s: token %d is of segment %d (expected 0 or 1)", s->path, i, r->encoding.types[i]);
        r->is_pair = r->is_pair || r->encoding.types[i] == 1;
    }
}

/* ---- the mask, and all of it ---- */

/* "none", "causal", or the knobs by name, as --export writes them; false when the file says nothing. */
static bool read_mask(const Source *s, Reading *r) {
    const char *text = safetensors_metadata(&s->tensors, "mask");
    char *place = text_format("%s: mask in __metadata__", s->path);
    bool word = text && (strcmp(text, "none") == 0 || strcmp(text, "causal") == 0);
    if (word) {
        r->own.rule.causal = strcmp(text, "causal") == 0;
    } else if (text) {
        json_t *knobs = metadata(s, "mask");
        if (!json_is_object(knobs)) fail(EXIT_DATA, "%s is no mask (expected none, causal or {\"window\": 3})", place);
        if (!json_object_get(knobs, "causal")) json_object_set_new(knobs, "causal", json_false());
        r->own = mask_json_read(place, knobs, s->trace->n);
        json_decref(knobs);
    }
    r->own.title = text_format("as in the file");
    memory_free(place);
    return text != NULL;
}

void reading_read(Reading *r) {
    const char *path = r->reader->folder;
    Source source = {path, safetensors_open(path), &r->trace, 0};
    read_trace(&source, read_scale(&source));
    check_heads(&source);
    read_tokens(&source, r);
    read_ids(&source, r);
    r->trace.tokens = r->labels;
    bool known = read_mask(&source, r);
    safetensors_close(&source.tensors);
    reading_file_check(r, known, source.exact);
}
