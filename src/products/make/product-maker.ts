import { pixelBytes } from "@sbnsis/fits/internal";
import type { AvmFacts } from "@sbnsis/imaging";
import { surveyProfile } from "@sbnsis/pds4";
import type { NamesHost } from "../../archive/redirect-policy.ts";
import { isRemote } from "../../archive/remote-target.ts";
import type { SourceIdentity } from "../../archive/source-identity.ts";
import { cancelFlag } from "../../concurrency/cancellation.ts";
import type { TaskOwner } from "../../concurrency/work-queue.ts";
import { archiveConnections } from "../../config/archive-connections.ts";
import type { Settings } from "../../config/settings-groups.ts";
import { ArchiveTurns } from "../cache/archive-turns.ts";
import type { CachedFile } from "../cache/product-cache.ts";
import { FrameCache } from "../describe/frame-cache.ts";
import { pictureFormat } from "../encode/formats/registry.ts";
import type { FrameDescription } from "../frame-description.ts";
import { planColor } from "../plan/plan-color.ts";
import { planCutout } from "../plan/plan-cutout.ts";
import { pictureBytes, planPicture } from "../plan/plan-picture.ts";
import {
  type ColorRequest,
  type CutoutRequest,
  type ProductRequest,
  type Step,
  showsPart,
} from "../product.ts";
import type { SourceFile } from "../request/source-file.ts";
import type { BlinkPlan, StackPlan } from "../stack/plan-stack.ts";
import type { ComputePool } from "../threads/compute-pool.ts";
import type { ComputePools } from "../threads/compute-pools.ts";
import type { ComputeResult, ComputeTask } from "../threads/compute-task.ts";
import type { TilePlan } from "../tiles/tile-plan.ts";

/** Approximate size of a header as text, bytes. */
export const HEADER_BYTES = 2 ** 15;

/** Options for making a product. */
export interface MakeOptions {
  readonly signal: AbortSignal;
  /** The first client that requests it, so that clients share the queue. */
  readonly client?: string | undefined;
  /** Whether it yields to single requests. */
  readonly background?: boolean | undefined;
  readonly step?: Step;
}

/** Describes frames, plans products from descriptions, and runs the plans in threads. */
export class ProductMaker {
  readonly #settings: Settings;
  readonly #version: string;
  readonly #pools: ComputePools;
  readonly #frames: FrameCache;
  readonly #archives: ArchiveTurns;

