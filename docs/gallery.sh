#!/bin/sh
# gallery.sh: print a page with every picture below out/ and its command. tour.sh makes out/index.html of it.
# It knows no figure: it reads the two first lines of the gnuplot script that each figure leaves beside its picture, and
# of the texts that tour.sh left in out/tour/. The page needs no network and no program, only the files around it.
set -u
cd "$(dirname "$0")/.." || exit 3

# One line a thing: kind, its path below out/, without the ending of a picture, title, command.
list() {
    find out -type f \( -name '*.gp' -o -path 'out/tour/*.txt' \) | LC_ALL=C sort | while IFS= read -r path; do
        rest=${path#out/}
        stem=${rest%.gp}
        kind=text
        case $rest in *.gp)
            kind=''
            for ending in png svg pdf; do
                if [ -s "out/$stem.$ending" ]; then kind=$ending; break; fi
            done ;;
        esac
        [ -n "$kind" ] || continue              # its picture is gone, or was never finished
        title=$(sed -n '1s/^# title: //p' "$path")
        command=$(sed -n '2s/^# command: //p' "$path")
        printf '%s\t%s\t%s\t%s\n' "$kind" "$stem" "${title:-$stem}" "$command"
    done
}

list | awk -F '\t' '
function plain(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
                       gsub(/"/, "\\&quot;", text); return text }
function address(path) { gsub(/%/, "%25", path); gsub(/#/, "%23", path); gsub(/\?/, "%3F", path); return plain(path) }
{ kind[NR] = $1; stem[NR] = $2; title[NR] = $3; command[NR] = $4; pictures += $1 != "text"
  group[NR] = $1 == "text" ? "what each step printed" : substr($2, 1, index($2 "/", "/") - 1) }
END {
    print "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">"
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    print "<title>Headlight: the gallery</title>"
    print "<style>"
    print ":root { color-scheme: light dark; --line: #8884 }"
    print "body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }"
    print "h2 { font-size: 1.1rem; margin: 0 0 .3rem } section { border-top: 1px solid var(--line); padding: 1.2rem 0 }"
    print "img, object { max-width: 100%; background: white; border: 1px solid var(--line) }"
    print "img[src$=svg] { width: 100% } td code { overflow-wrap: anywhere }"
    print "pre, code { font: .85rem/1.35 ui-monospace, monospace } pre { overflow: auto; padding: .6rem }"
    print "pre.command { background: #8882 } table { border-collapse: collapse; width: 100% }"
    print "td, th { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0 }"
    print "tr { border-top: 1px solid var(--line) }\n</style>\n<h1>Headlight: the gallery</h1>"
    printf "<p>%d pictures. Each was drawn by the command beside it, which you can run again from the top of the " \
           "checkout, on your own words too. The script and the numbers behind a picture lie beside it: change the " \
           "script, and <code>gnuplot -d NAME.gp</code> in its folder draws it again.</p>\n", pictures
    print "<table>\n<tr><th>picture<th>command"
    for (i = 1; i <= NR; i++) {
        if (group[i] != group[i - 1]) printf "<tr><th colspan=\"2\">%s\n", plain(group[i])
        printf "<tr><td><a href=\"#n%d\">%s</a><td><code>%s</code>\n", i, plain(title[i]), plain(command[i])
    }
    print "</table>"
    for (i = 1; i <= NR; i++) {
        printf "<section id=\"n%d\"><h2>%s</h2>\n", i, plain(title[i])
        printf "<pre class=\"command\">%s</pre>\n", plain(command[i])
        at = address(stem[i])
        if (kind[i] == "text") {
            print "<pre>"
            file = "out/" stem[i]
            for (line = 0; (getline text < file) > 0; line++) if (line >= 2) print plain(text)
            close(file)
            print "</pre></section>"
        } else {
            picture = at "." kind[i]
            if (kind[i] == "pdf")
                printf "<object data=\"%s\" type=\"application/pdf\" width=\"900\" height=\"700\"></object>\n", picture
            else
                printf "<a href=\"%s\"><img loading=\"lazy\" src=\"%s\" alt=\"%s\"></a>\n", picture, picture,
                       plain(title[i])
            printf "<p><a href=\"%s\">picture</a> · <a href=\"%s.gp\">script</a></p></section>\n", picture, at
        }
    }
    print "</html>"
}'
