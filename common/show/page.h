/* page - the files of show/page/ and a block of numbers become one HTML file that needs no other: styles, modules, the
 * library as WebAssembly and the block stand in it. Told in stages/20_atlas.
 *
 * What a stranger wrote (tokens, file names) travels in the block only, as base64; of it nothing but the title stands
 * in the HTML, escaped. */
#ifndef SHOW_PAGE_H
#define SHOW_PAGE_H
#include "base/files.h"
#include "base/memory.h"

/* Whether the library was compiled for the page (clang, lld and wasi-libc were there when the course was built). */
bool page_has_engine(void);

/* What safetensors_bytes gave, and the id by which engine.js finds it: "block" is the text that the page opens with,
 * the others are beside it. Or a file of the model that a living page holds: then the id is its name. */
enum { MOST_BLOCKS = 48 };
typedef struct {
    const char *id; /* letters, digits, '-', '_', '.'; borrowed, as the bytes are */
    Bytes bytes;
    bool is_model;
} PageBlock;

/* Writes the page, whole or not at all. figures: markup (show/markup) for its measures; NULL: none. */
void page_write(const char *path, const char *title, const PageBlock *blocks, int count, const char *figures);

/* Appends base64, and a text with <, >, & and quotes as HTML writes them. */
void base64_add(String *out, const void *bytes, size_t size);
void html_add(String *out, const char *text);
#endif
