"""data/fetch.sh: what must work, and downloads that break."""
import hashlib
import socket

from sandbox import check, failed, for_each_downloader, OLD, sandboxed, succeeded, test, TEXT


# ---- what must work ------------------------------------------------------------------------------------------------

@for_each_downloader
@sandboxed
def right_file(box, tool):
    box.only_tools(tool)
    box.row()
    box.serve()
    result = box.run("story")
    succeeded(result)
    check(box.files() == {"story.txt": TEXT}, "the file did not arrive whole")
    check("public address; its licence: free as air" in result.lines[-1], f"no word of the licence: {result}")
    check(not box.partial().parent.exists(), "the partial folder stays behind")


@test
@sandboxed
def already_there_is_silent_and_asks_nobody(box):
    box.row()
    box.serve()
    box.put(content=TEXT)
    result = box.run("story")
    check((result.code, result.lines, result.out) == (0, [], ""), f"expected silence: {result}")
    check(not box.server.seen, f"asked the server: {box.server.seen}")


@test
@sandboxed
def wrong_file_there_is_fetched_again(box):
    box.row()
    box.serve()
    box.put(content=TEXT[:-1] + b"D")             # right size, one wrong byte
    result = box.run("story")
    succeeded(result)
    check(box.files() == {"story.txt": TEXT} and "fetching it again" in result.notes[0], f"not mended: {result}")


@test
@sandboxed
def mirror_comes_first(box):
    box.row()
    box.serve()
    mirror = box.root / "mirror"
    mirror.mkdir()
    (mirror / "story.txt").write_bytes(TEXT)
    (mirror / "story.txt").chmod(0o444)
    result = box.run("story", HEADLIGHT_MIRROR=str(mirror))
    succeeded(result)
    check(box.files() == {"story.txt": TEXT} and "a mirror" in result.lines[-1], f"not from the mirror: {result}")
    check(not box.server.seen, "the mirror had it and the server was asked")
    check((box.data / "story.txt").stat().st_mode & 0o200, "a read-only mirror made a read-only file")


@test
@sandboxed
def broken_mirror_falls_through_with_a_note(box):
    box.row()
    box.serve()
    mirror = box.root / "mirror"
    mirror.mkdir()
    for broken in (TEXT[:100], TEXT[:-1] + b"D"):
        (mirror / "story.txt").write_bytes(broken)
        (box.data / "story.txt").unlink(missing_ok=True)
        result = box.run("story", HEADLIGHT_MIRROR=str(mirror))
        succeeded(result)
        check(any("mirror" in n and "wrong content" in n for n in result.notes), f"no note on the mirror: {result}")
        check(box.files() == {"story.txt": TEXT}, "the broken copy was taken")
    result = box.run("story", HEADLIGHT_MIRROR=str(box.root / "nowhere"))
    check(result.code == 0 and not result.lines, f"already there, so no mirror was needed: {result}")


@test
@sandboxed
def second_address_after_the_first_fails(box):
    box.row(origin=f"{box.server.url}/gone {box.server.url}/wrong {box.server.url}/story.txt")
    box.serve()
    box.serve("wrong", b"something else")
    result = box.run("story")
    succeeded(result)
    check([path for path, _ in box.server.seen] == ["/gone", "/wrong", "/story.txt"], f"{box.server.seen}")
    check(box.files() == {"story.txt": TEXT}, "the third address had it")


@test
@sandboxed
def the_worst_answer_decides(box):
    box.row(origin=f"{box.server.url}/wrong {box.server.url}/gone")
    box.serve("wrong", b"something else")
    failed(box.run("story"), 1, "/wrong: wrong content")


@test
@sandboxed
def hub_endpoint_and_origin_replace_the_host(box):
    box.row(origin="https://huggingface.co/someone/model/resolve/main/story.txt")
    box.serve("someone/model/resolve/main/story.txt")
    succeeded(box.run("story", HF_ENDPOINT=box.server.url + "/"))
    (box.data / "story.txt").unlink()
    succeeded(box.run("story", HEADLIGHT_ORIGIN=box.server.url))
    check([p for p, _ in box.server.seen] == ["/someone/model/resolve/main/story.txt"] * 2, f"{box.server.seen}")
    box.row(file="other.txt", name="other", origin="https://example.invalid/a/other.txt")
    box.serve("a/other.txt")
    succeeded(box.run("other", HF_ENDPOINT="http://127.0.0.1:9", HEADLIGHT_ORIGIN=box.server.url))


@test
@sandboxed
def unknown_sha256_is_said(box):
    box.row(sha256="-")
    box.serve()
    result = box.run("story")
    succeeded(result)
    check(sum("could not be checked" in n for n in result.notes) == 1, f"expected one note: {result}")
    box.serve(content=b"short")
    (box.data / "story.txt").unlink()
    failed(box.run("story"), 1, "wrong content", str(len(TEXT)), "got 5")


@test
@sandboxed
def a_folder_comes_whole_or_not_at_all(box):
    for file in ("model/a.txt", "model/deep/b.txt"):
        box.row(file=file, name="model", content=file.encode() * 50)
    box.serve("model/a.txt", b"model/a.txt" * 50)
    box.put("model/mine.txt")
    before = box.files()
    failed(box.run("model"), 3, "model/deep/b.txt", "404")
    check(box.files() == before, "half of the folder is there")
    box.serve("model/deep/b.txt", b"model/deep/b.txt" * 50)
    box.server.seen.clear()
    succeeded(box.run("model"))
    check([p for p, _ in box.server.seen] == ["/model/deep/b.txt"], f"asked again for what it had: {box.server.seen}")
    check(box.files() == {**before, "model/a.txt": b"model/a.txt" * 50,
                          "model/deep/b.txt": b"model/deep/b.txt" * 50}, "not whole")


