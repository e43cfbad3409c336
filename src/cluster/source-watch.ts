import { watch } from "node:fs";

/**
 * Calls `changed` when code below `folder` changes, once for changes close together. Returns the
 * function that stops watching.
 */
export function watchSources(folder: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || !/\.(ts|js|mjs|wasm|sql)$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, 300);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
