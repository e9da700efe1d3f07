"""build/bench.tsv, the one table of all benches, and the one way in which they are summed up.

Ours and a peer are measured in turns; a turn is several runs, of which it keeps the median and the fastest. A row has
the medians of the turns' medians, which is what people will see, and the fastest run of all turns, which is what the
machine can do when nobody else wants it; and both ratios.
"""
import os
import statistics
import time

TABLE = os.path.join("build", "bench.tsv")
COLUMNS = ("name", "peer", "ours_ms", "peer_ms", "speedup", "ours_fastest", "peer_fastest", "speedup_fastest")


def turn(times):
    """The (median, fastest) of one turn's runs."""
    return statistics.median(times), min(times)


def timed(work, runs):
    """A turn of `runs` calls, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return turn(times)


def summed_up(turns):
    """(median of the medians, fastest of all) of [(median, fastest), ...]."""
    return statistics.median(median for median, _ in turns), min(fastest for _, fastest in turns)


def row(name, peer, ours, theirs):
    """The row of two lists of turns, in milliseconds, shown on the screen."""
    (median, fastest), (rival, rival_fastest) = summed_up(ours), summed_up(theirs)
    made = (name, peer, median, rival, rival / median, fastest, rival_fastest, rival_fastest / fastest)
    print(f"{name:28} {peer:16} {median:10.2f} {rival:10.2f} {made[4]:7.2f}x {fastest:12.2f} {rival_fastest:10.2f}"
          f" {made[7]:7.2f}x", flush=True)
    return made


def head():
    print(f"{'':45} {'medians':>30} {'fastest':>32}")
    print(f"{'name':28} {'peer':16} {'ours ms':>10} {'peer ms':>10} {'ratio':>8} {'ours ms':>12} {'peer ms':>10}"
          f" {'ratio':>8}", flush=True)


def keep(rows):
    """Puts rows into the table; what it has of the same name and peer is replaced."""
    lines, header = [], "\t".join(COLUMNS)
    if os.path.exists(TABLE):
        with open(TABLE, encoding="utf-8") as file:
            found, *lines = file.read().split("\n")
        lines = [line for line in lines if line and found == header]
    names = {(name, peer) for name, peer, *_ in rows}
    lines = [line for line in lines if tuple(line.split("\t")[:2]) not in names]
    lines += ["\t".join([name, peer, *(f"{number:.3f}" for number in numbers)]) for name, peer, *numbers in rows]
    os.makedirs("build", exist_ok=True)
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("\n".join([header, *lines]) + "\n")
