#include "text/bert_characters.h"

#include <stddef.h>
#include <utf8proc.h>

typedef struct {
    int32_t first, last;
    bool ordered;
} Range;

/* Where the tokenizer's categories (Unicode 8.0) know no control, mark or punctuation and ours do: such characters are
 * plain letters to it. Where `ordered` is false its normalisation (9.0) does not know them either: no decomposition,
 * combining class 0. Neighbours are joined across characters for which none of this makes a difference. */
static const Range newer[] = {
    {0x061D, 0x061D, false},   {0x07FD, 0x07FD, false},   {0x0890, 0x08D3, false},   {0x08D4, 0x08E2, true},
    {0x09FD, 0x09FE, false},   {0x0A76, 0x0A76, false},   {0x0AFA, 0x0AFF, false},   {0x0B55, 0x0B55, false},
    {0x0C04, 0x0C3C, false},   {0x0C77, 0x0C77, false},   {0x0C84, 0x0C84, false},   {0x0D00, 0x0D00, false},
    {0x0D3B, 0x0D3C, false},   {0x0D81, 0x0D81, false},   {0x0EBA, 0x0EBA, false},   {0x0ECE, 0x0ECE, false},
    {0x1715, 0x1715, false},   {0x180F, 0x1886, false},   {0x1ABF, 0x1ACE, false},   {0x1B7D, 0x1B7E, false},
    {0x1DF6, 0x1DFA, false},   {0x1DFB, 0x1DFB, true},    {0x2E43, 0x2E5D, false},   {0xA82C, 0xA82C, false},
    {0xA8C5, 0xA8C5, false},   {0xA8FF, 0xA8FF, false},   {0xA9BD, 0xA9BD, false},   {0x10D24, 0x10F89, false},
    {0x11070, 0x11074, false}, {0x110C2, 0x110CD, false}, {0x111CF, 0x111CF, false}, {0x1123E, 0x11241, false},
    {0x1133B, 0x1133B, false}, {0x11438, 0x1145D, true},  {0x1145E, 0x1145E, false}, {0x11660, 0x1166C, false},
    {0x116B9, 0x116B9, false}, {0x1182F, 0x11C3D, false}, {0x11C3F, 0x11D41, true},  {0x11D42, 0x11FFF, false},
    {0x12FF1, 0x13455, false}, {0x16E97, 0x16F4F, false}, {0x16FE2, 0x16FF1, false}, {0x1CF00, 0x1CF46, false},
    {0x1E000, 0x1E02A, true},  {0x1E08F, 0x1E4EF, false}, {0x1E944, 0x1E95F, true},
};

/* Where its lower case (Unicode 17.0) is newer than ours: first..last move by `by`. */
static const struct {
    int32_t first, last, by;
} newer_capitals[] = {
    {0x1C89, 0x1C89, 1},      {0xA7CB, 0xA7CB, 0x264 - 0xA7CB},
    {0xA7CC, 0xA7CC, 1},      {0xA7CE, 0xA7CE, 1},
    {0xA7D2, 0xA7D2, 1},      {0xA7D4, 0xA7D4, 1},
    {0xA7DA, 0xA7DA, 1},      {0xA7DC, 0xA7DC, 0x19B - 0xA7DC},
    {0x10D50, 0x10D65, 0x20}, {0x16EA0, 0x16EB8, 0x1B},
};

/* StripAccents has a table of marks of its own, of Unicode 9.0: where it differs from what our categories and
 * `newer[].ordered` say. */
static const int32_t other_marks[][2] = {
    {0x0CF3, 0x0CF3},   {0x1885, 0x1886},   {0x1CF2, 0x1CF3},   {0x1CF7, 0x1CF7},   {0xA8C5, 0xA8C5},
    {0xA9BD, 0xA9BD},   {0x11145, 0x11146}, {0x111C9, 0x111C9}, {0x111CE, 0x111CE}, {0x1123E, 0x1123E},
    {0x1182C, 0x1182E}, {0x11C2F, 0x11C36}, {0x11C38, 0x11C3D}, {0x11D31, 0x11D36}, {0x11D3A, 0x11D3A},
    {0x11D3C, 0x11D3D}, {0x11D3F, 0x11D41}, {0x16F7F, 0x16F87},
};

/* Three characters changed their category since Unicode 8.0. */
enum { HANUNOO_PAMUDPOD = 0x1734, CANADIAN_CHI_SIGN = 0x166D, SHARADA_SANDHI_MARK = 0x111C9 };

