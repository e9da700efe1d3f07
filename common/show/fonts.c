#include "show/fonts.h"
#include "base/error.h"
#include "show/process.h"
#include "text/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHARACTERS = 0x110000, BOX = 0x25AF };

/* What every font for text has, and what is never drawn: joiners, variation selectors, tags. */
static bool always_drawable(int32_t c) {
    bool invisible = (c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) ||
                     c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
    return c < 0x180 || c == 0x2026 || invisible;
}

static bool is_plain(const String *text) {
    for (size_t at = 0; at < text->length;) {
        int length;
        if (!always_drawable(utf8_decode(text->text + at, text->length - at, &length))) return false;
        at += (size_t)length;
    }
    return true;
}

/* One font's line, `TrueType 20-7e a0-17f 192 ...`: its characters are marked in `have`, a bit each. Pango draws with
 * no other kinds of fonts. */
static void add_font(unsigned char *have, const char *line) {
    if (strncmp(line, "TrueType ", 9) != 0 && strncmp(line, "CFF ", 4) != 0) return;
    for (const char *at = strchr(line, ' '); *at == ' ';) {
        char *end;
        unsigned long first = strtoul(at + 1, &end, 16), last = *end == '-' ? strtoul(end + 1, &end, 16) : first;
        if (end == at + 1) return;
        for (unsigned long c = first; c <= last && c < CHARACTERS; c++) have[c / 8] |= (unsigned char)(1 << c % 8);
        at = end;
    }
}

/* A bit for every character that some font has; NULL when nobody can tell. */
static unsigned char *drawable_characters(void) {
    static const char *const question[] = {"fc-list", "--format", "%{fontformat} %{charset}\n", NULL};
    Process fonts = process_run(".", question, STDOUT_FILENO, 10);
    unsigned char *have = NULL;
    if (fonts.code == 0 && fonts.said.length > 0) {
        have = memory_new(CHARACTERS / 8, 1, "the fonts' characters");
        char *rest = fonts.said.text;
        for (char *line = strtok_r(rest, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) add_font(have, line);
    }
    process_free(&fonts);
    return have;
}

String fonts_drawable(const String *text) {
    String out = {0};
    unsigned char *have = is_plain(text) ? NULL : drawable_characters();
    int missing = 0;
    int32_t first = 0;
    if (!have) {
        string_add_bytes(&out, text->text, text->length);
        return out;
    }
    for (size_t at = 0; at < text->length;) {
        int length;
        int32_t c = utf8_decode(text->text + at, text->length - at, &length);
        bool fine = c < 0 || always_drawable(c) || (have[c / 8] >> c % 8 & 1);
        char box[4];
        if (fine) {
            string_add_bytes(&out, text->text + at, (size_t)length);
        } else {
            string_add_bytes(&out, box, (size_t)utf8_encode(BOX, box));
            if (missing++ == 0) first = c;
        }
        at += (size_t)length;
    }
    memory_free(have);
    if (missing)
        note("no font here has U+%04X%s: drawn as a box. Try: apt install fonts-noto-core fonts-noto-cjk fonts-symbola",
             (unsigned)first, missing > 1 ? " and other characters" : "");
    return out;
}
