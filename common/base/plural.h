/* plural - the s of "2 tokens": what is counted is one of them, or several, or none. The count may have any type. */
#ifndef BASE_PLURAL_H
#define BASE_PLURAL_H

#define PLURAL(count) ((count) == 1 ? "" : "s")
#endif
