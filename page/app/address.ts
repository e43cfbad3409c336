import { type ReadonlySignal, signal } from "@preact/signals";

/** Minimum time between two changes of the address that do not add to the history, milliseconds. */
const REPLACE_MS = 250;

const current = signal(location.href);

/** The address of the document; its query holds all state of the view. */
export const address: ReadonlySignal<string> = current;

/** The value of a parameter in the address. */
export function parameter(name: string): string | undefined {
  return new URL(current.value).searchParams.get(name) ?? undefined;
}

/** Changes of parameters; undefined or an empty string removes one. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** The address with changed parameters; the others stay. */
function withChanges(url: string, changes: Changes): string {
  const next = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  // commas and colons need no escaping in a query (RFC 3986, 3.4) and are easier to read
  next.search = next.search.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  return next.href;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Changes the state of the current entry of the history, at most four times a second. */
export function replaceParameters(changes: Changes): void {
  current.value = withChanges(current.value, changes);
  timer ??= setTimeout(() => {
    timer = undefined;
    history.replaceState(null, "", current.value);
  }, REPLACE_MS);
}

/**
 * Replaces the list after `#rows=`, which is not sent to the service; an empty string removes it.
 */
export function keepRows(rows: string): void {
  const next = new URL(location.href);
  next.hash = rows === "" ? "" : `rows=${rows}`;
  // not a change of the search or the set, so they are not read again
  history.replaceState(null, "", next.href);
}

/** Adds an entry to the history, for another set, search or image of the same view. */
export function pushParameters(changes: Changes): void {
  clearTimeout(timer);
  timer = undefined;
  current.value = withChanges(current.value, changes);
  history.pushState(null, "", current.value);
}

addEventListener("popstate", () => {
  clearTimeout(timer);
  timer = undefined;
  current.value = location.href;
});
