// colour - one accent, amber, from nothing to bright; blue and orange for what has a sign; a hue a head, each with its
// number beside it, for nobody has to tell them apart by hue alone. Brightness rises all the way: it survives any eye.

const COLOUR_RAMPS = {
  dark: [[24, 27, 34], [92, 60, 22], [190, 118, 26], [255, 187, 75], [255, 244, 214]],
  light: [[250, 248, 243], [255, 221, 150], [240, 158, 40], [168, 82, 6], [58, 24, 4]],
};
const COLOUR_ENDS = {
  dark: { below: [86, 160, 255], zero: [30, 34, 42], above: [255, 150, 60] },
  light: { below: [20, 92, 190], zero: [246, 244, 239], above: [200, 84, 0] },
};
/* q, k and v: blue, orange and green that no eye takes for each other (after Okabe and Ito; one of blue and green is
 * darker, for eyes without blue cones), 3:1 and more beside a zero. */
const COLOUR_PARTS = {
  dark: { q: [110, 195, 245], k: [240, 160, 40], v: [20, 140, 95] },
  light: { q: [0, 70, 140], k: [196, 96, 0], v: [0, 145, 110] },
};
const COLOUR_HEADS = [
  "#3b8ede", "#e8871e", "#3aa655", "#d8504d", "#9a6fd0", "#a0705a",
  "#d966b0", "#808892", "#a8a520", "#1fb0c0", "#5c6bc0", "#c2714f",
];

/* What a theme is made of; on paper it is always light. */
export const COLOUR_THEMES = {
  dark: {
    name: "dark",
    paper: "#14161b",
    ink: "#e9e7e1",
    quiet: "#a3a8b3",
    rule: "#343944",
    masked: "#1d2129",
    hatch: "#4a5160",
    accent: "#ffb53d",
  },
  light: {
    name: "light",
    paper: "#fffdf9",
    ink: "#22201b",
    quiet: "#67635a",
    rule: "#dcd6c9",
    masked: "#f1eee7",
    hatch: "#bdb6a6",
    accent: "#a85206",
  },
};

function colour_between(stops, at) {
  const place = Math.max(0, Math.min(at, 1)) * (stops.length - 1);
  const i = Math.min(Math.floor(place), stops.length - 2);
  return stops[i].map((part, c) => part + (stops[i + 1][c] - part) * (place - i));
}

/* [r, g, b] of a share from 0 to 1, and of a number from -1 to 1. */
export function colour_of(theme, share) {
  return colour_between(COLOUR_RAMPS[theme.name], share);
}

export function colour_signed(theme, number) {
  const ends = COLOUR_ENDS[theme.name];
  return colour_between([ends.zero, number < 0 ? ends.below : ends.above], Math.abs(number));
}

/* A share from 0 to 1 in the hue of "q", "k" or "v". */
export function colour_part(theme, part, share) {
  return colour_between([COLOUR_ENDS[theme.name].zero, COLOUR_PARTS[theme.name][part]], share);
}

export function colour_head(head) {
  return COLOUR_HEADS[head % COLOUR_HEADS.length];
}

/* [r, g, b] of "#rrggbb". */
export function colour_rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

export function colour_css([r, g, b]) {
  return `rgb(${r | 0} ${g | 0} ${b | 0})`;
}

/* Ink that can be read on a colour. */
export function colour_ink([r, g, b]) {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 140 ? "#17140e" : "#ffffff";
}
