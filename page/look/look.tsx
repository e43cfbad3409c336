import { effect, type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { pixelToIcrs } from "@sbnsis/wcs";
import { useEffect, useMemo } from "preact/hooks";
import { firstPicture, type ImageRow, imageUrl, island } from "../app/island.ts";
import { MeasurePanel } from "../measure/measure-panel.tsx";
import { MeasureTool } from "../measure/measure-tool.ts";
import { findings, type Measurement } from "../measure/measurement.ts";
import { copyText } from "../ui/copy-text.ts";
import { Failure } from "../ui/failure.tsx";
import { imageTitle, shortName } from "../ui/text.ts";
import type { KeyAction } from "../viewer/keys.ts";
import { BrightnessPanel } from "../viewer/panels/brightness-panel.tsx";
import { HeaderDialog } from "../viewer/panels/header-dialog.tsx";
import { KeyHelp } from "../viewer/panels/key-help.tsx";
import { viewActions } from "../viewer/view-actions.ts";
import { Viewport } from "../viewer/viewport.tsx";
import { keepLookState, placeOfAddress, restoreLookState } from "./look-address.ts";
import { LookMarks } from "./look-marks.tsx";
import { neededBox } from "./look-measure.ts";
import { LookState } from "./look-state.ts";
import { LookTake } from "./look-take.tsx";
import { Navigator } from "./navigator.tsx";
import { otherImages } from "./other-images.ts";
import { readoutText, StatusBar, type StatusBarProps } from "./status-bar.tsx";

/** Look: one whole image with exact pixels, loaded as tiles. */
export function LookView() {
  const { image } = island;
  if (image === undefined) throw new Error("the page has no image");
  const state = useMemo(() => new LookState(image.obs_id), [image.obs_id]);
  const addressFault = useSignal<unknown>(undefined);
  const mark = useMemo(() => {
    try {
      return placeOfAddress();
    } catch (error) {
      addressFault.value = error;
      return undefined;
    }
  }, []);
  const tool = useMemo(
    () =>
      new MeasureTool(state.view, ({ u, v }) => {
        const wcs = state.wcs.value;
        return wcs && pixelToIcrs(wcs, u, v);
      }),
    [state],
  );
  const others = useSignal<readonly ImageRow[] | undefined>(undefined);
  const othersFault = useSignal<unknown>(undefined);
  const spoken = useSignal("");
  const dialog = useSignal<"header" | "keys" | undefined>(undefined);
  const areKeysOff = useSignal(false);
  useEffect(() => {
    let stop = () => {};
    state
      .load()
      .then(() => {
        try {
          restoreLookState(state, tool);
        } catch (error) {
          addressFault.value = error;
        }
        state.view.beginCursor();
        // only now, because it would overwrite state that had not been read yet
        stop = keepLookState(state, tool);
      })
      .catch((error: unknown) => {
        state.fault.value = error;
      });
    const stopReading = effect(() => {
      const draft = tool.draft.value;
      const all = draft === undefined ? tool.measurements.value : [...tool.measurements.value, draft];
      const boxes = all.map((each) => neededBox(state, each));
      state.measured.value = boxes.filter((box) => box !== undefined);
    });
    return () => {
      stop();
      stopReading();
      state.close();
    };
  }, [state, tool]);

  const { view } = state;
  const readout = useComputed(() => {
    const found = state.readout.value;
    const unit = state.description.value?.unit ?? "";
    return {
      sky: found?.sky,
      x: found?.x,
      y: found?.y,
      value: found?.value,
      isExact: found?.isExact ?? false,
      unit,
    };
  });
  const mid = image.mid_mjd ?? undefined;
  const findingsOf = (measurement: Measurement) => {
    const frame = state.frame();
    state.tiles.version.value;
    return (
      frame &&
      (state.hasPixels(neededBox(state, measurement))
        ? findings(measurement, { ...frame, object: mark, mid, target: image.target ?? undefined })
        : undefined)
    );
  };
  const showOthers = async (isWanted: boolean) => {
    others.value = isWanted ? [] : undefined;
    othersFault.value = undefined;
    if (!isWanted) return;
    try {
      others.value = await otherImages(image);
    } catch (error) {
      others.value = undefined;
      othersFault.value = error;
    }
  };
  const setCut = (name: "zscale" | "percentile" | "minmax") => () => {
    const cuts = state.description.value?.cuts;
    if (cuts) state.levels.value = { low: cuts[name][0], high: cuts[name][1] };
  };
  const act = (action: KeyAction, isRelease: boolean) => {
    if (isRelease || (areKeysOff.value && action !== "help" && action !== "pick" && action !== "cancel"))
      return;
    const { camera } = view;
    const actions: Partial<Record<KeyAction, () => void>> = {
      ...viewActions(view, tool),
      "one-to-one": () => view.zoom(camera.value.scale * devicePixelRatio),
      fit: () => state.fit(),
      "north-up": () => state.northUp(),
      zscale: setCut("zscale"),
      speak: () => {
        spoken.value = readoutText(readout.value);
      },
      copy: () => {
        void copyText(readoutText(readout.value)).then((outcome) => {
          spoken.value = outcome;
        });
      },
      header: () => {
        dialog.value = "header";
      },
      help: () => {
        dialog.value = "keys";
      },
    };
    actions[action]?.();
  };

  const description = state.description.value;
  const title = imageTitle(image);
  if (state.fault.value !== undefined) return <Failure error={state.fault.value} />;
  return (
    <div class="viewer look">
      <div class="viewer-title">
        <h1>{title}</h1>
        <span class="dim">{shortName(image.obs_id)}</span>
        {addressFault.value === undefined ? null : <Failure error={addressFault.value} />}
      </div>
      <Viewport
        view={view}
        images={() => state.images()}
        label={`${title}. ${description === undefined ? "" : `${description.width} by ${description.height} pixels.`}`}
        step={() => Math.max(1, 1 / view.camera.value.scale)}
        onAction={act}
        onPress={(point) => tool.press(point)}
        onMove={(point) => tool.move(point)}
        onRelease={(point) => tool.release(point)}
        fallback={
          <img class="fallback" src={imageUrl(image.obs_id, { format: "jpeg", width: 1024 })} alt={title} />
        }
      >
        <FirstPicture state={state} title={title} />
        <LookMarks state={state} tool={tool} mark={mark} others={others.value ?? []} />
        {state.tiles.fault.value === undefined ? null : (
          <p class="viewport-note" role="status">
            Some pixels are missing: {state.tiles.fault.value}{" "}
            <button type="button" onClick={() => state.tiles.retry()}>
              Try again
            </button>
          </p>
        )}
      </Viewport>
      <div class="toolbar" role="toolbar" aria-label="View">
        <button type="button" aria-label="Zoom in" onClick={() => act("zoom-in", false)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => act("zoom-out", false)}>
          −
        </button>
        <button type="button" onClick={() => act("fit", false)}>
          Whole image
        </button>
        <button type="button" onClick={() => act("one-to-one", false)}>
          1:1
        </button>
        <button type="button" disabled={state.wcs.value === undefined} onClick={() => act("north-up", false)}>
          North up
        </button>
        <button type="button" onClick={() => act("flip-x", false)}>
          Flip
        </button>
        <button
          type="button"
          disabled={state.header.value === undefined}
          onClick={() => act("header", false)}
        >
          Header
        </button>
        <button type="button" onClick={() => act("help", false)}>
          Keys
        </button>
      </div>
      <LookStatus state={state} readout={readout} />
      <aside class="side">
        <BrightnessPanel
          view={view}
          levels={description && state.levels.value}
          histogram={description?.histogram ?? undefined}
          cuts={[
            ["zscale", setCut("zscale")],
            ["99 %", setCut("percentile")],
            ["all", setCut("minmax")],
          ]}
          onLevels={(levels) => {
            state.levels.value = levels;
          }}
        />
        <section class="panel" aria-labelledby="navigator-title">
          <h2 id="navigator-title">Whole image</h2>
          <Navigator state={state} />
          <label class="check">
            <input
              type="checkbox"
              checked={others.value !== undefined}
              onChange={(event) => void showOthers(event.currentTarget.checked)}
            />
            outlines of other images here
            {others.value === undefined ? "" : ` (${others.value.length})`}
          </label>
          {othersFault.value === undefined ? null : <Failure error={othersFault.value} />}
          {state.wcsFault.value === undefined ? null : <p class="hint">{state.wcsFault.value}</p>}
        </section>
        <MeasurePanel tool={tool.tool} measurements={tool.measurements} findingsOf={findingsOf} />
        <LookTake state={state} image={image} />
      </aside>
      <p class="visually-hidden" aria-live="polite">
        {spoken.value}
      </p>
      {dialog.value === "header" && state.header.value !== undefined ? (
        <HeaderDialog
          text={state.header.value}
          onClose={() => {
            dialog.value = undefined;
          }}
        />
      ) : null}
      {dialog.value === "keys" ? (
        <KeyHelp
          view="look"
          areOff={areKeysOff}
          onClose={() => {
            dialog.value = undefined;
          }}
        />
      ) : null}
    </div>
  );
}

/** Separate from the view, so that moving the cursor or the camera re-renders only this. */
function LookStatus({
  state,
  readout,
}: {
  readonly state: LookState;
  readonly readout: ReadonlySignal<Omit<StatusBarProps, "children">>;
}) {
  const { scale } = state.view.camera.value;
  const zoom = scale > 1 ? `1/${scale.toPrecision(3)}` : `${(1 / scale).toPrecision(3)}×`;
  return (
    <StatusBar {...readout.value}>
      <div>
        <dt>zoom</dt>
        <dd>{state.description.value === undefined ? "–" : zoom}</dd>
      </div>
    </StatusBar>
  );
}

/** The first picture, shown until pixels are drawn over it. */
function FirstPicture({ state, title }: { readonly state: LookState; readonly title: string }) {
  return state.tiles.version.value > 0 ? null : (
    <img class="first" src={firstPicture} alt={title} decoding="sync" />
  );
}
