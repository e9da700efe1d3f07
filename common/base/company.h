/* company - which options go together: a table that each program has, instead of an `if` for every pair. An option that
 * would do nothing is refused: whoever gave it believes that it did something. First used in stages/17_bert. */
#ifndef BASE_COMPANY_H
#define BASE_COMPANY_H
#include <stdbool.h>

typedef enum {
    COMPANY_ANSWER, /* it asks for an answer of its own, and stands beside no other but those named */
    COMPANY_SERVES, /* it does something for the answers named only; "-": when none is asked for */
    COMPANY_STILLS  /* the options named do nothing beside it */
} CompanyRule;

/* `names`: option names with a space between, without dashes. Both texts live as long as the program.
 * {"why", COMPANY_ANSWER, "tsv"}, {"token", COMPANY_SERVES, "- paths"}, {"from", COMPANY_STILLS, "model next"} */
typedef struct {
    const char *option;
    CompanyRule rule;
    const char *names;
} Company;

/* Ends with EXIT_USAGE and one line when the options for which given() is true do not go together. given's second
 * argument is an option's name, and `list` is handed to it. */
typedef bool (*CompanyGiven)(const void *list, const char *name);
void company_check(const Company *rows, int count, CompanyGiven given, const void *list);
#endif
