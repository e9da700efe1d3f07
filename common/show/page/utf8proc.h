/* For WebAssembly there is no utf8proc: unicode.c has its names, those of them that common/ calls for a model's text,
 * and answers from the table that text/unicode_table made of the real one. */
#ifndef SHOW_PAGE_UTF8PROC_H
#define SHOW_PAGE_UTF8PROC_H
#include <stddef.h>
#include <stdint.h>

typedef int32_t utf8proc_int32_t;
typedef ptrdiff_t utf8proc_ssize_t;

typedef enum {
    UTF8PROC_CATEGORY_CN,
    UTF8PROC_CATEGORY_LU,
    UTF8PROC_CATEGORY_LL,
    UTF8PROC_CATEGORY_LT,
    UTF8PROC_CATEGORY_LM,
    UTF8PROC_CATEGORY_LO,
    UTF8PROC_CATEGORY_MN,
    UTF8PROC_CATEGORY_MC,
    UTF8PROC_CATEGORY_ME,
    UTF8PROC_CATEGORY_ND,
    UTF8PROC_CATEGORY_NL,
    UTF8PROC_CATEGORY_NO,
    UTF8PROC_CATEGORY_PC,
    UTF8PROC_CATEGORY_PD,
    UTF8PROC_CATEGORY_PS,
    UTF8PROC_CATEGORY_PE,
    UTF8PROC_CATEGORY_PI,
    UTF8PROC_CATEGORY_PF,
    UTF8PROC_CATEGORY_PO,
    UTF8PROC_CATEGORY_SM,
    UTF8PROC_CATEGORY_SC,
    UTF8PROC_CATEGORY_SK,
    UTF8PROC_CATEGORY_SO,
    UTF8PROC_CATEGORY_ZS,
    UTF8PROC_CATEGORY_ZL,
    UTF8PROC_CATEGORY_ZP,
    UTF8PROC_CATEGORY_CC,
    UTF8PROC_CATEGORY_CF,
    UTF8PROC_CATEGORY_CS,
    UTF8PROC_CATEGORY_CO
} utf8proc_category_t;

/* A page draws text by itself, so directions and widths are not in the table. */
typedef enum {
    UTF8PROC_BIDI_CLASS_R = 4,
    UTF8PROC_BIDI_CLASS_AL = 5,
    UTF8PROC_BIDI_CLASS_NSM = 14
} utf8proc_bidi_class_t;
typedef struct {
    int16_t combining_class, bidi_class;
} utf8proc_property_t;

enum { UTF8PROC_STABLE = 1 << 1, UTF8PROC_DECOMPOSE = 1 << 4 };

utf8proc_category_t utf8proc_category(utf8proc_int32_t character);
const utf8proc_property_t *utf8proc_get_property(utf8proc_int32_t character);
utf8proc_int32_t utf8proc_tolower(utf8proc_int32_t character);
int utf8proc_charwidth(utf8proc_int32_t character);
utf8proc_ssize_t utf8proc_decompose_char(utf8proc_int32_t character, utf8proc_int32_t *out, utf8proc_ssize_t room,
                                         int options, int *boundary);
#endif
