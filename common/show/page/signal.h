/* For WebAssembly there are no signals: base/files and base/options name some, in what a page never does. */
#ifndef SHOW_PAGE_SIGNAL_H
#define SHOW_PAGE_SIGNAL_H
typedef int sigset_t;
enum { SIG_BLOCK, SIG_SETMASK };
int sigfillset(sigset_t *set);
#define SIG_IGN 0
enum { SIGXFSZ };
void *signal(int number, void *handler);
int pthread_sigmask(int how, const sigset_t *set, sigset_t *before);
#endif
