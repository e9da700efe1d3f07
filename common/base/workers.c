#include "base/workers.h"
#include "base/error.h"
#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

enum { SPINS = 20000 }; /* awake before sleeping: 0.05 to 0.5 ms, for a pause takes 3 to 25 ns */

typedef struct {
    Workers *pool;
    int number;
    pthread_t thread;
} Helper;

struct Workers {
    int count;
    int spins;       /* how long to wait awake: 0 when there are more threads than processors, whose turn it then is */
    Helper *helpers; /* [count - 1] */
    WorkerTask task;
    void *context;
    int pieces;
    atomic_int next;     /* the first piece that nobody has taken */
    atomic_int running;  /* helpers that have not finished this round */
    atomic_uint round;   /* rises by one for every call of workers_run */
    atomic_int sleepers; /* helpers that wait on `wake` */
    atomic_bool closing;
    pthread_mutex_t lock;
    pthread_cond_t wake;
};

static void pause_briefly(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    sched_yield();
#endif
}

static void take_pieces(Workers *pool, int number) {
    for (;;) {
        int piece = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (piece >= pool->pieces) return;
        pool->task(pool->context, piece, number);
    }
}

/* Waits until the round differs from `seen`: awake at first, then asleep. */
static void wait_for_round(Workers *pool, unsigned seen) {
    for (int i = 0; i < pool->spins; i++) {
        if (atomic_load_explicit(&pool->round, memory_order_acquire) != seen) return;
        pause_briefly();
    }
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->sleepers, 1);
    while (atomic_load(&pool->round) == seen) pthread_cond_wait(&pool->wake, &pool->lock);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->lock);
}

static void *helper_main(void *argument) {
    Helper *helper = argument;
    Workers *pool = helper->pool;
    for (unsigned seen = 0;; seen++) {
        wait_for_round(pool, seen);
        if (atomic_load(&pool->closing)) return NULL;
        take_pieces(pool, helper->number);
        atomic_fetch_sub_explicit(&pool->running, 1, memory_order_release);
    }
}

/* Raising the round under the lock only when someone sleeps keeps the usual call free of system calls. A helper counts
 * itself as a sleeper before it looks at the round again, so it cannot miss the change. */
static void begin_round(Workers *pool) {
    atomic_fetch_add(&pool->round, 1);
    if (atomic_load(&pool->sleepers) == 0) return;
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
}

static bool start_helper(Workers *pool, int index) {
    Helper *helper = &pool->helpers[index];
    *helper = (Helper){.pool = pool, .number = index + 1};
    return pthread_create(&helper->thread, NULL, helper_main, helper) == 0;
}

Workers *workers_new(int threads) {
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    Workers *pool = memory_new(1, sizeof *pool, "the workers");
    pool->count = threads < 1 ? 1 : threads;
    pool->spins = pool->count <= sysconf(_SC_NPROCESSORS_ONLN) ? SPINS : 0;
    pool->helpers = memory_new((size_t)pool->count, sizeof *pool->helpers, "the workers");
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    /* Ctrl-C is the main thread's business: a helper that ran its handler could meet the main thread's half-done
     * tables. */
    sigset_t ours, before;
    sigemptyset(&ours);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) sigaddset(&ours, ending[i]);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    int started = 0;
    while (started + 1 < pool->count && start_helper(pool, started)) started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started + 1 == pool->count) return pool;
    pool->count = started + 1;
    workers_free(pool);
    fail(EXIT_ENVIRONMENT, "thread %d of %d could not be started. Try: --threads %d", started + 2, threads,
         started + 1);
}

void workers_free(Workers *pool) {
    if (!pool) return;
    atomic_store(&pool->closing, true);
    begin_round(pool);
    for (int i = 0; i + 1 < pool->count; i++) pthread_join(pool->helpers[i].thread, NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    memory_free(pool->helpers);
    memory_free(pool);
}

int workers_count(const Workers *pool) {
    return pool ? pool->count : 1;
}

void workers_run(Workers *pool, int pieces, WorkerTask task, void *context) {
    if (!pool || pool->count == 1 || pieces < 2) {
        for (int piece = 0; piece < pieces; piece++) task(context, piece, 0);
        return;
    }
    pool->task = task;
    pool->context = context;
    pool->pieces = pieces;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    atomic_store_explicit(&pool->running, pool->count - 1, memory_order_relaxed);
    begin_round(pool);
    take_pieces(pool, 0);
    for (int spins = 0; atomic_load_explicit(&pool->running, memory_order_acquire) > 0; spins++)
        if (spins < pool->spins) pause_briefly();
        else sched_yield();
}
