/** The action of a key in a view. */
export type KeyAction =
  | "blink" | "blink-back" | "next" | "previous" | "previous-held" | "zoom-in" | "zoom-out" | "reset"
  | "one-to-one" | "fit" | "align-object" | "align-sky" | "align-pixels" | "north-up" | "flip-x" | "flip-y"
  | "stretch" | "colormap" | "invert" | "zscale" | "mark" | "distance" | "circle" | "line" | "leave-out"
  | "stack" | "undo" | "speak" | "copy" | "header" | "help" | "freeze" | "pick" | "cancel"
  | "left" | "right" | "up" | "down"; // biome-ignore format: a list of names

/** An entry of the key help: the keys, and a description of what they do. */
export interface KeyHelp {
  readonly keys: string;
  readonly does: string;
  /** The views that support it. */
  readonly views: "both" | "look" | "compare";
}

const BY_KEY: Readonly<Record<string, KeyAction>> = {
  b: "blink", B: "blink-back", "]": "next", "[": "previous", " ": "previous-held", "+": "zoom-in",
  "=": "zoom-in", "-": "zoom-out", "0": "reset", "1": "one-to-one", f: "fit", o: "align-object",
  k: "align-sky", p: "align-pixels", n: "north-up", x: "flip-x", y: "flip-y", s: "stretch", c: "colormap",
  i: "invert", z: "zscale", m: "mark", d: "distance", r: "circle", l: "line", e: "leave-out", t: "stack",
  u: "undo", w: "speak", "/": "copy", ",": "copy", h: "header", "?": "help", F: "freeze", Enter: "pick",
  Escape: "cancel", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
}; // biome-ignore format: a table

/** The keys, in the order of the help. */
export const KEY_HELP: readonly KeyHelp[] = [
  { keys: "drag · wheel or pinch · double click", does: "pan · zoom · center", views: "both" },
  { keys: "right drag or Shift + drag", does: "bias and contrast", views: "both" },
  {
    keys: "arrows · Shift + arrows · Ctrl + arrows",
    does: "cursor by 1 · by 10 pixels · pan",
    views: "both",
  },
  {
    keys: "+ − · 0 · 1 · F",
    does: "zoom · reset brightness · one pixel to one · whole image",
    views: "both",
  },
  { keys: "B · Shift + B · [ ]", does: "blink · backwards · previous and next", views: "compare" },
  { keys: "Space held", does: "previous image while held", views: "compare" },
  { keys: "O · K · P", does: "align the object · the sky · the pixels", views: "compare" },
  { keys: "N · X · Y", does: "north up · flip left to right · upside down", views: "both" },
  { keys: "S · C · I · Z", does: "stretch · colors · invert · zscale", views: "both" },
  { keys: "M · D · R · L", does: "mark · distance · circle · line", views: "both" },
  { keys: "Enter · Esc", does: "set a point of a measurement · stop measuring", views: "both" },
  { keys: "E · T", does: "leave this image out · stack", views: "compare" },
  { keys: "U", does: "undo the last measurement", views: "both" },
  { keys: "Shift + F", does: "hold the cursor still", views: "both" },
  { keys: "W · /", does: "speak · copy position and value", views: "both" },
  { keys: "H", does: "header", views: "both" },
  { keys: "?", does: "keys", views: "both" },
];

/**
 * The action of a key press; undefined if it has none or a modifier that belongs to the browser.
 */
export function actionOf(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): KeyAction | undefined {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (metaKey || altKey || (ctrlKey && !key.startsWith("Arrow"))) return undefined;
  return BY_KEY[key] ?? BY_KEY[key.toLowerCase()];
}

/** Steps of the cursor of an arrow key, to the right and downwards. */
export const ARROWS: Readonly<Partial<Record<KeyAction, readonly [number, number]>>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
