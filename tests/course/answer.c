/* Measured answers: read leniently, judged strictly. */
#include "judge.h"
#include "verdict.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many digits begin at `at`. */
static size_t digits(const char *at) {
    size_t n = 0;
    while (isdigit((unsigned char)at[n])) n++;
    return n;
}

/* Digits in groups of three behind a mark that is the same everywhere: 49,792 or 49 792 or 49'792,5. False: no such. */
static bool grouped(const char *at, double *value, const char **after) {
    char plain[64];
    size_t kept = 0;
    if (*at == '-' || *at == '+') plain[kept++] = *at++;
    size_t n = digits(at);
    const char mark = at[n];
    if (n < 1 || n > 3 || !mark || !strchr(", '_", mark)) return false;
    memcpy(plain + kept, at, n), kept += n, at += n;
    while (*at == mark && digits(at + 1) == 3 && kept < 40) memcpy(plain + kept, at + 1, 3), kept += 3, at += 4;
    if ((*at == '.' || *at == ',') && *at != mark && (n = digits(at + 1)) > 0 && n < 20) {
        plain[kept++] = '.';
        memcpy(plain + kept, at + 1, n), kept += n, at += 1 + n;
    }
    plain[kept] = '\0';
    *after = at;
    *value = strtod(plain, NULL);
    return true;
}

/* Digits, a comma, digits: a fraction as half of the world writes it. */
static bool with_comma(const char *at, double *value, const char **after) {
    char plain[64], *end;
    const size_t sign = *at == '-' || *at == '+', whole = digits(at + sign), comma = sign + whole;
    if (at[comma] != ',' || digits(at + comma + 1) == 0) return false;
    snprintf(plain, sizeof plain, "%s", at);
    if (comma >= sizeof plain) return false;
    plain[comma] = '.';
    *value = strtod(plain, &end);
    *after = at + (end - plain);
    return true;
}

static bool as_it_stands(const char *at, double *value, const char **after) {
    char *end;
    *value = strtod(at, &end);
    *after = end;
    return end != at;
}

/* 32.25% is 0.3225, too. */
static bool in_percent(const char *at, double *value, const char **after) {
    char *end;
    *value = strtod(at, &end) / 100;
    *after = end;
    return end != at && *end == '%';
}

/* To where the next number begins: words, units and signs between are for people. */
static const char *skip(const char *at) {
    while (*at && !isdigit((unsigned char)*at)) {
        const char *sign = at + (*at == '-' || *at == '+');
        if (isdigit((unsigned char)*sign) || (*sign == '.' && isdigit((unsigned char)sign[1]))) break;
        at++;
    }
    return at;
}

bool reads_as(const char *text, const double *truth, size_t n, double tolerance) {
    static bool (*const readings[])(const char *, double *, const char **) = {as_it_stands, with_comma, grouped,
                                                                              in_percent};
    text = skip(text);
    if (n == 0) return *text == '\0';
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        double value;
        const char *after;
        if (readings[i](text, &value, &after) && close_to(value, *truth, tolerance) &&
            reads_as(after, truth + 1, n - 1, tolerance))
            return true;
    }
    return false;
}

/* An answer that no reading makes right: are there too few numbers, or too many, or are they not those? */
static void tell_wrong(const char *names, size_t n, double tolerance) {
    char what[256];
    const char *at = skip(answer_text());
    size_t count = 0;
    for (double value; as_it_stands(at, &value, &at); count++) at = skip(at);
    if (count == n) snprintf(what, sizeof what, "what the checker measures (%s; tolerance %g)", names, tolerance);
    else snprintf(what, sizeof what, "%zu number%s: %s", n, n == 1 ? "" : "s", names);
    answer_judge(false, what);
}

static _Noreturn void tell_key(const double *truth, size_t n) {
    char text[1024] = "";
    for (size_t i = 0, end = 0; i < n && end < sizeof text; i++)
        end += (size_t)snprintf(text + end, sizeof text - end, "%s%.9g", i ? " " : "", truth[i]);
    end_with("key", "%s", text);
}

/* One letter for each line of the answer: y when it reads as right, else n. */
static _Noreturn void tell_tries(const double *truth, size_t n, double tolerance) {
    char seen[1024] = "", line[256];
    size_t count = 0;
    for (const char *at = answer_text(); *at && count + 1 < sizeof seen;) {
        size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        seen[count++] = reads_as(line, truth, n, tolerance) ? 'y' : 'n';
        at += length + (at[length] == '\n');
    }
    end_with("tried", "%s", seen);
}

void answer_numbers(const char *names, const double *truth, size_t n, double tolerance) {
    if (key_wanted()) tell_key(truth, n);
    if (tries_wanted()) tell_tries(truth, n, tolerance);
    if (!reads_as(answer_text(), truth, n, tolerance)) tell_wrong(names, n, tolerance);
    count_check();
}

void answer_number(const char *name, double truth, double tolerance) {
    answer_numbers(name, &truth, 1, tolerance);
}

void answer_judge(bool right, const char *what) {
    if (!right) end_with("wrong", "got       %s\nexpected  %s", answer_text(), what);
    count_check();
}

const char *variant_text(const char *name, const char *usual) {
    char variable[128];
    snprintf(variable, sizeof variable, "COURSE_VARIANT_%s", name);
    const char *text = getenv(variable);
    return text ? text : usual;
}

double variant_number(const char *name, double usual) {
    const char *text = variant_text(name, NULL);
    return text ? strtod(text, NULL) : usual;
}