@test
@sandboxed
def what_nothing_needs_may_be_missing(box):
    box.row(file="model/a.txt", name="model")
    box.row(file="model/extra.txt", name="model", need="no")
    box.serve("model/a.txt")
    result = box.run("model")
    succeeded(result)
    check(box.files() == {"model/a.txt": TEXT} and any("nothing needs it" in n for n in result.notes), f"{result}")
    check(box.run("model").lines == [], "the missing extra is asked for again and again")


# ---- downloads that break ------------------------------------------------------------------------------------------

@for_each_downloader
@sandboxed
def torn_download_is_resumed(box, tool):
    box.only_tools(tool)
    box.row()
    box.serve()
    box.put()
    box.server.tear = 6000
    failed(box.run("story"), 3, "story.txt", "broke off after 6000 of 10247 bytes", "Try: run it again")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")
    check(box.partial().read_bytes() == TEXT[:6000], "the bytes that came are gone")
    box.server.tear = None
    box.server.sent = 0
    succeeded(box.run("story"))
    check(box.files() == {"story.txt": TEXT}, "not whole after resuming")
    check(box.server.seen[-1][1] == "bytes=6000-", f"did not ask for the rest: {box.server.seen}")
    check(box.server.sent == len(TEXT) - 6000, f"the server sent {box.server.sent} bytes again")


@for_each_downloader
@sandboxed
def server_without_ranges_starts_again(box, tool):
    box.only_tools(tool)
    box.row()
    box.serve()
    box.server.ranges = False
    box.server.tear = 6000
    failed(box.run("story"), 3, "broke off")
    box.server.tear = None
    succeeded(box.run("story"))
    check(box.files() == {"story.txt": TEXT}, "not whole")


@for_each_downloader
@sandboxed
def bytes_of_another_version_are_not_continued(box, tool):
    box.only_tools(tool)
    box.row()
    box.serve()
    box.partial().parent.mkdir()
    for stale in (b"x" * 500, b"x" * len(TEXT), b"x" * (len(TEXT) + 9)):
        box.partial().parent.mkdir(exist_ok=True)
        box.partial().write_bytes(stale)
        (box.data / "story.txt").unlink(missing_ok=True)
        succeeded(box.run("story"))
        check(box.files() == {"story.txt": TEXT}, "a mixture of two versions")


@for_each_downloader
@sandboxed
def wrong_sha256_leaves_the_old_file(box, tool):
    box.only_tools(tool)
    box.row()
    box.serve(content=TEXT[:-1] + b"D")
    box.put()
    got = hashlib.sha256(TEXT[:-1] + b"D").hexdigest()
    failed(box.run("story"), 1, "story.txt", "wrong content", f"expected sha256 {hashlib.sha256(TEXT).hexdigest()}",
           f"got {got}", "Try: ")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")
    check(not box.partial().exists(), "wrong bytes stay behind to be continued")


@test
@sandboxed
def a_login_page_is_named(box):
    box.row()
    box.serve(content=b"<!DOCTYPE html><html><body>Welcome to our network, please log in</body></html>")
    failed(box.run("story"), 1, "wrong content", "10247 bytes", "web page")
    check(box.files() == {}, "a web page was taken for the file")


@for_each_downloader
@sandboxed
def an_endless_answer_is_cut_off(box, tool):
    box.only_tools(tool)
    box.row()
    box.serve(content=TEXT + b"x" * (64 << 20))
    box.server.length = False
    box.put()
    failed(box.run("story"), 1, "wrong content", "expected 10247 bytes, got more")
    check(box.server.sent < 48 << 20, "all of it was taken")
    check(box.files() == {"story.txt": OLD} and not box.partial().exists(), "something else was left")


@for_each_downloader
@sandboxed
def not_found_says_what_to_do_by_hand(box, tool):
    box.only_tools(tool)
    box.row()
    box.put()
    result = box.run("story")
    failed(result, 3, "404", f"Try: run it again, or save {box.server.url}/story.txt by hand as {box.data}/story.txt")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")
    for line in result.lines:
        check(line.isprintable(), f"a control byte of the server reached the terminal: {line!r}")


@for_each_downloader
@sandboxed
def no_network_keeps_what_had_come(box, tool):
    box.only_tools(tool)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))               # bound, not listening: connections are refused
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        box.row(origin=f"{url}/story.txt {url}/again/story.txt")
        box.put()
        box.partial().parent.mkdir()
        box.partial().write_bytes(TEXT[:700])
        result = box.run("story")
        failed(result, 3, "/story.txt", "onnect", "Try: ")
        check("another address" not in str(result.notes), f"asked a host again that is not there: {result}")
    check(box.files() == {"story.txt": OLD}, "what was there before is gone")
    check(box.partial().read_bytes() == TEXT[:700], "no network, and the bytes we had are gone")


@test
@sandboxed
def no_program_to_download_with(box):
    box.only_tools()
    box.row()
    box.serve()
    failed(box.run("story"), 3, "install curl, wget or python3")
    check(box.files() == {} and not box.server.seen, "how?")


@test
@sandboxed
def no_program_for_sha256(box):
    box.only_tools("curl")
    (box.root / "bin" / "sha256sum").unlink()
    box.row()
    box.serve()
    failed(box.run("story"), 3, "sha256", "Try: install")
    check(box.files() == {}, "unchecked content was taken")
