/* page_files - the files of show/page/ as bytes inside the program. Made by `make` (show/page/embed.sh); show/page puts
 * them together. Told in stages/20_atlas. */
#ifndef SHOW_PAGE_FILES_H
#define SHOW_PAGE_FILES_H
#include <stddef.h>

typedef struct {
    const char *name;  /* "page.html", "main.js", "engine.wasm.gz" */
    const char *bytes; /* [size], and a 0 behind them */
    size_t size;       /* of WebAssembly: 0 where there was no compiler for it */
} PageFile;

extern const PageFile PAGE_FILES[]; /* ends with a name of NULL */
#endif
