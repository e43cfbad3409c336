import { type ComponentType, render } from "preact";
import { Failure } from "../ui/failure.tsx";
import { island, type ViewName } from "./island.ts";

/** The views, each loaded when its address is opened. */
const VIEWS: Readonly<Record<ViewName, () => Promise<ComponentType>>> = {
  find: async () => (await import("../find/find.tsx")).FindView,
  look: async () => (await import("../look/look.tsx")).LookView,
  compare: async () => (await import("../compare/compare.tsx")).CompareView,
  cut: async () => (await import("../cut/cut.tsx")).CutView,
};

/** How long the script waits for the picture of the document, milliseconds. */
const HEAD_START_MS = 500;

/** Lets the picture of the document, if it has one, be painted before the script takes the thread. */
async function afterFirstPicture(): Promise<void> {
  const picture = document.querySelector<HTMLImageElement>("img.first");
  if (picture === null) return;
  const painted = picture
    .decode()
    .then(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
    // one that cannot be shown delays nothing
    .catch(() => {});
  await Promise.race([painted, new Promise((resolve) => setTimeout(resolve, HEAD_START_MS))]);
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
