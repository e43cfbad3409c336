import { type ReadonlySignal, signal } from "@preact/signals";

/**
 * How long the state of a view must be at rest before it is written to the address, and the longest
 * delay of this, milliseconds: browsers load the icon of the page again with every change.
 */
const REST_MS = 250;
const LONGEST_MS = 1000;

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

/** Changes that are not in the address yet, and since when. */
let pending: { readonly changes: Changes; readonly since: number } | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Changes the state of the current entry of the history, once it has stopped changing. */
export function replaceParameters(changes: Changes): void {
  const now = performance.now();
  pending = { changes: { ...pending?.changes, ...changes }, since: pending?.since ?? now };
  clearTimeout(timer);
  timer = setTimeout(
    () => {
      current.value = withPending();
      history.replaceState(null, "", current.value);
    },
    Math.min(REST_MS, pending.since + LONGEST_MS - now),
  );
}

/** The address with all changes. */
function withPending(): string {
  const url = withChanges(current.value, pending?.changes ?? {});
  dropPending();
  return url;
}

function dropPending(): void {
  clearTimeout(timer);
  timer = undefined;
  pending = undefined;
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
  current.value = withChanges(withPending(), changes);
  history.pushState(null, "", current.value);
}

addEventListener("popstate", () => {
  dropPending();
  current.value = location.href;
});
