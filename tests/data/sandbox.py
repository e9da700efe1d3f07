"""What the tests of data/fetch.sh stand on: a server that misbehaves on request, a data folder with a manifest and a
server of its own, and the checks that every failure must pass.
"""
import hashlib
import http.server
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

REPO = pathlib.Path(__file__).resolve().parents[2]
FETCH = REPO / "data" / "fetch.sh"
SHELL = os.environ.get("HEADLIGHT_TEST_SHELL", "sh")
HEADER = "name\tfile\tsize\tsha256\tneed\tlicence\tpackage\tinside\torigin\n"
PATIENCE = 30          # seconds until a test that waits for something gives up: only a failure takes that long
TEXT = bytes(range(256)) * 40 + b"the end"          # 10,247 bytes that no gap or repetition leaves unchanged
OLD = b"what was there before\n"
BASIC_TOOLS = ("sh bash dash awk basename cat chmod cp cut df dirname du env find grep gzip head kill mkdir mv rm "
               "rmdir sed sha256sum sleep tail tar touch tr wc").split()
TESTS = []
# Started by `make test &`, we would hand our deafness to Ctrl-C on, and a shell cannot undo that by itself.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Skip(Exception):
    pass


def test(function):
    TESTS.append((function.__name__, lambda: function()))
    return function


def for_each_downloader(function):
    """One test for each program that fetch.sh can download with."""
    for tool in ("curl", "wget", "python3"):
        TESTS.append((f"{function.__name__} [{tool}]", lambda tool=tool: function(tool)))
    return function


# ---- a server that misbehaves on request ---------------------------------------------------------------------------

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.files = {}               # path -> bytes
        self.seen = []                # (path, Range header or None) of each request
        self.sent = 0                 # bytes of content sent
        self.ranges = True            # answer Range requests with 206?
        self.tear = None              # hang up after so many bytes of content
        self.pause = None             # stop after so many bytes of content until `go` is set
        self.length = True            # announce a Content-Length?
        self.go = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request, client_address):
        pass                          # a client that hangs up is what some tests want


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        server, wanted = self.server, self.headers.get("Range")
        server.seen.append((self.path, wanted))
        body = server.files.get(self.path)
        if body is None:
            self.send_error(404, "Not \x1b[31mFound")       # with a control byte, as a rude server might
            return
        start = 0
        if wanted and server.ranges:
            start = int(wanted.split("=")[1].split("-")[0])
            if start >= len(body):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        body = body[start:]
        if server.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if server.pause is not None:
            self.wfile.write(body[:server.pause])
            self.wfile.flush()
            server.go.wait(PATIENCE)
            server.sent += server.pause
            body = body[server.pause:]
        if server.tear is not None:
            body = body[:server.tear]
        self.wfile.write(body)
        server.sent += len(body)
        if server.tear is not None:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


# ---- a sandbox: a data folder, a manifest, a server ----------------------------------------------------------------

class Sandbox:
    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="headlight fetch "))      # with spaces, as folders may have
        self.root.chmod(0o755)
        self.data = self.root / "data"
        self.data.mkdir()
        self.manifest = self.root / "manifest.tsv"
        self.manifest.write_text(HEADER)
        self.server = Server()
        self.script = FETCH
        self.env = {"HEADLIGHT_MIRROR": ""}
        self.path = os.environ["PATH"]
        self.mounted = None              # a small disk that a test mounted
        self.started = []

    def close(self):
        self.server.go.set()
        for process in self.started:                 # only a failed test leaves one running
            if process.poll() is None:
                process.terminate()
                process.wait()
        self.server.shutdown()
        self.server.server_close()
        if self.mounted:
            subprocess.run(["umount", str(self.mounted)], check=False)
        shutil.rmtree(self.root, ignore_errors=True)

    def row(self, file="story.txt", content=TEXT, name="story", size=None, sha256=None, need="yes", package="-",
            inside="-", origin=None):
        size = len(content) if size is None else size
        sha256 = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
        origin = f"{self.server.url}/{file}" if origin is None else origin
        with self.manifest.open("a") as out:
            out.write("\t".join([name, file, str(size), sha256, need, "free as air", package, inside, origin]) + "\n")

    def serve(self, file="story.txt", content=TEXT):
        self.server.files["/" + file] = content

    def put(self, file="story.txt", content=OLD):
        path = self.data / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def only_tools(self, *tools):
        """PATH holds the basic tools and these, so that the fetcher must do with them."""
        folder = self.root / "bin"
        folder.mkdir(exist_ok=True)
        for tool in [*BASIC_TOOLS, *tools]:
            found = sys.executable if tool == "python3" else shutil.which(tool)
            if not found and tool in tools:
                raise Skip(f"{tool} is not installed")
            if found and not (folder / tool).exists():
                (folder / tool).symlink_to(found)
        self.path = str(folder)

    def own_tool(self, name, script):
        folder = self.root / "bin"
        folder.mkdir(exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text("#!/bin/sh\n" + script)
        (folder / name).chmod(0o755)

    def start(self, *arguments, stderr=subprocess.PIPE, before=None, **env):
        environment = {"PATH": self.path, "HOME": str(self.root), "NO_PROXY": "*", "HEADLIGHT_DATA": str(self.data),
                       "HEADLIGHT_MANIFEST": str(self.manifest), **self.env, **env}
        shell = shutil.which(SHELL)
        process = subprocess.Popen([shell, str(self.script), *arguments], env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=stderr, cwd=self.root, preexec_fn=before)
        self.started.append(process)
        return process

    def run(self, *arguments, **options):
        return finish(self.start(*arguments, **options))

    def files(self):
        """Every visible file under data/ with its bytes: what a user would call "what is there"."""
        found = {}
        for path in sorted(self.data.rglob("*")):
            parts = path.relative_to(self.data).parts
            if path.is_file() and not parts[0].startswith("."):
                found["/".join(parts)] = path.read_bytes()
        return found

    def partial(self, name="story", file="story.txt"):
        return self.data / f".{name}.partial" / file

    def tidy(self):
        left = [str(p) for p in self.data.rglob("*") if p.name.endswith((".lock", ".new", ".scratch"))]
        assert not left, f"left behind: {left}"


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.lines = code, out, err.splitlines()
        self.errors = [line for line in self.lines if line.startswith("fetch.sh: error: ")]
        self.notes = [line for line in self.lines if line.startswith("fetch.sh: note: ")]

    def __repr__(self):
        return f"exit {self.code}, stdout {self.out!r}, stderr {self.lines}"


def finish(process):
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("the fetcher did not end") from None
    return Result(process.returncode, out.decode(), (err or b"").decode("utf-8", "replace"))


def check(truth, what):
    assert truth, what


def succeeded(result):
    check(result.code == 0 and not result.errors, f"expected success: {result}")
    check(result.lines == result.notes and result.out == "", f"expected nothing but notes: {result}")


def failed(result, code, *words):
    check(result.code == code, f"expected exit {code}: {result}")
    check(len(result.errors) == 1, f"expected one error line: {result}")
    check(len(result.notes) == len(result.lines) - 1, f"a line that is neither note nor error: {result}")
    check(result.out == "", f"expected nothing on stdout: {result}")
    for word in words:
        check(word in result.errors[0], f"expected {word!r} in the error line: {result}")


def until(condition, what):
    """Wait for something another process is about to do."""
    for _ in range(PATIENCE * 100):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError(f"waited in vain until {what}")


def sandboxed(function):
    def wrapped(*arguments):
        box = Sandbox()
        try:
            function(box, *arguments)
            box.tidy()
        finally:
            box.close()
    wrapped.__name__ = function.__name__
    return wrapped
