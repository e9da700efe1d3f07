/* scan - JSON read in one pass, without a tree. The table of a weight file may hold 100,000 tensors, and jansson's
 * tree of it takes 350 MB; the vocabulary of a tokenizer.json has 30,000 entries, and its tree takes 20 ms. Here the
 * caller walks the text and keeps what it wants.
 *
 * As strict as base/json: the same texts are refused (a test compares the two), wrong UTF-8, \u0000, numbers that do
 * not fit, 2,049 levels and a key that appears twice in any object included. Every error is EXIT_DATA with
 * FILE:line:column. */
#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *text; /* decoded, ends with a 0, lives in Scan.decoded */
    size_t at;        /* where it stands in the scanned text */
} ScanKey;

typedef struct {
    const char *file;          /* for messages; borrowed */
    const char *tensor;        /* the one whose entry is being read, for messages, or NULL; borrowed */
    const unsigned char *text; /* [size]; borrowed */
    size_t size, at;
    int depth;     /* open arrays and objects */
    char *decoded; /* [size + 2] keys and texts without quotes and escapes; owned */
    size_t used;   /* of decoded */
    ScanKey *keys; /* the keys of all open objects, innermost last; owned */
    size_t key_count;
} Scan;

/* Starts before the first value. Nothing is copied: text must outlive the scan. */
Scan scan_begin(const char *file, const unsigned char *text, size_t size);

/* Checks that only white space is left, and gives the block in which the outermost object's keys live. You free it. */
char *scan_end(Scan *scan);

/* Ends it early: what is left is neither read nor checked. */
void scan_drop(Scan *scan);

/* for (ScanObject o = scan_object(scan); scan_key(scan, &o);) { o.key ...; read one value; }
 * A key lives until its object is closed; those of the outermost object live as long as scan_end's block. */
typedef struct {
    const char *key;
    size_t length; /* bytes of the key */
    size_t first_key, used;
    bool started, loose;
} ScanObject;
ScanObject scan_object(Scan *scan);
bool scan_key(Scan *scan, ScanObject *object); /* false: the object is closed */

/* The same for a caller who finds a key that is there twice himself, as a vocabulary does that hashes them. Its keys
 * live as long as scan_end's block. */
ScanObject scan_loose_object(Scan *scan);

/* for (ScanArray a = scan_array(scan); scan_item(scan, &a);) { read one value; } */
typedef struct {
    bool started;
} ScanArray;
ScanArray scan_array(Scan *scan);
bool scan_item(Scan *scan, ScanArray *array); /* false: the array is closed */

/* The first character of the value that comes next: '{', '[', '"', a digit, '-', 't', 'f' or 'n'; 0 at the end. */
char scan_peek(Scan *scan);

/* Reads a text. Borrowed, until the next call. */
const char *scan_text(Scan *scan);

/* Reads a whole number from 0 to 999999999 that is written in digits alone. False, with nothing read, before anything
 * else. */
bool scan_whole(Scan *scan, int *number);

/* Reads any value and gives it as it stands in the file: not decoded, not ended by a 0, borrowed. */
typedef struct {
    const char *text;
    size_t length;
} ScanValue;
ScanValue scan_skip(Scan *scan);

/* Ends the program with EXIT_DATA and FILE:line:column of the byte at offset `at`. */
_Noreturn void scan_fail(const Scan *scan, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
#endif
