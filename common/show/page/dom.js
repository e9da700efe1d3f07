// dom - makes elements, and says what is picked: the few lines that a framework would otherwise be fetched for.

/* make("button", {class: "chip", onclick: f, aria_label: "..."}, "text", ...). Texts become text, never HTML. */
export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && !name.startsWith("aria_") && name !== "list") element[name] = value;
    else element.setAttribute(name.replace("_", "-"), value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/* Replaces what stands in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

/* A line of small print. */
export function hint(text) {
  return make("p", { class: "hint" }, text);
}

/* A select with its label. rows: [value, text]. */
export function choice(label, rows, value, onchange) {
  const select = make("select", { onchange: () => onchange(select.value) },
    rows.map(([name, text]) => make("option", { value: name, selected: name === String(value) }, text)));
  return make("label", { class: "field" }, make("span", {}, label), select);
}

/* A choice among numbers. */
export function choice_number(label, numbers, value, onchange) {
  return choice(label, numbers.map((at) => [String(at), at]), value, (name) => onchange(Number(name)));
}

/* A slider with its label and its value as text. `show` makes the text of a value. */
export function slider(label, from, to, value, oninput, show = String) {
  const said = make("output", {}, show(value));
  const input = make("input", {
    type: "range",
    min: from,
    max: to,
    step: 1,
    aria_label: label, // the label element names the output
    oninput: () => {
      said.textContent = show(Number(input.value));
      input.ariaValueText = said.textContent;
      oninput(Number(input.value));
    },
  });
  input.value = value;
  return make("label", { class: "field knob" }, make("span", {}, label, " ", said), input);
}

export function check(label, value, onchange) {
  const input = make("input", { type: "checkbox", checked: value, onchange: () => onchange(input.checked) });
  return make("label", { class: "check" }, input, label);
}

/* What a control is called, whatever it is set to. */
const dom_called = (control) =>
  control.ariaLabel ?? control.closest("label")?.querySelector("span")?.textContent ?? control.parentNode.textContent;

/* Draws what is in an element anew: the control that has the focus keeps it. */
export function draw_kept(element, draw) {
  const held = document.activeElement;
  const name = element.contains(held) && held.matches("select, input, button") ? dom_called(held) : null;
  draw();
  if (name && !held.isConnected)
    [...element.querySelectorAll("select, input, button")].find((one) => dom_called(one) === name)?.focus();
}

/* A small button that is on or off. */
export function chip(text, on, props) {
  return make("button", { class: on ? "chip on" : "chip", aria_pressed: String(on), ...props }, text);
}

/* A line of a table: what it is of, and values. */
export function table_row(name, ...values) {
  return make("tr", {}, make("th", { scope: "row" }, name), values.map((value) => make("td", {}, value)));
}

/* Offers bytes or text as a download. */
export function download(name, type, content) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
