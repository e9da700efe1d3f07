#include "view/heads.h"
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/plural.h"

#include <stdio.h>
#include <string.h>

/* ---- what the tokens are ---- */

/* Of what frames a text ([CLS] A [SEP] B [SEP]) the first token opens it, and those that are not of its kind separate.
 */
unsigned char *reading_marks(const Reading *r) {
    unsigned char *marks = memory_new((size_t)r->encoding.n, sizeof *marks, "the tokens' marks");
    for (int i = 0; i < r->encoding.n; i++) {
        const char *label = r->labels[i];
        if (strcmp(label, ".") == 0 || strcmp(label, ",") == 0) marks[i] |= MARK_PUNCTUATION;
        if (!reading_is_special(r, i)) continue;
        marks[i] |= MARK_SPECIAL;
        if (i > 0 && strcmp(label, r->labels[0]) != 0) marks[i] |= MARK_SEPARATOR;
    }
    return marks;
}

/* ---- measuring ---- */

typedef struct {
    HeadTable *table;
    const Reading *reading;
    const unsigned char *marks;
    Mat maps; /* (heads * n, n) of this layer */
    int layer;
    float *rooms;   /* [workers * measure_room(n)] */
    double *values; /* [workers * measure_count()] */
} Work;

static void measure_head(void *context, int head, int worker) {
    const Work *w = context;
    const HeadTable *t = w->table;
    Measured h = {.map = attention_map(w->maps, w->maps.cols, head),
                  .mask = w->reading->mask.rule,
                  .marks = w->marks,
                  .ids = w->reading->encoding.ids,
                  .room = w->rooms + (size_t)worker * measure_room(w->maps.cols)};
    double *values = w->values + (size_t)worker * (size_t)measure_count();
    measure_all(&h, values);
    for (int m = 0; m < measure_count(); m++) t->value[(m * t->layers + w->layer) * t->heads + head] = values[m];
}

HeadTable head_table_new(const Reading *r) {
    const Trace *trace = &r->trace;
    HeadTable t = {.layers = trace->layers, .heads = trace->heads};
    size_t cells = (size_t)t.layers * (size_t)t.heads;
    t.value = memory_new((size_t)measure_count() * cells, sizeof *t.value, "the measures");
    Workers *workers = r->reader->workers;
    int count = workers_count(workers);
    Work work = {.table = &t,
                 .reading = r,
                 .marks = reading_marks(r),
                 .rooms = memory_new(measure_room(trace->n), (size_t)count * sizeof *work.rooms, "the room to measure"),
                 .values = memory_new((size_t)count * (size_t)measure_count(), sizeof *work.values, "the measures")};
    Shown shown = shown_new();
    for (work.layer = 0; work.layer < t.layers; work.layer++) {
        work.maps = shown_layer(&shown, r, work.layer);
        workers_run(workers, t.heads, measure_head, &work);
    }
    shown_free(&shown);
    memory_free(work.rooms), memory_free(work.values);
    memory_free((void *)(size_t)work.marks);
    return t;
}

void head_table_free(HeadTable *t) {
    memory_free(t->value);
    *t = (HeadTable){0};
}

const double *head_values(const HeadTable *t, int place) {
    return &t->value[place * t->layers * t->heads];
}

double head_value(const HeadTable *t, int place, int layer, int head) {
    return head_values(t, place)[layer * t->heads + head];
}

/* ---- for other programs ---- */

void head_table_write_tsv(const HeadTable *t, const char *path) {
    FileWriter file = file_create(file_or_output(path));
    fprintf(file.stream, "layer\thead");
    for (int m = 0; measure_at(m) && measure_at(m)->plain; m++) fprintf(file.stream, "\t%s", measure_at(m)->name);
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            fprintf(file.stream, "\n%d\t%d", l, h);
            for (int m = 0; measure_at(m) && measure_at(m)->plain; m++)
                fprintf(file.stream, "\t%.9g", head_value(t, m, l, h));
        }
    fprintf(file.stream, "\n");
    file_commit(&file);
}

void head_table_write_json(const HeadTable *t, const Reading *r, const char *path) {
    String text = {0};
    string_add(&text, "{\"tokens\": [");
    for (int i = 0; i < r->encoding.n; i++) {
        string_add(&text, i ? ", " : "");
        json_add_text(&text, r->labels[i], strlen(r->labels[i]));
    }
    string_add(&text, "],\n \"mask\": ");
    json_add_text(&text, r->mask.title, strlen(r->mask.title));
    string_add(&text, ",\n \"heads\": [");
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            string_add(&text, "%s\n  {\"layer\": %d, \"head\": %d", l + h ? "," : "", l, h);
            for (int m = 0; m < measure_count(); m++)
                string_add(&text, ", \"%s\": %.9g", measure_at(m)->name, head_value(t, m, l, h));
            string_add(&text, "}");
        }
    string_add(&text, "]}\n");
    FileWriter file = file_create(file_or_output(path));
    fwrite(text.text, 1, text.length, file.stream);
    file_commit(&file);
    memory_free(text.text);
}

/* ---- for people ---- */

static void unknown(const char *name) {
    String names = {0};
    for (int m = 0; m < measure_count(); m++) string_add(&names, "%s%s", m ? ", " : "", measure_at(m)->name);
    fail(EXIT_USAGE, "no measure %s (there are %s)", name, names.text);
}

HeadSpread head_spread(const HeadTable *t, int place) {
    const double *v = head_values(t, place);
    int count = t->layers * t->heads;
    HeadSpread s = {0};
    for (int i = 0; i < count; i++) {
        s.mean += v[i] / count;
        if (v[i] < v[s.least]) s.least = i;
        if (v[i] > v[s.most]) s.most = i;
    }
    s.low = v[s.least], s.high = v[s.most];
    return s;
}

static void print_spread(const HeadTable *t, int place) {
    HeadSpread s = head_spread(t, place);
    printf("%-22s %8.4f  %2d.%-2d %8.4f  %2d.%-2d %8.4f\n", measure_at(place)->name, s.low, s.least / t->heads,
           s.least % t->heads, s.high, s.most / t->heads, s.most % t->heads, s.mean);
}

static void print_spread_header(void) {
    printf("%-22s %8s  %5s %8s  %5s %8s\n", "measure", "least", "head", "most", "head", "mean");
}

void head_table_print(const HeadTable *t) {
    print_spread_header();
    for (int m = 0; measure_at(m) && measure_at(m)->plain; m++) print_spread(t, m);
}

void measure_explain(const char *name, const HeadTable *t, const Reading *r) {
    int place = measure_place(name);
    if (place < 0) unknown(name);
    const Measure *m = measure_at(place);
    printf("%s = %s\n", m->name, m->formula);
    printf("  range      %s\n  reading    %s\n  reference  %s\n", m->range, m->reading, m->reference);
    if (!t) return;
    int n = r->encoding.n;
    printf("on %s %d token%s, mask: %s\n", n == 1 ? "this" : "these", n, PLURAL(n), r->mask.title);
    print_spread_header();
    print_spread(t, place);
    char *aware = text_format("%s_allowed", strcmp(name, "focus_normalised") == 0 ? "focus" : name);
    int other = measure_place(aware);
    if (other >= 0) print_spread(t, other);
    memory_free(aware);
}
