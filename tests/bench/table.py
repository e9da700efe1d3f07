"""build/bench.tsv, the one table of all benches: name, peer, ours_ms, peer_ms, speedup."""
import os

TABLE = os.path.join("build", "bench.tsv")
HEADER = "name\tpeer\tours_ms\tpeer_ms\tspeedup"


def keep(rows):
    """Puts (name, peer, ours ms, peer ms) into the table; rows of the same name and peer are replaced."""
    lines = []
    if os.path.exists(TABLE):
        with open(TABLE, encoding="utf-8") as file:
            lines = [line for line in file.read().split("\n")[1:] if line]
    names = {(name, peer) for name, peer, *_ in rows}
    lines = [line for line in lines if tuple(line.split("\t")[:2]) not in names]
    lines += [f"{name}\t{peer}\t{ours:.3f}\t{theirs:.3f}\t{theirs / ours:.3f}" for name, peer, ours, theirs in rows]
    os.makedirs("build", exist_ok=True)
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("\n".join([HEADER, *lines]) + "\n")


def show(name, peer, ours, theirs):
    """One line on the screen."""
    print(f"{name:28} {peer:14} {ours:10.2f} {theirs:10.2f} {theirs / ours:7.2f}x", flush=True)


def head():
    print(f"{'name':28} {'peer':14} {'ours ms':>10} {'peer ms':>10} {'speedup':>8}")
