# shellcheck shell=sh disable=SC2034
# needs.sh: what the course needs on a machine, how to look for it, and what it is called in each package manager.
# Read by deps.sh (which installs) and doctor.sh (which explains); why each is needed stands in dependencies.md.
# The three lie here beside setup.md because they are that page, carried out.

# set: run (the course), test (`make test`), fuzz (`make fuzz`), bench (`make bench`),
# mpi (`make MPI=1`, and nothing else). The page of stage 20 takes clang, lld, wasi-libc and esbuild; the rest does
# without.
# weight: must (nothing goes without) or nice (there is a way around).
# what|set|weight|check|Debian, Ubuntu|Fedora|Arch|Homebrew (empty: there is no such thing on that system)
needs() {
    cat <<'END'
C compiler|run|must|compiler|gcc libc6-dev|gcc|gcc|llvm
pkg-config|run|must|command pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkgconf
OpenBLAS|run|must|library openblas|libopenblas-dev|openblas-devel|openblas|openblas
utf8proc|run|must|library libutf8proc|libutf8proc-dev|utf8proc-devel|libutf8proc|utf8proc
jansson|run|must|library jansson|libjansson-dev|jansson-devel|jansson|jansson
gnuplot|run|must|command gnuplot|gnuplot-nox|gnuplot|gnuplot|gnuplot
cmark-gfm|run|nice|command cmark-gfm|cmark-gfm|||cmark-gfm
fonts|run|nice|fonts|fonts-dejavu-core|dejavu-sans-fonts|ttf-dejavu|font-dejavu
curl|run|nice|command curl|curl|curl|curl|curl
certificates|run|nice|certificates|ca-certificates|ca-certificates|ca-certificates|ca-certificates
Python 3|run|nice|command python3|python3|python3|python|python
pip|run|nice|pip|python3-pip|python3-pip|python-pip|python
cmocka|test|must|library cmocka|libcmocka-dev|libcmocka-devel|cmocka|cmocka
PCRE2|test|must|library libpcre2-8|libpcre2-dev|pcre2-devel|pcre2|pcre2
Python 3 for tests|test|must|command python3|python3|python3|python|python
wget|test|nice|command wget|wget|wget|wget|wget
strace|test|nice|command strace|strace|strace|strace|
bubblewrap|test|nice|command bwrap|bubblewrap|bubblewrap|bubblewrap|
node|test|nice|command node|nodejs|nodejs|nodejs|node
npm|test|nice|command npm|npm|nodejs-npm|npm|node
Chromium|test|nice|chromium|chromium|chromium|chromium|
clang, libFuzzer|fuzz|must|fuzzer|clang libclang-rt-dev|clang compiler-rt|clang compiler-rt|llvm
OpenMPI|mpi|must|mpi|libopenmpi-dev openmpi-bin|openmpi-devel|openmpi|open-mpi
clang for pages|run|nice|command clang|clang|clang|clang|llvm
lld|run|nice|wasm_linker|lld|lld|lld|lld
esbuild|run|nice|command esbuild|esbuild||esbuild|esbuild
wasi-libc|run|nice|wasi|wasi-libc libclang-rt-dev-wasm32|wasi-libc-static|wasi-libc wasi-compiler-rt|wasi-libc
venv|bench|must|venv|python3-venv|python3|python|python
END
}

# Homebrew keeps OpenBLAS to itself ("keg-only"), so pkg-config has to be shown the way. Elsewhere there are no such
# folders.
PKG_CONFIG_PATH=${PKG_CONFIG_PATH:-}:/opt/homebrew/opt/openblas/lib/pkgconfig:/usr/local/opt/openblas/lib/pkgconfig
export PKG_CONFIG_PATH

compiler_there() { echo '#include <stdio.h>' | ${CC:-cc} -E - >/dev/null 2>&1; }   # the headers count too
fuzzer_there() {
    command -v clang >/dev/null 2>&1 &&
        { ls "$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer* >/dev/null 2>&1 ||
            ls "$(clang -print-resource-dir)"/lib/*/*/libclang_rt.fuzzer* >/dev/null 2>&1; }
}
chromium_there() {
    [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1
}
wasm_linker_there() { command -v wasm-ld >/dev/null 2>&1 || ls /usr/bin/wasm-ld-* >/dev/null 2>&1; }
wasi_there() {
    [ -e /usr/lib/wasm32-wasi/libc.a ] && ls /usr/lib/llvm-*/lib/clang/*/lib/wasi/*builtins-wasm32.a >/dev/null 2>&1
}
fonts_there() {
    [ "$(uname)" = Darwin ] || [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] ||
        [ -n "$(fc-list 2>/dev/null | head -n 1)" ]
}
certificates_there() {
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] || [ -e /etc/ssl/cert.pem ]
}
venv_there() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }
mpi_there() { command -v mpirun >/dev/null 2>&1 && mpicc --showme:link >/dev/null 2>&1; }     # mpicc knows the flags
pip_there() { command -v pip3 >/dev/null 2>&1 || python3 -c 'import pip' >/dev/null 2>&1; }

there() {  # CHECK: one of the kinds above; all of them together take a few milliseconds
    case $1 in
        'command '*) command -v "${1#* }" >/dev/null 2>&1 ;;
        'library '*) pkg-config --exists "${1#* }" 2>/dev/null ;;
        *) "${1}_there" ;;
    esac
}

package_manager() {
    for manager in apt-get dnf pacman brew; do
        command -v "$manager" >/dev/null 2>&1 && { echo "$manager"; return; }
    done
    echo none
}
install_words() {  # MANAGER: the command that a person would type before the packages' names
    as=sudo
    [ "$(id -u)" -ne 0 ] || as=''
    case $1 in
        apt-get) echo "${as:+$as }apt-get install" ;;
        dnf) echo "${as:+$as }dnf install" ;;
        pacman) echo "${as:+$as }pacman -S" ;;
        brew) echo 'brew install' ;;
        *) echo 'install (Debian names)' ;;
    esac
}
