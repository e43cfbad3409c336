import { type ComponentType, render } from "preact";
import { Failure } from "../ui/failure.tsx";
import { island, serviceUrl, type ViewName } from "./island.ts";

/** The views, each loaded when its address is opened. */
const VIEWS: Readonly<Record<ViewName, () => Promise<ComponentType>>> = {
  find: async () => (await import("../find/find.tsx")).FindView,
  look: async () => (await import("../look/look.tsx")).LookView,
  compare: async () => (await import("../compare/compare.tsx")).CompareView,
  cut: async () => (await import("../cut/cut.tsx")).CutView,
};

/**
 * How long the script waits for the picture of the document, milliseconds: about as long as a
 * service that reads a frame for the first time takes to make it on a busy machine.
 */
const HEAD_START_MS = 1500;

/**
 * Lets the picture of the document, if it has one, be seen before the script takes the thread and
 * replaces it.
 */
async function afterFirstPicture(): Promise<void> {
  const picture = document.querySelector<HTMLImageElement>("img.first");
  if (picture === null) return;
  // one that cannot be shown delays nothing
  const seen = picture.decode().then(() => {
    requestNext();
    return shown();
  }, requestNext);
  await Promise.race([seen, new Promise((resolve) => setTimeout(resolve, HEAD_START_MS))]);
}

/** Requests what the view needs next, before its scripts run. */
function requestNext(): void {
  if (island.next === undefined) return;
  const link = document.createElement("link");
  Object.assign(link, {
    rel: "preload",
    as: "fetch",
    crossOrigin: "anonymous",
    href: serviceUrl(island.next),
  });
  document.head.append(link);
}

/**
 * Resolves when the picture is on the screen; where browsers do not say so (Element Timing), when
 * it has been painted.
 */
function shown(): Promise<void> {
  return new Promise((resolve) => {
    if (PerformanceObserver.supportedEntryTypes.includes("element"))
      new PerformanceObserver(() => resolve()).observe({ type: "element", buffered: true });
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}

/** Replaces the HTML that the service sent by the view. */
async function start(): Promise<void> {
  const place = document.getElementById("app");
  if (place === null) throw new Error("the page has no element for the view");
  await afterFirstPicture();
  try {
    const View = await VIEWS[island.view]();
    place.replaceChildren();
    render(<View />, place);
  } catch (error) {
    render(<Failure error={error} />, place);
    throw error;
  }
}

await start();
