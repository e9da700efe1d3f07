#include "show/squeeze.h"

#include <ctype.h>
#include <string.h>

enum { MOST_OPEN = 64 };

typedef struct {
    String *out;
    size_t from;      /* where the text begins in `out` */
    const char *at;   /* what is read next */
    bool space, line; /* space was left out before it; a line end was among it */
    /* Parentheses that are open: does each hold the head of a loop or an `if`? And the one that was closed last? */
    bool head[MOST_OPEN], closed_head;
    int open;
    /* Brackets of any kind that are open; in each, does a `let` statement run, and has the last one just ended? */
    bool declares[MOST_OPEN], declared;
    int depth;
} Squeeze;

static bool among(char c, const char *set) {
    return c && strchr(set, c);
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || among(c, "_$#") || (unsigned char)c >= 0x80;
}

/* The last letter but `back` of what is written, as if a `;` stood before all of it. */
static char last(const Squeeze *s, size_t back) {
    return s->out->length > s->from + back ? s->out->text[s->out->length - 1 - back] : ';';
}

static void drop_last(Squeeze *s) {
    s->out->text[--s->out->length] = '\0';
}

/* The next `count` bytes as they are. */
static void copy(Squeeze *s, size_t count) {
    string_add_bytes(s->out, s->at, count);
    s->at += count;
}

/* A text between two equal marks, a backslash guards the letter behind it. */
static void copy_quoted(Squeeze *s) {
    size_t length = 1;
    while (s->at[length] && s->at[length] != s->at[0]) length += s->at[length] == '\\' && s->at[length + 1] ? 2 : 1;
    copy(s, s->at[length] ? length + 1 : length);
}

/* Passes over spaces and comments; false where there are none. */
static bool pass_over(Squeeze *s, bool script) {
    const char *end;
    if (isspace((unsigned char)*s->at)) {
        s->line |= *s->at == '\n';
        end = s->at + 1;
    } else if (s->at[0] == '/' && s->at[1] == '*') {
        const char *close = strstr(s->at + 2, "*/");
        end = close ? close + 2 : s->at + strlen(s->at);
    } else if (script && s->at[0] == '/' && s->at[1] == '/') {
        end = s->at + strcspn(s->at, "\n");
    } else {
        return false;
    }
    s->at = end;
    return s->space = true;
}

/* ---- script ---- */

/* Whether the line cannot end between the two, so that its end means nothing. */
static bool goes_on(const Squeeze *s, char next) {
    if (among(next, ")]},;.?:&|=*%<>^")) return true;
    if (among(last(s, 0), "+-")) return last(s, 1) != last(s, 0);
    return among(last(s, 0), ";{},([=&|?:<>*!~%^");
}

/* Writes what must stand for the spaces that were left out. */
static void script_gap(Squeeze *s, char next) {
    char before = last(s, 0);
    bool words = is_word(before) && is_word(next), number = isdigit((unsigned char)before) && next == '.';
    bool same = before == next && among(next, "+-/"); /* a - -b */
    if (s->line && !goes_on(s, next)) string_add(s->out, "\n");
    else if (s->space && (words || number || same)) string_add(s->out, " ");
    s->space = s->line = false;
}

/* Is the word that is written last one of these, which NULL ends? */
static bool word_among(const Squeeze *s, const char *const words[]) {
    size_t length = 0;
    while (is_word(last(s, length)) && s->out->length > s->from + length) length++;
    const char *word = s->out->text + s->out->length - length;
    for (; *words; words++)
        if (strlen(*words) == length && memcmp(*words, word, length) == 0) return true;
    return false;
}

/* Whether a value may begin behind what is written, so that a slash begins a regular expression. */
static bool value_begins(const Squeeze *s) {
    static const char *const words[] = {"return", "typeof", "case", "in", "of", "void", "delete", "else", NULL};
    char before = last(s, 0);
    if (among(before, "+-")) return last(s, 1) != before; /* i++ / 2 */
    if (!is_word(before)) return !among(before, ")]}\"'`/");
    return word_among(s, words);
}

/* What is written already and means the same without: a comma or a semicolon before what closes, the parentheses of
 * (x)=>. An empty statement, for(;;);, keeps its semicolon. */
static void take_back(Squeeze *s) {
    bool closes = among(*s->at, ")]}");
    if (closes && last(s, 0) == ',' && !among(last(s, 1), ",[({")) drop_last(s);
    if (*s->at == '}' && last(s, 0) == ';' && !(last(s, 1) == ')' && s->closed_head)) drop_last(s);
    if (s->at[0] != '=' || s->at[1] != '>' || last(s, 0) != ')') return;
    size_t length = 0;
    while (is_word(last(s, 1 + length))) length++;
    if (!length || last(s, 1 + length) != '(' || is_word(last(s, 2 + length))) return;
    drop_last(s);
    char *opening = s->out->text + s->out->length - length - 1;
    memmove(opening, opening + 1, length + 1);
    s->out->length--;
}

