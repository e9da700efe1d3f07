/* Names of the system's that the course calls in a learner's process, and that C leaves to learners: who has a function
 * write() hears from the linker that the name is taken, and not of answers that never came. With glibc, whose own have
 * another name, too; not under the memory check (HEAP_UNCOUNTED), whose sanitizer stands in for them. */
#include <sys/types.h>
#include <unistd.h>

#if defined __GLIBC__ && !defined HEAP_UNCOUNTED
extern ssize_t __read(int file, void *bytes, size_t size);
extern ssize_t __write(int file, const void *bytes, size_t size);

ssize_t read(int file, void *bytes, size_t size) {
    return __read(file, bytes, size);
}

ssize_t write(int file, const void *bytes, size_t size) {
    return __write(file, bytes, size);
}
#endif
