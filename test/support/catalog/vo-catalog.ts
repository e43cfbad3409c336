import type { Catalog } from "../../../src/catalog/catalog.ts";
import { SisError } from "../../../src/errors/sis-error.ts";
import { squareFrame } from "../inputs/sky-frames.ts";
import { KNOWN_ID, type TestService, testService } from "../test-service.ts";
import { type MadeCatalog, madeCatalog, madeImage } from "./made-catalog.ts";

const ATLAS = "urn:nasa:pds:gbo.ast.atlas.survey:58000";

/** An exposure of ATLAS and its difference image. */
export const EXPOSURE = `${ATLAS}:01a58000o0001c.fits`;
export const DIFFERENCE = `${ATLAS}:01a58000o0001c.diff`;

const atlas = (name: string) =>
  madeImage(name, {
    record: { collection: ATLAS, pixelScale: 0.0005 },
    detail: { filter: "c", startMjd: 58_000.25, exposure: 30, corners: squareFrame([359.9, 5], 0.5, 0.1) },
  });

/** Four images: the one of a test service, an ATLAS pair, and one without a position. */
export function voCatalog(): Promise<MadeCatalog> {
  return madeCatalog([
    madeImage("image_1.fits", {
      record: { collection: KNOWN_ID.slice(0, KNOWN_ID.lastIndexOf(":")) },
      detail: {
        ...{ startMjd: 57_000, stopMjd: 57_000.01, fileSize: 2784, title: "Größe <1>" },
        corners: squareFrame([10, 20], 0.5, 0),
      },
    }),
    atlas("01a58000o0001c.fits"),
    atlas("01a58000o0001c.diff"),
    madeImage("nowhere"),
  ]);
}

/** A test service over `voCatalog`, which it closes as well. */
export interface VoService extends TestService {
  readonly catalog: Catalog;
}

export async function voService(env: Record<string, string> = {}): Promise<VoService> {
  const made = await voCatalog();
  const service = await testService({ catalog: made.catalog, env });
  const close = async () => {
    await service.close();
    await made.close();
  };
  return { ...service, catalog: made.catalog, close };
}

/** A catalog whose database is unavailable. */
export function awayCatalog(catalog: Catalog): Catalog {
  const refuse = () => {
    throw new SisError("CATALOG_UNAVAILABLE", "connection refused by 10.0.0.1");
  };
  return new Proxy(catalog, {
    get: (target, name) =>
      ["observations", "findObservations", "observationNames", "probe"].includes(String(name))
        ? refuse
        : Reflect.get(target, name),
  });
}
