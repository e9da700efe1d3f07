#include "show/page/unicode.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "text/unicode_table.h"
#include <stdlib.h>
#include <utf8proc.h>

typedef struct {
    int32_t first, last, step, by;
} LowerRun;

typedef struct {
    int32_t character, part[UNICODE_PARTS];
    int parts;
} Decomposition;

static struct {
    unsigned char *category, *class; /* [UNICODE_END] */
    LowerRun *lower;
    Decomposition *nfd;
    size_t lowers, nfds;
} table;

typedef struct {
    const char *path;
    const unsigned char *at, *end;
} Source;

static uint32_t number(Source *s) {
    uint32_t value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
        if (s->at == s->end) break;
        value |= (uint32_t)(*s->at & 127) << shift;
        if (*s->at++ < 128) return value;
    }
    fail(EXIT_DATA, "%s: not a table of characters", s->path);
}

static int32_t signed_number(Source *s) {
    uint32_t value = number(s);
    return value & 1 ? -(int32_t)(value / 2) - 1 : (int32_t)(value / 2);
}

static unsigned char *read_runs(Source *s) {
    unsigned char *kind = memory_new(UNICODE_END, 1, "the table of characters");
    for (uint32_t at = 0, end; at < UNICODE_END;) {
        end = at + number(s);
        unsigned char one = (unsigned char)number(s);
        if (end > UNICODE_END) fail(EXIT_DATA, "%s: not a table of characters", s->path);
        while (at < end) kind[at++] = one;
    }
    return kind;
}

static void read_lower_case(Source *s) {
    table.lowers = number(s);
    table.lower = memory_new(table.lowers, sizeof *table.lower, "the table of characters");
    int32_t before = 0;
    for (size_t i = 0; i < table.lowers; i++) {
        LowerRun *run = &table.lower[i];
        run->first = before + (int32_t)number(s);
        int32_t count = (int32_t)number(s);
        run->step = (int32_t)number(s), run->by = signed_number(s);
        run->last = before = run->first + (count - 1) * run->step;
    }
}

static void read_decompositions(Source *s) {
    table.nfds = number(s);
    table.nfd = memory_new(table.nfds, sizeof *table.nfd, "the table of characters");
    int32_t before = 0, last[UNICODE_PARTS] = {0};
    for (size_t i = 0; i < table.nfds; i++) {
        Decomposition *d = &table.nfd[i];
        d->character = before += (int32_t)number(s);
        d->parts = (int)number(s);
        for (int p = 0; p < d->parts && p < UNICODE_PARTS; p++) d->part[p] = last[p] += signed_number(s);
    }
}

void unicode_open(const char *path) {
    Bytes bytes = file_read(path);
    Source source = {path, (const unsigned char *)bytes.data, (const unsigned char *)bytes.data + bytes.size};
    table.category = read_runs(&source), table.class = read_runs(&source);
    read_lower_case(&source);
    read_decompositions(&source);
    bytes_free(&bytes);
}

/* ---- the names of utf8proc ---- */

static bool is_character(int32_t character) {
    return character >= 0 && character < UNICODE_END;
}

utf8proc_category_t utf8proc_category(utf8proc_int32_t character) {
    return is_character(character) ? (utf8proc_category_t)table.category[character] : UTF8PROC_CATEGORY_CN;
}

const utf8proc_property_t *utf8proc_get_property(utf8proc_int32_t character) {
    static utf8proc_property_t property;
    property.combining_class = is_character(character) ? table.class[character] : 0;
    return &property;
}

static int against_run(const void *key, const void *entry) {
    const int32_t *character = key;
    const LowerRun *run = entry;
    return (*character > run->last) - (*character < run->first);
}

static int against_whole(const void *key, const void *entry) {
    const int32_t *character = key;
    const Decomposition *d = entry;
    return (*character > d->character) - (*character < d->character);
}

utf8proc_int32_t utf8proc_tolower(utf8proc_int32_t character) {
    const LowerRun *run = bsearch(&character, table.lower, table.lowers, sizeof *run, against_run);
    return run && (character - run->first) % run->step == 0 ? character + run->by : character;
}

int utf8proc_charwidth(utf8proc_int32_t character) {
    (void)character;
    return 1;
}

/* A Hangul syllable is two or three letters, counted through in order. */
static int hangul(int32_t character, int32_t *out) {
    enum { VOWELS = 21, ENDS = 28 };
    int32_t at = character - HANGUL_FIRST, end = at % ENDS;
    out[0] = 0x1100 + at / (VOWELS * ENDS), out[1] = 0x1161 + at / ENDS % VOWELS, out[2] = 0x11A7 + end;
    return end ? 3 : 2;
}

utf8proc_ssize_t utf8proc_decompose_char(utf8proc_int32_t character, utf8proc_int32_t *out, utf8proc_ssize_t room,
                                         int options, int *boundary) {
    (void)room, (void)options, (void)boundary; /* common/ asks for NFD, with room for four */
    if (character >= HANGUL_FIRST && character < HANGUL_END) return hangul(character, out);
    const Decomposition *d = bsearch(&character, table.nfd, table.nfds, sizeof *d, against_whole);
    for (int i = 0; d && i < d->parts; i++) out[i] = d->part[i];
    if (!d) out[0] = character;
    return d ? d->parts : 1;
}
