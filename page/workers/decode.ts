import type { DecodeReply, DecodeRequest } from "../drawing/pixels/decoder.ts";
import { readCutout } from "../drawing/pixels/read-cutout.ts";
import { readTile } from "../drawing/pixels/sit1.ts";

/** The worker that decodes tiles and cutouts, so that the main thread is free to draw. */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<DecodeRequest>) => void;
  postMessage(message: DecodeReply, transfer?: Transferable[]): void;
};

scope.onmessage = async ({ data: { job, kind, bytes } }) => {
  try {
    const view = new Uint8Array(bytes);
    if (kind === "tile") {
      const tile = readTile(view);
      scope.postMessage({ job, tile }, [tile.stored.buffer]);
    } else {
      const cutout = await readCutout(view);
      scope.postMessage({ job, cutout }, [cutout.image.stored.buffer as ArrayBuffer]);
    }
  } catch (error) {
    scope.postMessage({ job, error: error instanceof Error ? error.message : String(error) });
  }
};
