/* workers - the one level of parallelism: a small pool that shares out numbered pieces of work (rows, heads,
 * sequences).
 *
 * OpenBLAS always runs on one thread inside it: two serial products side by side are as fast as one threaded
 * product, and nesting the two is twice as slow. A piece is computed the same way whoever takes it, so the number of
 * workers does not change a bit of the result. Between two calls the helpers wait awake for a moment, because a
 * forward pass makes dozens of calls a millisecond apart, and then sleep. */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

typedef struct Workers Workers;

/* threads >= 1, the caller included: 1 starts no thread. You free it; it joins its threads. Fails with
 * EXIT_ENVIRONMENT when the system gives no more threads. Make it outside error_catch: what that releases, the
 * threads would still use. */
Workers *workers_new(int threads);
void workers_free(Workers *workers);
int workers_count(const Workers *workers); /* 1 for NULL */

/* Calls task(context, piece, worker) for every piece in 0..pieces-1, each once, and returns when all are done.
 * `worker` is in 0..workers_count-1 and chooses scratch memory. NULL workers run everything here. Tasks must not
 * fail(), allocate, or call workers_run. */
typedef void (*WorkerTask)(void *context, int piece, int worker);
void workers_run(Workers *workers, int pieces, WorkerTask task, void *context);
#endif
