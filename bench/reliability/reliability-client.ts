import { Agent, get } from "node:http";

/**
 * The outcome of a request: a status, `refused`, or `cut` when the response did not arrive or ended
 * early.
 */
export interface Outcome {
  readonly status: string;
  readonly ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** One request on the loopback. */
export function ask(url: string, keepAlive: boolean): Promise<Outcome> {
  const begin = performance.now();
  return new Promise((resolve) => {
    const end = (status: string) => resolve({ status, ms: performance.now() - begin });
    get(url, keepAlive ? { agent } : { agent: false }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.once("error", () => end("cut"));
      answer.once("end", () => {
        const announced = Number(answer.headers["content-length"] ?? bytes);
        end(bytes === announced ? String(answer.statusCode) : "cut");
      });
    }).once("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ECONNREFUSED" ? "refused" : "cut"),
    );
  });
}

/**
 * URLs of cutouts on the frames of a `frames.csv`: `cold` at random positions, `warm` at a few,
 * `any` a mixture of formats; `whole` whole frames.
 */
export function requests(base: string, frames: string) {
  const places = frames
    .trim()
    .split("\n")
    .map((line) => {
      const [id, ra, dec, r] = line.split(",");
      return { id: id!, ra: Number(ra), dec: Number(dec), r: Number(r) };
    });
  let seed = 20_261_124;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const url = (format: string) => {
    const { id, ra, dec, r } = places[Math.floor(random() * places.length)]!;
    const [x, y] = [(random() * 2 - 1) * r, (random() * 2 - 1) * r];
    const position = `ra=${((ra + x + 360) % 360).toFixed(6)}&dec=${(dec + y).toFixed(6)}`;
    return `${base}/images/${id}?${position}&size=2arcmin&format=${format}`;
  };
  const few = Array.from({ length: 16 }, (_, i) => url(i % 2 === 0 ? "fits" : "jpeg"));
  const cold = () => url("fits");
  const warm = () => few[Math.floor(random() * few.length)]!;
  const any = () => {
    const kind = random();
    if (kind < 0.5) return warm();
    return kind < 0.8 ? cold() : url("jpeg");
  };
  /** Pictures of whole frames, as JPEG and PNG, each a different product. */
  const whole = (k: number) => {
    const { id } = places[k % places.length]!;
    return `${base}/images/${id}?format=${k % 4 < 2 ? "jpeg" : "png"}&align=${k % 8 < 4}&min_cut=${k}`;
  };
  return { cold, warm, any, whole };
}
