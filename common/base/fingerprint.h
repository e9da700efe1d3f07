/* fingerprint - FNV-1a: many numbers become one, which another order or another number would change. It finds out what
 * is not the same any more; it does not keep anyone from making a forgery. Source: Fowler, Noll and Vo. */
#ifndef BASE_FINGERPRINT_H
#define BASE_FINGERPRINT_H
#include <stdint.h>

static const uint64_t FINGERPRINT_OF_NOTHING = 14695981039346656037u;

/* The fingerprint after one more number. */
static inline uint64_t fingerprint_add(uint64_t fingerprint, uint64_t number) {
    return (fingerprint ^ number) * 1099511628211u;
}
#endif
