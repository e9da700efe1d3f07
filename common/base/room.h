/* room - how much memory there is, asked before much of it is taken: Linux hands out more than it has, and ends the
 * process that then uses it. */
#ifndef BASE_ROOM_H
#define BASE_ROOM_H

/* Bytes of memory that this process may come to: the machine's, or what its container (cgroup) is allowed. Infinite
 * where nobody says. */
double room_there(void);

/* The most bytes of memory that this process has had so far: everything, the program itself included. */
double room_most_used(void);

/* Fails with EXIT_ENVIRONMENT when `bytes` are more than that: "out of memory (training needs 39.1 GB, this machine has
 * 25.3). Try: a smaller batch": `what` is "training needs" and `advice` (NULL: none) what stands behind "Try:". */
void room_check(double bytes, const char *what, const char *advice);
#endif
