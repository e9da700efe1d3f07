/* The rooms of a runner, and one case served. */
#include "runner.h"
#include "base/memory.h"
#include "base/room.h"
#include "serve.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A buffer of printf, or one that is kept for the next call, is allocated once: so one case that leaves something is no
 * leak yet, and who has come so far has most cases right. */
enum { LEAKING_CASES = 3 };
enum { MOST_ROOMS = 2304, BESIDE = 64 /* bytes before and behind a room */ };
/* What stands beside a room: as floats 1e24 and more, as ints 1.7 billion and more. The rooms of a case differ in it,
 * so that it shows when too much is copied from one to another. */
enum { FOREIGN = 0x67, FOREIGN_KINDS = 8 };
/* What stands in a room that nobody has filled: near 0 as no kind of number. */
enum { UNFILLED = 0x5A };

/* `size` bytes at `base`, of which `rows` rows of `row` bytes, `stride` apart from `first` on, are the function's. */
typedef struct {
    const char *name;
    unsigned char *base, *before; /* [size] each; before: as it was handed out */
    size_t size, first, rows, row, stride;
    bool kept;
} Room;

static struct {
    Message *request, *reply;
    Room rooms[MOST_ROOMS];
    int count, cases;
    int leaking; /* cases behind which more blocks were left than there were before */
    bool guarded;
    jmp_buf not_started;
} serving;

/* ---- Rooms ---- */

/* A room of `rows` rows of `row` bytes with `gap` bytes between them, a float of these before the first; where the
 * function's own bytes begin. */
static unsigned char *room_new(const char *name, size_t rows, size_t row, size_t gap, bool kept) {
    if (serving.count == MOST_ROOMS) abort();
    const size_t beside = serving.guarded ? BESIDE : 0, size = 2 * beside + rows * (row + gap);
    Room *room = &serving.rooms[serving.count++];
    *room = (Room){.name = name, .base = malloc(size + 1), .before = malloc(size + 1), .size = size};
    room->first = beside + (gap > 0 ? sizeof(float) : 0), room->rows = rows, room->row = row, room->kept = kept;
    room->stride = row + gap > 0 ? row + gap : 1;
    if (!room->base || !room->before) abort();
    memset(room->base, FOREIGN + serving.count % FOREIGN_KINDS, size);
    return room->base + room->first;
}

/* To be called once the room is filled: what it holds now is what must be beside it, or in it, later. */
static void *room_ready(unsigned char *at) {
    const Room *room = &serving.rooms[serving.count - 1];
    memcpy(room->before, room->base, room->size);
    return at;
}

static bool room_is_whole(const Room *room) {
    for (size_t i = 0; i < room->size; i++) {
        const size_t from = i - room->first; /* wraps before the first row: then its row is none of ours */
        const bool theirs = i >= room->first && from / room->stride < room->rows && from % room->stride < room->row;
        if ((!theirs || room->kept) && room->base[i] != room->before[i]) return false;
    }
    return true;
}

static void rooms_free(void) {
    for (int i = 0; i < serving.count; i++) free(serving.rooms[i].base), free(serving.rooms[i].before);
    serving.count = 0;
}

/* ---- Taking ---- */

/* The judge is believed: what it gives and what the runner takes were written by one author. */
static const void *next(ValueKind kind, size_t item_size, size_t *n) {
    const void *values = message_next(serving.request, kind, item_size, n);
    if (!values) fprintf(stderr, "the runner takes a value of kind %c, which the judge did not give\n", kind), abort();
    return values;
}

long long take_int(void) {
    size_t n;
    int64_t value;
    memcpy(&value, next(VALUE_INT, sizeof value, &n), sizeof value);
    return value;
}

double take_double(void) {
    size_t n;
    double value;
    memcpy(&value, next(VALUE_DOUBLE, sizeof value, &n), sizeof value);
    return value;
}

static void *take_array(const char *name, ValueKind kind, size_t item_size, size_t *n, bool kept) {
    size_t count;
    const void *values = next(kind, item_size, &count);
    unsigned char *room = room_new(name, 1, count * item_size, 0, kept);
    memcpy(room, values, count * item_size);
    if (n) *n = count;
    return room_ready(room);
}

int *take_ints(const char *name, size_t *n) {
    return take_array(name, VALUE_INTS, sizeof(int), n, false);
}

const int *keep_ints(const char *name, size_t *n) {
    return take_array(name, VALUE_INTS, sizeof(int), n, true);
}

float *take_floats(const char *name, size_t *n) {
    return take_array(name, VALUE_FLOATS, sizeof(float), n, false);
}

const float *keep_floats(const char *name, size_t *n) {
    return take_array(name, VALUE_FLOATS, sizeof(float), n, true);
}

