// The book reads without this file. With it, the book is searched and light or dark is chosen by hand.
"use strict";

const field = document.getElementById("search"),
  found = document.getElementById("found"),
  theme = document.getElementById("theme"),
  MOST = 12;

function element(tag, words = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}

/* The words around the first hit, with every hit marked. */
function excerpt(text, words) {
  const low = text.toLowerCase(),
    at = Math.max(0, Math.min(...words.map((word) => low.indexOf(word)).filter((place) => place >= 0), text.length) - 50),
    part = text.slice(at, at + 170),
    line = element("span", at ? "… " : "");
  let from = 0;
  for (;;) {
    const hits = words.map((word) => [part.toLowerCase().indexOf(word, from), word.length]).filter(([place]) => place >= 0);
    if (!hits.length) break;
    const [place, length] = hits.sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
    line.append(part.slice(from, place), element("mark", part.slice(place, place + length)));
    from = place + length;
  }
  line.append(part.slice(from), at + 170 < text.length ? " …" : "");
  return line;
}

/* Every word has to be there; in the page's title it counts most, then in the heading, then how often it stands. What a
   lecture says comes before what lies beside it. */
function score([page, title, , heading, text], words) {
  let sum = 0;
  for (const word of words) {
    const inside = text.toLowerCase().split(word).length - 1,
      here = 30 * title.toLowerCase().includes(word) + 12 * heading.toLowerCase().includes(word) + Math.min(inside, 8);
    if (!here) return 0;
    sum += here;
  }
  return /^\d\d_|^terms/.test(page) ? 2 * sum : sum;
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.hidden = !words.length || !window.BOOK;
  if (found.hidden) return;
  const hits = BOOK.map((section) => [score(section, words), section]).filter(([points]) => points);
  hits.sort((a, b) => b[0] - a[0]);
  found.replaceChildren(
    ...hits.slice(0, MOST).map(([, [page, title, anchor, heading, text]]) => {
      const link = element("a");
      link.href = `${page}#${anchor}`;
      link.append(element("b", heading === title || !heading ? title : `${title}: ${heading}`), excerpt(text, words));
      return link;
    }),
    element("p", hits.length > MOST ? `${hits.length} places; the first ${MOST}` : hits.length ? "" : "No such words here."),
  );
}

/* The words of all pages are read when somebody begins to search. */
function load() {
  if (document.getElementById("words")) return;
  const script = element("script");
  script.id = "words";
  script.src = "search.js";
  script.onload = search;
  document.head.append(script);
}

function move(event) {
  const links = [...found.querySelectorAll("a")],
    at = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    field.value = "";
    search();
    field.focus();
  } else if (event.key === "ArrowDown" && links[at + 1]) links[at + 1].focus();
  else if (event.key === "ArrowUp") (links[at - 1] || field).focus();
  else if (event.key === "Enter" && at < 0 && links[0]) links[0].click();
  else return;
  event.preventDefault();
}

function keep(name) {
  try {
    localStorage.setItem("headlight-theme", name);
  } catch {} // a browser that keeps nothing forgets the choice
}

const isLight = () =>
  (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark")) ===
  "light";

function named() {
  theme.textContent = isLight() ? "Dark" : "Light";
}

theme.hidden = field.parentElement.hidden = false;
named();
theme.addEventListener("click", () => {
  const name = isLight() ? "dark" : "light";
  document.documentElement.dataset.theme = name;
  keep(name);
  named();
});
matchMedia("(prefers-color-scheme: light)").addEventListener("change", named);
field.addEventListener("focus", load);
field.addEventListener("input", search);
field.parentElement.addEventListener("keydown", move);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  field.focus();
});
addEventListener("click", (event) => {
  if (!field.parentElement.contains(event.target)) found.hidden = true;
});
const list = document.getElementById("contents"),
  here = list.querySelector("[aria-current]");
if (here) list.scrollTop = here.offsetTop - list.clientHeight / 3; // on a phone the list stands below, and is not scrolled
