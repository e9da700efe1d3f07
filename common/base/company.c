#include "base/company.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

typedef struct {
    const Company *rows;
    int count;
    CompanyGiven given;
    const void *list;
} Table;

/* Copies the next name of *names; false behind the last. */
static bool next_name(const char **names, char name[64]) {
    *names += strspn(*names, " ");
    size_t length = strcspn(*names, " ");
    if (length == 0 || length >= 64) return false;
    memcpy(name, *names, length), name[length] = '\0';
    *names += length;
    return true;
}

static bool holds(const char *names, const char *wanted) {
    char name[64];
    while (next_name(&names, name))
        if (strcmp(name, wanted) == 0) return true;
    return false;
}

/* The first answer asked for; NULL: none. */
static const char *answer_of(const Table *t) {
    for (int i = 0; i < t->count; i++)
        if (t->rows[i].rule == COMPANY_ANSWER && t->given(t->list, t->rows[i].option)) return t->rows[i].option;
    return NULL;
}

static void check_answer(const Table *t, const Company *one) {
    for (const Company *other = t->rows; other < one; other++) {
        bool both = other->rule == COMPANY_ANSWER && t->given(t->list, other->option);
        if (both && !holds(one->names, other->option) && !holds(other->names, one->option))
            fail(EXIT_USAGE, "--%s and --%s are two answers. Try: one of them", other->option, one->option);
    }
}

/* "--a, --b or --c", without "-". You free it. */
static char *listed(const char *names) {
    String out = {0};
    char name[64], next[64];
    bool more = next_name(&names, name);
    while (more) {
        more = next_name(&names, next);
        if (strcmp(name, "-") != 0) string_add(&out, "%s--%s", !out.length ? "" : more ? ", " : " or ", name);
        if (more) memcpy(name, next, sizeof name);
    }
    return out.text;
}

static void check_serves(const Table *t, const Company *row) {
    const char *answer = answer_of(t), *names = row->names;
    char name[64];
    if (!answer && holds(names, "-")) return;
    while (next_name(&names, name))
        if (strcmp(name, "-") != 0 && t->given(t->list, name)) return;
    if (answer && holds(row->names, "-"))
        fail(EXIT_USAGE, "--%s does nothing beside --%s. Try: one of them", row->option, answer);
    fail(EXIT_USAGE, "--%s is for %s. Try: with it, or neither", row->option, listed(row->names));
}

static void check_stills(const Table *t, const Company *row) {
    const char *names = row->names;
    char name[64];
    while (next_name(&names, name))
        if (t->given(t->list, name))
            fail(EXIT_USAGE, "--%s does nothing beside --%s. Try: one of them", name, row->option);
}

void company_check(const Company *rows, int count, CompanyGiven given, const void *list) {
    Table t = {rows, count, given, list};
    static void (*const check[])(const Table *, const Company *) = {check_answer, check_serves, check_stills};
    for (int i = 0; i < count; i++)
        if (given(list, rows[i].option)) check[rows[i].rule](&t, &rows[i]);
}
