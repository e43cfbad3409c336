import { useSignal } from "@preact/signals";
import { parameter } from "../../app/address.ts";
import { publicUrl, serviceUrl } from "../../app/island.ts";
import type { StackState } from "../../stack/stack-state.ts";
import { astropyLines, curlLine } from "../../ui/command-lines.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { isoOfMjd } from "../../ui/sexagesimal.ts";
import { shownTime } from "../../ui/text.ts";
import { rangesText } from "../../ui/written-numbers.ts";
import type { CompareState } from "../compare-state.ts";
import { cutoutUrl } from "../frames/frame-loader.ts";

type Below = (name: string, query: Parameters<typeof serviceUrl>[1]) => string;

/** Links to the service's stacks of the frames that are stacked in the page. */
function stacksOf({ leftOut, rows }: CompareState, stack: StackState, below: Below) {
  const { combine, interpolation, align, motion, along, group } = stack;
  const options = {
    ...{ combine: combine.value, interpolation: interpolation.value, align: align.value },
    ...motion.value,
    along: along.value === 0 ? undefined : along.value,
  };
  const stackUrl = (left: readonly number[]) =>
    below("stack.fits", { ...options, without: left.length === 0 ? undefined : rangesText(left) });
  if (group.value === "all") return [{ name: "stack.fits", url: stackUrl([...leftOut.value]) }];
  return stack.groups
    .filter((frames) => frames.length > 0)
    .map((frames) => {
      const used = new Set(frames.map(({ n }) => n));
      const begin = shownTime(isoOfMjd(Math.min(...frames.map(({ mid }) => mid)))).slice(0, 16);
      return {
        name: group.value === "nights" ? `stack.fits ${begin}` : "stack.fits",
        url: stackUrl(rows.map(({ n }) => n).filter((n) => !used.has(n))),
      };
    });
}

/** Files and commands of a set, or of its batch if it has one. */
export function CompareTake({ state, stack }: { readonly state: CompareState; readonly stack: StackState }) {
  const copied = useSignal("");
  const frame = state.current.value;
  const batch = parameter("batch");
  const size = `${state.side / 60}arcmin`;
  const current = frame && cutoutUrl(frame.row, size, "file");
  const below = (name: string, query?: Parameters<typeof serviceUrl>[1]) =>
    serviceUrl(`batch/${encodeURIComponent(batch ?? "")}/${name}`, query);
  const leftOut = [...state.leftOut.value];
  const without = leftOut.length === 0 ? undefined : rangesText(leftOut);
  const stacks = stacksOf(state, stack, below);
  return (
    <section class="panel" aria-labelledby="take-title">
      <h2 id="take-title">Take with you</h2>
      <div class="row">
        {batch === undefined ? null : (
          <>
            <a class="button" href={below("files.zip")}>
              FITS of all (zip)
            </a>
            {stacks.map(({ name, url }) => (
              <a class="button" key={name} href={url}>
                {name}
              </a>
            ))}
            <a class="button" href={below("blink.png", { without })}>
              blink.png
            </a>
            <a class="button" href={below("sheet.jpg")}>
              contact sheet
            </a>
            <a class="button" href={below("manifest.csv")}>
              manifest.csv
            </a>
          </>
        )}
        {current === undefined ? null : (
          <a class="button" href={current} download>
            FITS of this image
          </a>
        )}
        <CopyButton text={() => location.href} done={copied}>
          Copy link
        </CopyButton>
        {current === undefined ? null : (
          <>
            <CopyButton text={() => curlLine(publicUrl(current))} done={copied}>
              Copy curl
            </CopyButton>
            <CopyButton text={() => astropyLines(publicUrl(current))} done={copied}>
              Copy Python
            </CopyButton>
          </>
        )}
      </div>
      {batch === undefined ? (
        <p class="hint">
          To get a zip of all files, a FITS stack and an animation, make a batch from the list: choose Cut
          above.
        </p>
      ) : null}
      <p class="hint" role="status">
        {copied.value}
      </p>
    </section>
  );
}