static void count_parentheses(Squeeze *s) {
    static const char *const words[] = {"for", "while", "if", NULL};
    if (*s->at == '(' && s->open++ < MOST_OPEN) s->head[s->open - 1] = word_among(s, words);
    if (*s->at == ')' && s->open > 0) s->closed_head = --s->open >= MOST_OPEN || s->head[s->open];
}

/* Between slashes; in brackets a slash is a letter. */
static void copy_regex(Squeeze *s) {
    size_t length = 1;
    for (bool inside = false; s->at[length] && (inside || s->at[length] != '/'); length++) {
        if (s->at[length] == '\\' && s->at[length + 1]) length++;
        else if (s->at[length] == '[') inside = true;
        else if (s->at[length] == ']') inside = false;
    }
    copy(s, s->at[length] ? length + 1 : length);
}

/* Follows the `let` statements. One right behind another is the same statement: let a=1;let b=2 is let a=1,b=2. */
static void join_let(Squeeze *s) {
    bool begins = among(last(s, 0), ";{}") && s->depth < MOST_OPEN;
    bool let = strncmp(s->at, "let", 3) == 0 && !is_word(s->at[3]);
    if (begins && (let || (strncmp(s->at, "const", 5) == 0 && !is_word(s->at[5])))) {
        if (s->declared && last(s, 0) == ';') {
            s->out->text[s->out->length - 1] = ',';
            s->at += let ? 3 : 5;
            while (pass_over(s, true)) continue;
            s->space = s->line = false;
        }
        s->declares[s->depth] = true;
    }
    s->declared = *s->at == ';' && s->depth < MOST_OPEN && s->declares[s->depth];
    if (*s->at == ';' && s->depth < MOST_OPEN) s->declares[s->depth] = false;
    if (among(*s->at, "([{") && ++s->depth < MOST_OPEN) s->declares[s->depth] = false;
    s->depth -= among(*s->at, ")]}") && s->depth > 0;
}

/* What a shorter spelling says as well: `let` for `const`, which only forbids what the sources do not do (both end in
 * a t, which is still to be copied), and .5 for 0.5. */
static void shorten(Squeeze *s) {
    bool begins = !is_word(last(s, 0)) && last(s, 0) != '.';
    if (begins && strncmp(s->at, "const", 5) == 0 && !is_word(s->at[5])) {
        string_add(s->out, "le");
        s->at += 4;
    } else if (begins && s->at[0] == '0' && s->at[1] == '.' && isdigit((unsigned char)s->at[2])) {
        s->at++;
    }
}

static void script_until_close(Squeeze *s);

/* A template: text as it is, and script again in each ${}. */
static void copy_template(Squeeze *s) {
    copy(s, 1);
    while (*s->at && *s->at != '`') {
        if (s->at[0] == '$' && s->at[1] == '{') {
            copy(s, 2);
            script_until_close(s);
            s->space = s->line = false;
            if (*s->at) copy(s, 1);
        } else {
            copy(s, s->at[0] == '\\' && s->at[1] ? 2 : 1);
        }
    }
    if (*s->at) copy(s, 1);
}

/* Up to a brace that closes none of those that it has seen open. */
static void script_until_close(Squeeze *s) {
    for (int open = 0; *s->at;) {
        if (pass_over(s, true)) continue;
        open += *s->at == '{', open -= *s->at == '}';
        if (open < 0) return;
        take_back(s);
        join_let(s);
        count_parentheses(s);
        bool regex = *s->at == '/' && value_begins(s);
        script_gap(s, *s->at);
        shorten(s);
        if (regex) copy_regex(s);
        else if (among(*s->at, "\"'")) copy_quoted(s);
        else if (*s->at == '`') copy_template(s);
        else copy(s, 1);
    }
}

void squeeze_script(String *out, const char *text) {
    Squeeze s = {.out = out, .from = out->length, .at = text};
    while (*s.at) {
        script_until_close(&s);
        if (*s.at) copy(&s, 1); /* a brace too many is the browser's to say */
    }
    string_add(out, "\n");
}

/* ---- style ---- */

void squeeze_style(String *out, const char *text) {
    Squeeze s = {.out = out, .from = out->length, .at = text};
    while (*s.at) {
        if (pass_over(&s, false)) continue;
        if (*s.at == '}' && last(&s, 0) == ';') drop_last(&s);
        bool joined = among(*s.at, "{};,>") || among(last(&s, 0), "{};,>:("); /* a colon with a space: in a rule */
        if (s.space && !joined) string_add(out, " ");
        s.space = s.line = false;
        if (among(*s.at, "\"'")) copy_quoted(&s);
        else copy(&s, 1);
    }
}
