#include "text/bert_normalizer.h"
#include "base/memory.h"
#include "text/bert_characters.h"
#include "text/utf8.h"

#include <stdlib.h>

/* The stations stand in reverse order here, because each one hands on to the one above it. */

/* 5. Lower case. What 3 made stays as it is. */
static void lower(Normalizer *normalizer, Letter letter) {
    int32_t parts[2] = {letter.character};
    int count = normalizer->rules.lower_case ? bert_lower(letter.character, parts) : 1;
    for (int i = 0; i < count; i++) normalizer->emit(normalizer->context, (Letter){parts[i], letter.first, letter.end});
}

static bool is_dropped(BertRules rules, int32_t character) {
    return (rules.strip_accents && bert_is_mark(character)) || (rules.strip_marks && bert_is_any_mark(character));
}

static int compare_parts(const void *a, const void *b) {
    const Part *left = a, *right = b;
    if (left->class != right->class) return left->class < right->class ? -1 : 1;
    return left->position < right->position ? -1 : 1;
}

/* Canonical order: the marks of one letter by class, equals as they came. Their places in the text do not move with
 * them in the fast tokenizer: in the new order, the first part that is not `added` has the place of the first raw
 * character, the next one that of the next, and an added one shares the place before it. */
static void put_in_order(Normalizer *normalizer) {
    size_t raw = 0;
    Letter *places = memory_new(normalizer->count, sizeof *places, "combining marks");
    for (size_t i = 0; i < normalizer->count; i++)
        if (!normalizer->run[i].added) places[raw++] = normalizer->run[i].letter;
    qsort(normalizer->run, normalizer->count, sizeof *normalizer->run, compare_parts);
    raw = 0;
    for (size_t i = 0; i < normalizer->count; i++) {
        Letter *letter = &normalizer->run[i].letter;
        if (!normalizer->run[i].added) normalizer->place = places[raw++];
        letter->first = normalizer->place.first;
        letter->end = normalizer->place.end;
    }
    memory_free(places);
}

/* 4b. The letter and its marks are complete: order them and drop the marks. */
static void end_run(Normalizer *normalizer) {
    bool ordered = true;
    for (size_t i = 1; i < normalizer->count; i++)
        if (normalizer->run[i - 1].class > normalizer->run[i].class) ordered = false;
    if (!ordered) put_in_order(normalizer);
    for (size_t i = 0; i < normalizer->count; i++) {
        Part part = normalizer->run[i];
        if (!part.added) normalizer->place = part.letter;
        if (!is_dropped(normalizer->rules, part.letter.character)) lower(normalizer, part.letter);
    }
    normalizer->count = 0;
}

static void add_to_run(Normalizer *normalizer, Part part) {
    normalizer->run = memory_for_more(normalizer->run, normalizer->count, sizeof *normalizer->run, "combining marks");
    part.position = normalizer->count;
    normalizer->run[normalizer->count++] = part;
}

/* 4a. Take apart (NFD): a letter of class 0 begins a new run, marks join the run that is there. */
static void take_apart(Normalizer *normalizer, Letter letter) {
    if (!normalizer->rules.strip_accents && !normalizer->rules.take_apart) {
        if (!is_dropped(normalizer->rules, letter.character)) lower(normalizer, letter);
        return;
    }
    int32_t parts[4];
    int count = bert_decompose(letter.character, parts);
    for (int i = 0; i < count; i++) {
        int class = bert_combining_class(parts[i]);
        if (class == 0) end_run(normalizer);
        add_to_run(normalizer, (Part){{parts[i], letter.first, letter.end}, class, i > 0, 0});
    }
}

/* 3. Lower case, where it comes first. */
static void lower_first(Normalizer *normalizer, Letter letter) {
    int32_t parts[2] = {letter.character};
    int count = normalizer->rules.lower_first ? bert_lower(letter.character, parts) : 1;
    for (int i = 0; i < count; i++) take_apart(normalizer, (Letter){parts[i], letter.first, letter.end});
}

void normalizer_feed(Normalizer *normalizer, Letter letter) {
    if (normalizer->rules.clean_text) { /* 1. Clean. */
        if (bert_is_control(letter.character)) return;
        if (bert_is_space(letter.character)) letter.character = ' ';
    }
    if (normalizer->rules.space_cjk && bert_is_cjk(letter.character)) { /* 2. Ideographs stand alone. */
        Letter space = {' ', letter.first, letter.end};
        lower_first(normalizer, space);
        lower_first(normalizer, letter);
        lower_first(normalizer, space);
    } else {
        lower_first(normalizer, letter);
    }
}

void normalizer_end(Normalizer *normalizer) {
    end_run(normalizer);
}

void normalizer_free(Normalizer *normalizer) {
    memory_free(normalizer->run);
    *normalizer = (Normalizer){0};
}

static void append_letter(void *context, Letter letter) {
    char bytes[4];
    string_add_bytes(context, bytes, (size_t)utf8_encode(letter.character, bytes));
}

String normalizer_text(BertRules rules, const char *text, size_t size) {
    String clean = {0};
    Normalizer normalizer = {.rules = rules, .emit = append_letter, .context = &clean};
    for (size_t at = 0; at < size;) normalizer_feed(&normalizer, (Letter){utf8_next(text, size, &at), 0, 0});
    normalizer_end(&normalizer);
    normalizer_free(&normalizer);
    return clean;
}
