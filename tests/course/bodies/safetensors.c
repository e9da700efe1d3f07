/* Files of the safetensors format, right and wrong, made here: how reading one ends (0: well, 1: it is refused), and
 * type, elements and place of each tensor. */
#include "judge.h"
#include "weights/safetensors.h"

#include <stdio.h>
#include <string.h>

enum { NUMBERS = 4, ROOM = 4096 };

typedef struct {
    char bytes[ROOM];
    size_t size;
} File;

/* A header of this text, `claimed` bytes long as its first 8 bytes say, and so many bytes of data. */
static File file_of(const char *header, unsigned long long claimed, size_t data) {
    File file = {.size = 8 + strlen(header) + data};
    for (int i = 0; i < 8; i++) file.bytes[i] = (char)(claimed >> 8 * i & 255);
    memcpy(file.bytes + 8, header, strlen(header));
    return file;
}

static void expect(const File *file, const char *words, int code, const long long *numbers, int count) {
    input("%s", words);
    give_text(file->bytes, file->size);
    ask();
    const long long ended = got_int();
    check_that(ended == code, "exit code %d (%s); got %lld", code, code ? "refused" : "read", ended);
    check_int("numbers of the table", got_int(), count);
    for (int i = 0; i < count; i++) {
        char name[64];
        static const char *const what[NUMBERS] = {"type", "elements", "begin", "bytes"};
        snprintf(name, sizeof name, "tensor %d: %s", i / NUMBERS, what[i % NUMBERS]);
        check_int(name, got_int(), numbers[i]);
    }
}

static void good(const char *header, size_t data, const long long *numbers, int count) {
    const File file = file_of(header, strlen(header), data);
    expect(&file, header, 0, numbers, count);
}

static void bad(const char *header, size_t data) {
    const File file = file_of(header, strlen(header), data);
    expect(&file, header, 1, NULL, 0);
}

static void headers(void) {
    static const char one[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    const unsigned long long claims[] = {
        sizeof one, sizeof one + 7, 1 << 20, (16 << 20) + 1, 1ULL << 62, ~0ULL, 1, 0, sizeof one - 1 + (1ULL << 32)};
    File file = file_of(one, sizeof one - 1, 4);
    expect(&file, one, 0, (const long long[]){TYPE_F32, 1, 0, 4}, 4);
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        char words[160];
        file = file_of(one, claims[i], 4);
        snprintf(words, sizeof words, "%s, and a length of %llu", one, claims[i]);
        expect(&file, words, 1, NULL, 0);
    }
    file = file_of("{}", 10, 0);
    expect(&file, "{}, and a length of 10", 1, NULL, 0);
    for (size_t cut = 0; cut < 12; cut++) {
        char words[64];
        file = file_of(one, sizeof one - 1, 0), file.size = cut;
        snprintf(words, sizeof words, "the first %zu bytes of a file", cut);
        expect(&file, words, 1, NULL, 0);
    }
}

void check(void) {
    headers();
    good("{}", 0, NULL, 0);
    good("{\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[12,20]},"
         "\"a\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12]}}",
         20, (const long long[]){TYPE_F16, 6, 0, 12, TYPE_I64, 1, 12, 8}, 8);
    good("{\"a\":{\"dtype\":\"F4\",\"shape\":[6],\"data_offsets\":[0,3]}}", 3, (const long long[]){TYPE_OTHER, 6, 0, 3},
         4);
    good("{\"a\":{\"dtype\":\"F32\",\"shape\":[5,0],\"data_offsets\":[0,0]}}", 0,
         (const long long[]){TYPE_F32, 0, 0, 0}, 4);
    bad("{\"a\":{\"dtype\":\"F4\",\"shape\":[5],\"data_offsets\":[0,3]}}", 3);
    bad("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4);
    bad("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
    bad("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0);
    bad("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,0]}}", 4);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0]}}", 4);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4,4]}}", 4);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,-4]}}", 4);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4.0]}}", 4);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\"0,4\"}}", 4);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[1,5]}}",
        4); /* what follows has as many bytes as the tensors together: only their places are wrong */
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
        "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,7]}}",
        8);
    bad("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
        "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[5,9]}}",
        8);
}