static const Range *find_newer(int32_t character) {
    size_t low = 0, high = sizeof newer / sizeof newer[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (character < newer[middle].first) {
            high = middle;
        } else if (character > newer[middle].last) {
            low = middle + 1;
        } else {
            return &newer[middle];
        }
    }
    return NULL;
}

bool bert_is_control(int32_t character) {
    if (character == '\t' || character == '\n' || character == '\r') return false;
    if (character < 0x80) return character < 0x20 || character == 0x7F;
    if (character == 0xFFFD) return true;
    utf8proc_category_t category = utf8proc_category(character);
    bool control =
        category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CO;
    return control && !find_newer(character);
}

bool bert_is_space(int32_t character) {
    if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
    if (character == 0x85) return true;
    utf8proc_category_t category = utf8proc_category(character);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool bert_is_cjk(int32_t character) {
    static const int32_t blocks[][2] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},  {0x20000, 0x2A6DF},
                                        {0x2A700, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F}};
    if (character < blocks[0][0]) return false;
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (character >= blocks[i][0] && character <= blocks[i][1]) return true;
    return false;
}

bool bert_is_punctuation(int32_t character) {
    if (character < 0x80)
        return (character >= '!' && character <= '/') || (character >= ':' && character <= '@') ||
               (character >= '[' && character <= '`') || (character >= '{' && character <= '~');
    if (character == CANADIAN_CHI_SIGN || character == SHARADA_SANDHI_MARK) return true;
    utf8proc_category_t category = utf8proc_category(character);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO && !find_newer(character);
}

bool bert_is_mark(int32_t character) {
    if (character < 0x300 || character == SHARADA_SANDHI_MARK) return false;
    if (character == HANUNOO_PAMUDPOD) return true;
    return utf8proc_category(character) == UTF8PROC_CATEGORY_MN && !find_newer(character);
}

static bool normalisation_knows(int32_t character) {
    const Range *range = find_newer(character);
    return !range || range->ordered;
}

bool bert_is_any_mark(int32_t character) {
    if (character < 0x300) return false;
    utf8proc_category_t category = utf8proc_category(character);
    bool mark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME && normalisation_knows(character);
    for (size_t i = 0; i < sizeof other_marks / sizeof other_marks[0]; i++)
        if (character >= other_marks[i][0] && character <= other_marks[i][1]) return !mark;
    return mark;
}

int bert_decompose(int32_t character, int32_t parts[4]) {
    parts[0] = character;
    if (character < 0xC0) return 1; /* what NFD changes begins with A grave */
    utf8proc_int32_t found[4];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(character, found, 4, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
    if (count < 1 || count > 4 || (count == 1 && found[0] == character) || !normalisation_knows(character)) return 1;
    for (utf8proc_ssize_t i = 0; i < count; i++) parts[i] = found[i];
    return (int)count;
}

int bert_combining_class(int32_t character) {
    if (character < 0x300) return 0;
    int class = utf8proc_get_property(character)->combining_class;
    return class && normalisation_knows(character) ? class : 0;
}

int bert_lower(int32_t character, int32_t parts[2]) {
    parts[0] = character;
    if (character < 0x80) {
        if (character >= 'A' && character <= 'Z') parts[0] = character + ('a' - 'A');
        return 1;
    }
    if (character == 0x130) {
        parts[0] = 'i', parts[1] = 0x307;
        return 2;
    }
    parts[0] = utf8proc_tolower(character);
    if (character < newer_capitals[0].first || utf8proc_category(character) != UTF8PROC_CATEGORY_CN) return 1;
    for (size_t i = 0; i < sizeof newer_capitals / sizeof newer_capitals[0]; i++)
        if (character >= newer_capitals[i].first && character <= newer_capitals[i].last)
            parts[0] = character + newer_capitals[i].by;
    return 1;
}

bool bert_is_word_character(int32_t character) {
    utf8proc_category_t category = utf8proc_category(character);
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME) return true; /* L* and M* */
    if (category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_PC)
        return true;
    bool joiner = character == 0x200C || character == 0x200D;
    bool letter_sign = (character >= 0x24B6 && character <= 0x24E9) || (character >= 0x1F130 && character <= 0x1F149) ||
                       (character >= 0x1F150 && character <= 0x1F169) || (character >= 0x1F170 && character <= 0x1F189);
    return joiner || letter_sign;
}
