import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { pixelScales, pixelToIcrs } from "@sbnsis/wcs";
import { type ImageRow, imageUrl, publicUrl } from "../app/island.ts";
import { astropyLines, curlLine } from "../ui/command-lines.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import type { LookState } from "./look-state.ts";

/** How long a value must stay the same before what depends on it is made again, milliseconds. */
const REST_MS = 150;

/** The value of a signal once it has stopped changing. */
function useRested<T>(changing: ReadonlySignal<T>): T {
  const rested = useSignal(changing.peek());
  useSignalEffect(() => {
    const value = changing.value;
    const timer = setTimeout(() => {
      rested.value = value;
    }, REST_MS);
    return () => clearTimeout(timer);
  });
  return rested.value;
}

/** Files and commands of the whole image, and of a cutout of the part in view. */
export function LookTake({ state, image }: { readonly state: LookState; readonly image: ImageRow }) {
  const copied = useSignal("");
  // together: before the size of the image is known, the camera is not that of the view
  const seen = useComputed(() => ({
    wcs: state.description.value && state.wcs.value,
    camera: state.view.camera.value,
    size: state.view.size.value,
  }));
  const { wcs, camera, size } = useRested(seen);
  const { u, v, scale } = camera;
  const place = wcs && pixelToIcrs(wcs, u, v);
  const side = Math.min(size.width, size.height) * scale;
  const arcmin = wcs && (side * Math.min(...pixelScales(wcs)) * 60).toFixed(2);
  const cutout =
    place &&
    imageUrl(image.obs_id, {
      ra: place.ra.toFixed(6),
      dec: place.dec.toFixed(6),
      size: `${arcmin}arcmin`,
      format: "fits",
    });
  const whole = imageUrl(image.obs_id);
  return (
    <section class="panel" aria-labelledby="take-title">
      <h2 id="take-title">Take with you</h2>
      <div class="row">
        <a class="button" href={whole} download>
          whole FITS
        </a>
        {cutout === undefined ? null : (
          <a class="button" href={cutout} download>
            FITS of this view
          </a>
        )}
        <a class="button" href={imageUrl(image.obs_id, { format: "label" })} download>
          label
        </a>
        <CopyButton text={() => location.href} done={copied}>
          Copy link
        </CopyButton>
        <CopyButton text={() => curlLine(publicUrl(cutout ?? whole))} done={copied}>
          Copy curl
        </CopyButton>
        <CopyButton text={() => astropyLines(publicUrl(cutout ?? whole))} done={copied}>
          Copy Python
        </CopyButton>
      </div>
      <p class="hint" role="status">
        {copied.value}
      </p>
    </section>
  );
}
