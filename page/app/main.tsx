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

/** Replaces the HTML that the service sent by the view. */
async function start(): Promise<void> {
  const place = document.getElementById("app");
  if (place === null) throw new Error("the page has no element for the view");
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
