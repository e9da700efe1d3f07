#include "attention/flow.h"
#include "base/memory.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* Narrower pipes are left out: they would cost most of the time, and all of them together carry less than n^2 times
 * this. */
static const double NARROWEST = 1e-9;

/* One flow in the making. A node is (level, token): level `layers` is above the last layer, level 0 the text. Pipe
 * (l, a, b) leads from (l + 1, a) down to (l, b); what runs in it may also be sent back up. */
typedef struct {
    const Mat *mix; /* [layers] (n, n) */
    int layers, n, words;
    double *used;       /* [layers * n * n] what runs through pipe (l, a, b) */
    uint64_t *down;     /* [(layers + 1) * n * words] for node (l + 1, a): the b below that it has room for */
    uint64_t *up;       /* the same size; for node (l, b): the a above that could take something back */
    uint64_t *fresh;    /* [(layers + 1) * words] tokens of a level that the search has not met yet */
    int *distance;      /* [(layers + 1) * n] of a node from the source, in pipes; -1: not reached, or a dead end */
    int *place, *queue; /* the same size; the next neighbour to try: 0 .. n - 1 below, n .. 2 n - 1 above */
} Net;

struct Flow {
    Net *nets; /* [count] one a worker */
    int count;
};

static size_t node_of(const Net *net, int level, int token) {
    return (size_t)level * (size_t)net->n + (size_t)token;
}