const bool *keep_bools(const char *name, size_t *n) {
    return take_array(name, VALUE_TEXT, sizeof(bool), n, true);
}

const char *take_text(size_t *size) {
    size_t length;
    const void *bytes = next(VALUE_TEXT, 1, &length);
    unsigned char *room = room_new("the text", 1, length + 1, 0, true);
    memcpy(room, bytes, length);
    room[length] = '\0';
    if (size) *size = length;
    return room_ready(room);
}

const char **take_texts(const char *name, int *n) {
    *n = (int)take_int();
    const char *texts[MOST_ROOMS];
    if (*n >= MOST_ROOMS) abort();
    for (int i = 0; i < *n; i++) texts[i] = take_text(NULL);
    unsigned char *room = room_new(name, 1, (size_t)*n * sizeof *texts, 0, true);
    memcpy(room, texts, (size_t)*n * sizeof *texts);
    return room_ready(room);
}

/* Columns between a Mat's rows: others for each matrix of a case, and for the same one in the next case. */
static int gap_of_next(void) {
    return 1 + (5 * serving.cases + 2 * serving.count) % 11;
}

static Mat mat_room(const char *name, int rows, int cols, bool kept) {
    const int gap = gap_of_next();
    const size_t row = (size_t)cols * sizeof(float);
    float *cells = (float *)room_new(name, (size_t)rows, row, (size_t)gap * sizeof(float), kept);
    return (Mat){cells, rows, cols, cols + gap};
}

static Mat take_any_mat(const char *name, bool kept) {
    const int rows = (int)take_int(), cols = (int)take_int();
    size_t n;
    const char *cells = next(VALUE_FLOATS, sizeof(float), &n);
    Mat m = mat_room(name, rows, cols, kept);
    const size_t row = (size_t)cols * sizeof(float);
    for (int i = 0; i < rows; i++) memcpy(mat_row(m, i), cells + (size_t)i * row, row);
    room_ready(NULL);
    return m;
}

Mat take_mat(const char *name) {
    return take_any_mat(name, false);
}

Mat keep_mat(const char *name) {
    return take_any_mat(name, true);
}

void *fresh_room(const char *name, size_t n, size_t item_size) {
    unsigned char *room = room_new(name, 1, n * item_size, 0, false);
    memset(room, UNFILLED, n * item_size);
    return room_ready(room);
}

Mat fresh_mat(const char *name, int rows, int cols) {
    Mat m = mat_room(name, rows, cols, false);
    mat_fill(m, -77);
    room_ready(NULL);
    return m;
}

/* ---- Handing back ---- */

void hand_int(long long value) {
    message_add_int(serving.reply, value);
}

void hand_double(double value) {
    message_add_double(serving.reply, value);
}

void hand_ints(const int *values, size_t n) {
    message_add(serving.reply, VALUE_INTS, values, n, sizeof *values);
}

void hand_floats(const float *values, size_t n) {
    message_add(serving.reply, VALUE_FLOATS, values, n, sizeof *values);
}

void hand_text(const char *bytes, size_t size) {
    message_add(serving.reply, VALUE_TEXT, bytes, size, 1);
}

void hand_mat(Mat m) {
    message_add_mat(serving.reply, m);
}

long long memory_peak(void) {
    return serving.guarded ? (long long)room_most_used() : 0;
}

/* ---- One case ---- */

_Noreturn void not_started(void) {
    longjmp(serving.not_started, 1);
}

/* What the function spoiled, as words that say what must hold; "" when nothing. */
static void look_around(char *words, size_t room) {
    *words = '\0';
    for (int i = 0; i < serving.count && !*words; i++) {
        const Room *r = &serving.rooms[i];
        if (room_is_whole(r)) continue;
        snprintf(words, room,
                 r->kept ? "`%s` stays as it is, and nothing beside it is written" : "nothing beside `%s` is written",
                 r->name);
    }
}

static void begin_reply(int state) {
    message_free(serving.reply);
    hand_int(state);
}

static void spoiled(const char *words) {
    begin_reply(SPOILED), hand_text(words, strlen(words));
}

void serve(Message *request, Message *reply, bool guarded) {
    serving.request = request, serving.reply = reply, serving.guarded = guarded;
    serving.cases++;
    begin_reply(SERVED);
    const long blocks = heap_blocks();
    if (setjmp(serving.not_started) == 0) {
        char words[256];
        run_case();
        look_around(words, sizeof words);
        if (*words) spoiled(words);
    } else {
        begin_reply(NOT_STARTED_YET);
    }
    rooms_free();
    if (heap_blocks() > blocks && ++serving.leaking == LEAKING_CASES)
        spoiled("what the function allocates is freed when it returns");
}
