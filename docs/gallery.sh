#!/bin/sh
# gallery.sh: print a page with every picture below out/ and its command. tour.sh makes out/index.html of it, and
# book/book.py puts the table of lectures where <!--book--> stands, and takes the gallery into the book.
# It knows no figure: it reads the two first lines of the gnuplot script that each figure leaves beside its picture, and
# of the texts that tour.sh left in out/tour/. The page needs no network and no program, only the files around it.
set -u
cd "$(dirname "$0")/.." || exit 3

# Pages of stage 20 that steps of the tour wrote beside the first, by the same title and command.
pages() {
    find out/20_atlas -name '*.html' ! -path out/20_atlas/index.html -print 2>/dev/null | LC_ALL=C sort |
            while IFS= read -r path; do
        step=$(grep -lF -e "--page $path" -e "--out ${path%/index.html}" out/tour/*.txt 2>/dev/null | head -n 1)
        [ -n "$step" ] || continue
        printf 'page\t%s\t%s\t%s\n' "${path#out/}" "$(sed -n '1s/^# title: \(.*\) (what it printed)$/\1/p' "$step")" ''
    done
}

# One line a thing: kind, its path below out/, without the ending of a picture, title, command.
list() {
    find out -name book -prune -o -type f \( -name '*.gp' -o -path 'out/tour/*.txt' \) -print |
            LC_ALL=C sort | while IFS= read -r path; do
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

atlas=0
[ ! -s out/20_atlas/index.html ] || atlas=1
{ pages; list; } | awk -v atlas="$atlas" -F '\t' '
function plain(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
                       gsub(/"/, "\\&quot;", text); return text }
function address(path) { gsub(/%/, "%25", path); gsub(/#/, "%23", path); gsub(/\?/, "%3F", path); return plain(path) }
$1 == "page" { others = others sprintf("<a href=\"%s\">%s</a>", address($2), plain($3)); next }
{ kind[++count] = $1; stem[count] = $2; title[count] = $3; command[count] = $4; pictures += $1 != "text"
  group[count] = $1 == "text" ? "what each step printed" : substr($2, 1, index($2 "/", "/") - 1) }
function picture(i) { return address(stem[i]) "." kind[i] }
function opening(    cover, i) {
    for (i = count; i >= 1; i--) if (kind[i] ~ /png|svg/ && stem[i] ~ /^17_bert\/[^\/]*$/) cover = i
    print "<header><h1>Headlight</h1><p>Attention in transformers, written in C and drawn: which word looks at " \
          "which, and why.</p></header>"
    if (!cover && !atlas) return
    print "<div class=\"cover\">"
    if (cover)
        printf "<figure><a href=\"%s\"><img src=\"%s\" alt=\"%s\"></a><figcaption>%s<code>%s</code></figcaption>" \
               "</figure>\n",
               picture(cover), picture(cover), plain(title[cover]), plain(title[cover]), plain(command[cover])
    if (atlas)
        print "<figure><div class=\"page\"><iframe src=\"20_atlas/index.html\" title=\"the page of stage 20\" " \
              "tabindex=\"-1\"></iframe></div><figcaption><a class=\"open\" href=\"20_atlas/index.html\">Open " \
              "the page</a> Every head live: put a mask on it, click a cell and see its sum." \
              (others ? "<p class=\"others\">More pages: " others "</p>" : "") "</figcaption></figure>"
    print "</div>"
}
function thumb(i) {
    print "<figure>"
    if (kind[i] == "pdf")
        printf "<object data=\"%s\" type=\"application/pdf\" width=\"300\" height=\"200\"></object>\n", picture(i)
    else
        printf "<a href=\"%s\"><img loading=\"lazy\" src=\"%s\" alt=\"%s\"></a>\n", picture(i), picture(i),
               plain(title[i])
    printf "<figcaption><a href=\"%s\">%s</a><code>%s</code><a class=\"script\" href=\"%s.gp\">script</a>" \
           "</figcaption></figure>\n",
           picture(i), plain(title[i]), plain(command[i]), address(stem[i])
}
function printed(i,    file, line, text) {
    printf "<details><summary>%s</summary><code>%s</code><pre>\n", plain(title[i]), plain(command[i])
    file = "out/" stem[i]
    for (line = 0; (getline text < file) > 0; line++) if (line >= 2) print plain(text)
    close(file)
    print "</pre></details>"
}
# The page of stage 20 chooses light by a script; here the same lines become a question to the system.
function style(    light, text) {
    while ((getline text < "common/show/page/colours.css") > 0) {
        print text
        if (sub(/^:root\[data-theme="light"\]/, ":root:not([data-theme])", text) || light && text !~ /^}/)
            light = light text "\n"
    }
    print "@media (prefers-color-scheme: light) {\n" light "} }"
    while ((getline text < "docs/gallery.css") > 0) print text
}
END {
    print "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">"
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    print "<title>Headlight: the gallery</title>\n<style>"
    style()
    print "</style>\n<main>"
    opening()
    print "<!--book-->"
    printf "<p class=\"quiet\">%d pictures. Each was drawn by the command below it, which you can run again from " \
           "the top of the checkout, on your own words too. The script and the numbers behind it lie beside it: " \
           "change the script, and <code>gnuplot -d NAME.gp</code> in its folder draws it again.</p>\n", pictures
    for (i = 1; i <= count; i++) {
        if (group[i] != group[i - 1])
            printf "%s<section><h2>%s</h2><div class=\"%s\">\n", (i > 1 ? "</div></section>\n" : ""),
                   plain(group[i]), (kind[i] == "text" ? "texts" : "thumbs")
        if (kind[i] == "text") printed(i)
        else thumb(i)
    }
    if (count) print "</div></section>"
    print "</main>\n</html>"
}'