  /**
   * `version` is written to the products; `namesHost` tells whether redirects may lead to a host.
   */
  constructor(settings: Settings, version: string, pools: ComputePools, namesHost: NamesHost) {
    this.#settings = settings;
    this.#version = version;
    this.#pools = pools;
    this.#frames = new FrameCache(settings.archive.revalidateMs);
    this.#archives = new ArchiveTurns({
      perHost: archiveConnections(settings).tasks,
      waitingPerHost: settings.products.queueLength,
      namesHost,
    });
  }

  /**
   * The frame at a path, in the state `identity`, or at a URL. Errors: NO_IMAGE, SOURCE_*, FITS_*,
   * WCS_*, OVERLOADED, CANCELLED.
   */
  describe(
    location: string,
    identity: SourceIdentity | undefined,
    { id }: Pick<ProductRequest, "id">,
    signal: AbortSignal | undefined,
    background = false,
  ): Promise<FrameDescription> {
    const { imageHdu: preferredHdu } = surveyProfile(id);
    const task = {
      kind: "describe" as const,
      location,
      preferredHdu,
      ...(identity !== undefined && { identity }),
    };
    const pool = isRemote(location) ? this.#pools.remote : this.#cutoutsPool(background);
    return this.#frames.get(
      { location, preferredHdu, ...(identity !== undefined && { identity }) },
      (known, all) =>
        this.#run(
          pool,
          location,
          { ...task, cancelled: cancelFlag(all), ...(known !== undefined && { known }) },
          all,
          { background },
        ),
      signal,
    );
  }

  /** Forgets what is cached about a file that has changed. */
  forget(location: string, { id }: ProductRequest): void {
    this.#frames.forget({ location, preferredHdu: surveyProfile(id).imageHdu });
  }

  /**
   * Refuses at once a request that could not be queued, before anything is prepared for it. Errors:
   * OVERLOADED.
   */
  refuseWhenFull(location: string, request: ProductRequest, owner: TaskOwner): void {
    this.#poolFor(location, request, owner).refuseWhenFull(owner.client);
  }

  /**
   * Makes a cutout or a picture.
   *
   * @param pathFor returns where to store a product of about this many bytes
   * Errors: those of planning, FITS_*, SOURCE_*, PICTURE_FAILED, OVERLOADED, CANCELLED.
   */
  async make(
    frame: FrameDescription,
    { identity }: SourceFile,
    request: ProductRequest,
    facts: AvmFacts,
    pathFor: (bytes: number) => string,
    { signal, ...owner }: MakeOptions,
  ): Promise<CachedFile> {
    const { cutout, region, format } = request;
    const limits = { maximumCutoutSize: this.#settings.products.maximumCutoutSize };
    const cancelled = cancelFlag(signal);
    const { location } = frame.source;
    const pool = this.#poolFor(location, request, owner);
    if (!showsPart(request) || pictureFormat(format) !== undefined) {
      const plan = planPicture(frame, request, limits, facts);
      const path = pathFor(pictureBytes(plan));
      return this.#run(pool, location, { kind: "picture", plan, path, cancelled }, signal, owner);
    }
    const provenance = {
      id: request.id,
      place: region ?? cutout,
      version: this.#version,
      sourceModifiedMs: identity.mtimeMs,
    };
    const plan = planCutout(frame, request, limits, provenance);
    const path = pathFor(plan.header.length + plan.section.pixels * pixelBytes(plan.section.bitpix));
    return this.#run(pool, location, { kind: "cutout", plan, path, cancelled }, signal, owner);
  }

  /**
   * Writes the header of an image; nothing else of the image needs to be readable.
   *
   * @param source where the image is read
   * Errors: NO_IMAGE, FITS_*, SOURCE_*, OVERLOADED, CANCELLED.
   */
  makeHeader(
    source: SourceFile,
    request: ProductRequest,
    path: string,
    { signal, ...owner }: MakeOptions,
  ): Promise<CachedFile> {
    const { location } = source;
    const task = {
      kind: "header" as const,
      source,
      preferredHdu: surveyProfile(request.id).imageHdu,
      path,
      cancelled: cancelFlag(signal),
    };
    return this.#run(this.#poolFor(location, request, owner), location, task, signal, owner);
  }

  /**
   * Makes a stack or an animation. With a frame on an archive, it waits for the turn of the first
   * one's host. Errors: those of the task, OVERLOADED, CANCELLED.
   */
  makeStack(
    plan: StackPlan | BlinkPlan,
    path: string,
    { signal, ...owner }: MakeOptions,
  ): Promise<CachedFile> {
    const locations = plan.frames.map(({ source }) => source.location);
    const location = locations.find(isRemote) ?? locations[0]!;
    const pool = isRemote(location) ? this.#pools.remote : this.#pools.frames;
    const task = { kind: "stack" as const, plan, path, cancelled: cancelFlag(signal) };
    return this.#run(pool, location, task, signal, owner);
  }

  /**
   * Makes an overview or a band of tiles: bands in a thread of their own, and overviews in turn
   * with pictures of whole frames. Errors: FITS_*, SOURCE_*, OVERLOADED, CANCELLED.
   */
  makeTiles(plan: TilePlan, path: string, { signal, ...owner }: MakeOptions): Promise<CachedFile> {
    const { location } = plan.source;
    const local = plan.kind === "band" ? this.#pools.tiles : this.#pools.frames;
    const pool = isRemote(location) ? this.#pools.remote : local;
    const task = { kind: "tiles" as const, plan, path, cancelled: cancelFlag(signal) };
    return this.#run(pool, location, task, signal, owner);
  }

  /**
   * Makes a color picture.
   *
   * @param frames red, green if it is a frame of its own, and blue
   * Errors: those of planning, FITS_*, SOURCE_*, PICTURE_FAILED, OVERLOADED, CANCELLED.
   */
  makeColor(
    frames: readonly FrameDescription[],
    request: ProductRequest & { readonly colour: ColorRequest; readonly cutout: CutoutRequest },
    facts: AvmFacts,
    pathFor: (bytes: number) => string,
    { signal, ...owner }: MakeOptions,
  ): Promise<CachedFile> {
    const limits = { maximumCutoutSize: this.#settings.products.maximumCutoutSize };
    const plan = planColor(frames, request, limits, facts);
    const locations = frames.map(({ source }) => source.location);
    // one turn at an archive: the frames of a survey share its host
    const location = locations.find(isRemote) ?? locations[0]!;
    const [width, height] = plan.plane.shape;
    const task = {
      kind: "colour" as const,
      plan,
      path: pathFor(3 * width * height),
      cancelled: cancelFlag(signal),
    };
    return this.#run(this.#poolFor(location, request, owner), location, task, signal, owner);
  }

  /** Tasks on archives wait for their turn, those on local files only for a thread. */
  #run<T extends ComputeTask>(
    pool: ComputePool,
    location: string,
    task: T,
    signal: AbortSignal,
    owner?: TaskOwner,
  ): Promise<ComputeResult<T>> {
    if (!isRemote(location)) return pool.run(task, signal, owner);
    return this.#archives.run(
      location,
      (redirectHosts) => pool.run({ ...task, redirectHosts }, signal, owner) as Promise<ComputeResult<T>>,
      signal,
    );
  }

  #poolFor(location: string, request: ProductRequest, { background }: TaskOwner): ComputePool {
    const { format, picture } = request;
    if (isRemote(location)) return this.#pools.remote;
    return !showsPart(request) && format !== "header" && picture?.quick === undefined
      ? this.#pools.frames
      : this.#cutoutsPool(background);
  }

  /** While the threads of jobs start, their first rows are made in those of single cutouts. */
  #cutoutsPool(background = false): ComputePool {
    const { cutouts, jobs } = this.#pools;
    if (background) jobs.start();
    return background && jobs.hasThread ? jobs : cutouts;
  }
}
