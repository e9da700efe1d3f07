/* stop - Ctrl-C and SIGTERM as a question, for a program that must not end between two files: it listens before it
 * writes the first one, asks where it can stop, saves, and ends with 128 + the signal's number. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

/* From now on both signals are only remembered. */
void stop_listen(void);

/* What was done about them before is done again: there is nothing left to save. */
void stop_listen_no_more(void);

/* The number of a signal that came since stop_listen, 0: none. Of several ranks (base/ranks) whichever has got one: all
 * call this, and all get the same. */
int stop_asked(void);
#endif
