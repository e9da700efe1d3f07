#include "view/relations.h"
#include "attention/mask_list.h"
#include "base/error.h"
#include "view/ablate.h"
#include "view/beside.h"
#include "view/find.h"
#include "view/head_map.h"
#include "view/paths.h"
#include "view/weighted.h"

#include <string.h>

void relations_add(Options *list, Relations *r) {
    option_heading(list, "heads together, and what depends on them");
    option_flag(list, "head-map", &r->head_map, "which heads look alike: distances, and the heads as points");
    option_flag(list, "paths", &r->paths,
                "attention through all layers: rollout and flow; of one --token, layer by layer");
    option_flag(list, "value-weighted", &r->values, "weights times the length of the values they fetch");
    option_text(list, "ablate", "L.H", &r->ablate,
                "switch off head H of layer L (L: all of it; all: one by one): what moves");
    option_text(list, "beside-text", "TEXT", &r->beside_text, "hold the heads against themselves on another text");
    option_text(list, "beside-mask", "MASK", &r->beside_mask, "or under another mask: none, causal, local:2, ...");
    option_text(list, "beside-model", "DIR", &r->beside_model, "or against another model's");
    option_flag(list, "beside-twin", &r->beside_twin, "or against random weights (of --seed): what is noise");
}

void relations_add_files(Options *list, Relations *r) {
    option_output(list, "rollout", "FILE", &r->rollout, "write the rollout, n lines of n numbers; - is stdout");
    option_output(list, "flow", "FILE", &r->flow, "write the flow of all pairs of tokens, in the same form");
    option_output(list, "distances", "FILE", &r->distances,
                  "write the distances of all pairs of heads, layer by layer");
}

bool relations_beside(const Relations *r) {
    return r->beside_text || r->beside_mask || r->beside_model || r->beside_twin;
}

bool relations_asked(const Relations *r) {
    return r->head_map || r->paths || r->values || r->ablate || relations_beside(r);
}

bool relations_written(const Relations *r) {
    return r->rollout || r->flow || r->distances;
}

void relations_write(const Relations *r, const Reading *reading) {
    if (r->rollout) paths_write_rollout(reading, r->rollout);
    if (r->flow) paths_write_flow(reading, r->flow);
    if (r->distances) head_distances_write(reading, r->distances);
}

/* ---- side by side ---- */

/* The same tokens, or another text, by a reader, under a mask. */
static void tell_beside(View *v, const Study *s, const Reader *reader, Bytes text, const MaskOptions *mask,
                        const char *name, const char *other_name) {
    bool same = !text.data;
    ReadingPlan plan = study_plan(s);
    plan.mask = mask;
    Reading other = reading_open(reader, same ? bytes_copy(v->reading->first) : text,
                                 same ? bytes_copy(v->reading->second) : (Bytes){0}, plan);
    reading_pass(&other); /* and no trace_check: a twin's heads are even, and may be */
    if (s->tsv) beside_measures_write(v->reading, &other, s->tsv);
    else view_draw_beside(v, &other, name, other_name);
    reading_free(&other);
}

static void beside_mask(const Relations *r, const Study *s, View *v) {
    MaskList list = mask_list_read("beside-mask", r->beside_mask, &s->mask, v->reading->encoding.n);
    if (list.count != 1)
        fail(EXIT_USAGE, "--beside-mask %s: expected one mask. Try: --beside-mask local:2", r->beside_mask);
    const char *name = v->reading->is_asked ? v->reading->mask.title : "no other mask";
    tell_beside(v, s, v->reading->reader, (Bytes){0}, &list.at[0].options, name, list.names[0]);
    mask_list_free(&list);
}

static void beside_model(const Relations *r, const Study *s, const Common *common, View *v) {
    Reader other = reader_open(r->beside_model, common->threads, false);
    char *name = reader_name(v->reading->reader), *other_name = reader_name(&other);
    tell_beside(v, s, &other, (Bytes){0}, &s->mask, name, other_name);
    memory_free(name), memory_free(other_name);
    reader_free(&other);
}

static void beside_twin(const Study *s, const Common *common, View *v) {
    Reader other = *v->reading->reader; /* the same tokenizer and workers */
    other.model = model_twin(other.model, common->seed);
    char *name = reader_name(&other);
    tell_beside(v, s, &other, (Bytes){0}, &s->mask, name, "its random twin");
    memory_free(name), model_free(other.model);
}

static void beside_text(const Relations *r, const Study *s, View *v) {
    tell_beside(v, s, v->reading->reader, reading_text(r->beside_text), &s->mask, "the first text", "the second text");
}

static void head_map(View *v, uint64_t seed) {
    int *type = types_beyond_twin(v->reading, seed);
    view_draw_head_map(v, type);
    memory_free(type);
}

/* The option that needs weights; NULL: none is given. */
static const char *asks_model(const Relations *r) {
    return r->ablate         ? "--ablate"
           : r->beside_text  ? "--beside-text"
           : r->beside_mask  ? "--beside-mask"
           : r->beside_model ? "--beside-model"
           : r->beside_twin  ? "--beside-twin"
                             : NULL;
}

void relations_tell(const Relations *r, const Study *s, const Common *common, const Reading *reading) {
    if (asks_model(r)) reading_needs(reading, NEEDS_MODEL, asks_model(r));
    if (r->values) reading_needs(reading, NEEDS_VALUES, "--value-weighted");
    bool all = r->ablate && strcmp(r->ablate, "all") == 0;
    bool *off = r->ablate ? heads_parse("--ablate", r->ablate, reading->layers, reading->heads) : NULL;
    View v = study_view(s, common, reading, !(s->tsv && relations_beside(r)));
    if (r->head_map) head_map(&v, common->seed);
    if (r->paths) view_draw_paths(&v);
    if (r->values) view_draw_weighted(&v);
    if (off || all) view_ablate(&v, off);
    if (r->beside_text) beside_text(r, s, &v);
    if (r->beside_mask) beside_mask(r, s, &v);
    if (r->beside_model) beside_model(r, s, common, &v);
    if (r->beside_twin) beside_twin(s, common, &v);
    view_free(&v);
    memory_free(off);
}
