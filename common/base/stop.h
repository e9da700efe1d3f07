/* stop - Ctrl-C and SIGTERM as a question, for a program that must not end between two files: it listens before it
 * writes the first one, asks where it can stop, saves, and ends with 128 + the signal's number. Before and after that
 * it ends at once, and says in a line what that means. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

/* From now on both signals are only remembered. */
void stop_listen(void);

/* From now on both end the program at once, with 128 + their number and the line `prog: note: WHY` (of several ranks
 * the first one's). Signals that whoever started us had switched off (nohup) stay off. `why` is borrowed for good. */
void stop_at_once(const char *why);

/* The number of a signal that came since stop_listen, 0: none. Of several ranks (base/ranks) whichever has got one: all
 * call this, and all get the same. */
int stop_asked(void);
#endif