static void set_bit(uint64_t *bits, int i) {
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

static void clear_bit(uint64_t *bits, int i) {
    bits[i / 64] &= ~((uint64_t)1 << i % 64);
}

/* The first bit from `from` on, or n. */
static int next_bit(const uint64_t *bits, int n, int from) {
    for (int word = from / 64; word * 64 < n; word++) {
        uint64_t left = bits[word];
        if (word == from / 64) left &= ~(uint64_t)0 << from % 64;
        if (left) return word * 64 + __builtin_ctzll(left);
    }
    return n;
}

static uint64_t *down_of(const Net *net, int level, int token) {
    return net->down + node_of(net, level, token) * (size_t)net->words;
}

static uint64_t *up_of(const Net *net, int level, int token) {
    return net->up + node_of(net, level, token) * (size_t)net->words;
}

static double width_of(const Net *net, int layer, int above, int below) {
    return (double)mat_at(net->mix[layer], above, below);
}

static double *used_in(const Net *net, int layer, int above, int below) {
    return &net->used[node_of(net, layer, above) * (size_t)net->n + (size_t)below];
}

/* ---- a net, and an empty one again ---- */

static Net net_new(const Mat *mix, int layers) {
    Net net = {.mix = mix, .layers = layers, .n = mix[0].rows};
    net.words = (net.n + 63) / 64;
    size_t nodes = (size_t)(layers + 1) * (size_t)net.n, words = nodes * (size_t)net.words, pipes;
    bool fits = size_multiply(nodes, (size_t)net.n, &pipes);
    net.used = memory_new(fits ? pipes : SIZE_MAX, sizeof *net.used, "the flow");
    net.down = memory_new(words, sizeof *net.down, "the flow"), net.up = memory_new(words, sizeof *net.up, "the flow");
    net.fresh = memory_new((size_t)(layers + 1) * (size_t)net.words, sizeof *net.fresh, "the flow");
    net.distance = memory_new(nodes, sizeof *net.distance, "the flow");
    net.place = memory_new(nodes, sizeof *net.place, "the flow");
    net.queue = memory_new(nodes, sizeof *net.queue, "the flow");
    for (int l = 0; l < layers; l++)
        for (int a = 0; a < net.n; a++)
            for (int b = 0; b < net.n; b++)
                if (width_of(&net, l, a, b) > NARROWEST) set_bit(down_of(&net, l + 1, a), b);
    return net;
}

static void net_free(Net *net) {
    memory_free(net->used), memory_free(net->down), memory_free(net->up), memory_free(net->fresh);
    memory_free(net->distance), memory_free(net->place), memory_free(net->queue);
}

/* Every pipe in which something runs has its bit in `up`. */
static void empty(Net *net) {
    for (int l = 0; l < net->layers; l++)
        for (int b = 0; b < net->n; b++) {
            uint64_t *up = up_of(net, l, b);
            for (int a = next_bit(up, net->n, 0); a < net->n; a = next_bit(up, net->n, a + 1)) {
                *used_in(net, l, a, b) = 0;
                set_bit(down_of(net, l + 1, a), b);
            }
            memset(up, 0, (size_t)net->words * sizeof *up);
        }
}

static void send(Net *net, int layer, int above, int below, double amount) {
    double *used = used_in(net, layer, above, below);
    *used += amount;
    if (*used < NARROWEST) *used = 0, clear_bit(up_of(net, layer, below), above);
    else set_bit(up_of(net, layer, below), above);
    if (width_of(net, layer, above, below) - *used > NARROWEST) set_bit(down_of(net, layer + 1, above), below);
    else clear_bit(down_of(net, layer + 1, above), below);
}

/* ---- Dinic: how far is every node; then all shortest paths at once; again, until there is no path ---- */

static void reach_neighbours(Net *net, const uint64_t *bits, int level, int distance, int *end) {
    uint64_t *fresh = net->fresh + (size_t)level * (size_t)net->words;
    for (int word = 0; word < net->words; word++) {
        uint64_t met = bits[word] & fresh[word];
        fresh[word] &= ~met;
        for (; met; met &= met - 1) { /* its lowest bit goes */
            size_t node = node_of(net, level, word * 64 + __builtin_ctzll(met));
            net->distance[node] = distance;
            net->queue[(*end)++] = (int)node;
        }
    }
}

/* Is there a way from the query to the key, where there is room? */
static bool measure_distances(Net *net, int query, int key) {
    size_t nodes = node_of(net, net->layers + 1, 0), source = node_of(net, net->layers, query);
    for (size_t i = 0; i < nodes; i++) net->distance[i] = -1, net->place[i] = 0;
    memset(net->fresh, 255, (size_t)(net->layers + 1) * (size_t)net->words * sizeof *net->fresh);
    clear_bit(net->fresh + (size_t)net->layers * (size_t)net->words, query);
    int end = 0;
    net->distance[source] = 0;
    net->queue[end++] = (int)source;
    for (int at = 0; at < end && net->distance[key] < 0; at++) {
        int level = net->queue[at] / net->n, token = net->queue[at] % net->n;
        int further = net->distance[net->queue[at]] + 1;
        if (level > 0) reach_neighbours(net, down_of(net, level, token), level - 1, further, &end);
        if (level < net->layers) reach_neighbours(net, up_of(net, level, token), level + 1, further, &end);
    }
    return net->distance[key] >= 0;
}

/* The next neighbour of a node with room, one step further away; false: none is left. *width is the room. */
static bool next_pipe(const Net *net, int level, int token, int *place, int *next_level, double *room) {
    int n = net->n, further = net->distance[node_of(net, level, token)] + 1;
    for (; *place < n; ++*place) {
        if (level > 0) *place = next_bit(down_of(net, level, token), n, *place);
        if (level == 0 || *place == n) break;
        if (net->distance[node_of(net, level - 1, *place)] != further) continue;
        *next_level = level - 1;
        *room = width_of(net, level - 1, token, *place) - *used_in(net, level - 1, token, *place);
        return true;
    }
    if (*place < n) *place = n;
    for (; level < net->layers && *place < 2 * n; ++*place) {
        *place = n + next_bit(up_of(net, level, token), n, *place - n);
        if (*place == 2 * n) break;
        if (net->distance[node_of(net, level + 1, *place - n)] != further) continue;
        *next_level = level + 1;
        *room = *used_in(net, level, *place - n, token);
        return true;
    }
    return false;
}

/* Sends up to `most` from a node on to the key along shortest paths; returns what arrived. */
static double push(Net *net, int level, int token, int key, double most) {
    if (level == 0 && token == key) return most;
    size_t node = node_of(net, level, token);
    double sent = 0, room;
    for (int next; next_pipe(net, level, token, &net->place[node], &next, &room); net->place[node]++) {
        int other = net->place[node] % net->n;
        double wanted = most - sent < room ? most - sent : room;
        double arrived = push(net, next, other, key, wanted);
        if (arrived > 0 && next < level) send(net, next, token, other, arrived);
        if (arrived > 0 && next > level) send(net, level, other, token, -arrived);
        sent += arrived;
        if (most - sent <= NARROWEST) return sent; /* this pipe may have room for the next one who comes */
    }
    if (sent == 0) net->distance[node] = -1;
    return sent;
}

/* No flow is larger than all that leaves the query, or all that arrives at the key. Most flows are just that, and the
 * last search, which goes everywhere and finds no way, can be left out. */
static double most_between(const Net *net, int query, int key) {
    double leaves = 0, arrives = 0;
    for (int t = 0; t < net->n; t++) {
        leaves += width_of(net, net->layers - 1, query, t);
        arrives += width_of(net, 0, t, key);
    }
    return leaves < arrives ? leaves : arrives;
}

static double flow_between(Net *net, int query, int key) {
    double flow = 0, most = most_between(net, query, key) - net->n * NARROWEST;
    empty(net);
    while (flow < most && measure_distances(net, query, key)) flow += push(net, net->layers, query, key, 2);
    return flow < 1 ? flow : 1; /* the query's row sums to 1 but for rounding */
}

/* ---- from outside ---- */

Flow *flow_new(const Mat *mix, int layers, const Workers *workers) {
    assert(layers > 0 && mix[0].rows > 0);
    Flow *flow = memory_new(1, sizeof *flow, "the flow");
    flow->count = workers_count(workers);
    flow->nets = memory_new((size_t)flow->count, sizeof *flow->nets, "the flow");
    for (int i = 0; i < flow->count; i++) flow->nets[i] = net_new(mix, layers);
    return flow;
}

void flow_free(Flow *flow) {
    if (!flow) return;
    for (int i = 0; i < flow->count; i++) net_free(&flow->nets[i]);
    memory_free(flow->nets);
    memory_free(flow);
}

typedef struct {
    Flow *flow;
    int first;
    Mat out;
} Rows;

static void row_task(void *context, int piece, int worker) {
    const Rows *work = context;
    Net *net = &work->flow->nets[worker];
    for (int key = 0; key < net->n; key++)
        mat_row(work->out, piece)[key] = (float)flow_between(net, work->first + piece, key);
}

void flow_rows(Flow *flow, Workers *workers, int first, Mat out) {
    assert(workers_count(workers) <= flow->count);
    workers_run(workers, out.rows, row_task, &(Rows){flow, first, out});
}
