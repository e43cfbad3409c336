import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { parameter } from "../app/address.ts";
import { firstPicture, imageUrl } from "../app/island.ts";
import { valuesOf } from "../drawing/pixels/pixels.ts";
import { readoutText, StatusBar } from "../look/status-bar.tsx";
import { histogram } from "../measure/histogram.ts";
import { MeasurePanel } from "../measure/measure-panel.tsx";
import { MeasureTool } from "../measure/measure-tool.ts";
import { findings } from "../measure/measurement.ts";
import type { ImageSet } from "../sets/load-set.ts";
import { StackPanel } from "../stack/stack-panel.tsx";
import { StackState } from "../stack/stack-state.ts";
import { copyText } from "../ui/copy-text.ts";
import { Failure } from "../ui/failure.tsx";
import { distanceText } from "../ui/sexagesimal.ts";
import { shownTime, surveyOf } from "../ui/text.ts";
import type { KeyAction } from "../viewer/keys.ts";
import { BrightnessPanel } from "../viewer/panels/brightness-panel.tsx";
import { HeaderOf } from "../viewer/panels/header-dialog.tsx";
import { KeyHelp } from "../viewer/panels/key-help.tsx";
import { MarksPanel } from "../viewer/panels/marks-panel.tsx";
import { Viewport } from "../viewer/viewport.tsx";
import { compareActions } from "./compare-actions.ts";
import { keepCompareState, restoreCompareState } from "./compare-address.ts";
import { CompareState } from "./compare-state.ts";
import { CompareMarks } from "./panels/compare-marks.tsx";
import { CompareTake } from "./panels/compare-take.tsx";
import { FrameTable, timeOfMjd } from "./panels/frame-table.tsx";
import { Timeline } from "./panels/timeline.tsx";
import { Transport } from "./panels/transport.tsx";

/** Shows a set that has been read; the side of cutouts is in arcminutes. */
export function CompareSet({ set, side }: { readonly set: ImageSet; readonly side: number }) {
  const state = useMemo(() => new CompareState(set, side), [set, side]);
  const stack = useMemo(() => new StackState(state), [state]);
  const tool = useMemo(
    () =>
      new MeasureTool(state.view, (place) =>
        state.current.value?.skyAt(state.alignment.value, state.reference, place),
      ),
    [state],
  );
  const spoken = useSignal("");
  const addressFault = useSignal<unknown>(undefined);
  const isHeaderShown = useSignal(false);
  const areKeysShown = useSignal(false);
  const areKeysOff = useSignal(false);
  useEffect(() => {
    try {
      restoreCompareState(state, stack, tool);
    } catch (error) {
      addressFault.value = error;
    }
    if (parameter("z") === undefined) state.fit();
    state.loader.loadAround(state.index.value);
    const stopFollowing = set.follow?.((change) => state.change(change));
    const stop = keepCompareState(state, stack, tool);
    return () => {
      stop();
      stopFollowing?.();
      stack.close();
      state.close();
    };
  }, [state, stack, tool]);

  const readout = useComputed(() => {
    const found = state.readout.value;
    const { sky, x, y, value, isExact = false, unit = "" } = found ?? {};
    return { sky, x, y, value, isExact, unit };
  });
  const act = (action: KeyAction, isRelease: boolean) => {
    const isOff = areKeysOff.value && action !== "help" && action !== "pick" && action !== "cancel";
    if (isOff || (isRelease && action !== "previous-held")) return;
    if (action === "help") areKeysShown.value = true;
    else if (action === "header") isHeaderShown.value = true;
    else if (action === "speak") spoken.value = readoutText(readout.value);
    else if (action === "copy") {
      void copyText(readoutText(readout.value)).then((outcome) => {
        spoken.value = outcome;
      });
    } else compareActions({ state, stack, tool }, action, isRelease);
  };
  if (state.rows.length === 0) return <FrameTable state={state} />;
  return (
    <div class="viewer compare">
      <FrameTable state={state} />
      <Viewport
        view={state.view}
        images={() => state.images()}
        label={labelOf(state)}
        step={() => stepOf(state)}
        onAction={act}
        onPress={(point) => tool.press(point)}
        onMove={(point) => tool.move(point)}
        onRelease={(point) => tool.release(point)}
        fallback={<CurrentPicture state={state} />}
      >
        <FirstPicture state={state} />
        <Tag state={state} />
        {addressFault.value === undefined ? null : (
          <div class="viewport-note">
            <Failure error={addressFault.value} />
          </div>
        )}
        <CompareMarks state={state} tool={tool} />
      </Viewport>
      <div class="strip">
        <Transport state={state} />
        <div class="transport" role="toolbar" aria-label="View">
          <button type="button" onClick={() => act("north-up", false)}>
            North up
          </button>
          <button type="button" onClick={() => act("flip-x", false)}>
            Flip
          </button>
          <button type="button" onClick={() => act("header", false)}>
            Header
          </button>
          <button type="button" onClick={() => act("help", false)}>
            Keys
          </button>
        </div>
        <Timeline state={state} />
      </div>
      <Readout state={state} readout={readout.value} />
      <aside class="side">
        <Brightness state={state} />
        <MarksPanel state={state} />
        <StackPanel state={stack} />
        <MeasurePanel
          tool={tool.tool}
          measurements={tool.measurements}
          findingsOf={(measurement) => {
            const frame = state.frame();
            return frame && findings(measurement, frame);
          }}
        />
        <CompareTake state={state} stack={stack} />
      </aside>
      <p class="visually-hidden" aria-live="polite">
        {spoken.value}
      </p>
      {isHeaderShown.value && state.rows[state.index.value] !== undefined ? (
        <HeaderOf
          id={state.rows[state.index.value]!.obs_id}
          onClose={() => {
            isHeaderShown.value = false;
          }}
        />
      ) : null}
      {areKeysShown.value ? (
        <KeyHelp
          view="compare"
          areOff={areKeysOff}
          onClose={() => {
            areKeysShown.value = false;
          }}
        />
      ) : null}
    </div>
  );
}

function Readout({
  state,
  readout,
}: {
  readonly state: CompareState;
  readonly readout: Parameters<typeof StatusBar>[0];
}) {
  const from = state.readout.value?.fromObject;
  return (
    <StatusBar {...readout}>
      <div>
        <dt>from object</dt>
        <dd data-readout="distance">
          {from === undefined ? "–" : distanceText(from.arcsec)}
          {/* a position has no direction from itself */}
          {from === undefined || from.arcsec < 0.005 ? "" : ` PA ${from.pa.toFixed(0)}°`}
        </dd>
      </div>
    </StatusBar>
  );
}

/** A one-line description of the picture. */
function titleOf(state: CompareState): string {
  const row = state.rows[state.index.value];
  const frame = state.current.value;
  if (row === undefined) return "";
  const parts = [
    shownTime(timeOfMjd(frame?.mid ?? row.mjd)),
    surveyOf(row.obs_id),
    frame?.cutout.filter,
    frame?.exposure === undefined ? undefined : `${frame.exposure} s`,
    row.vmag == null ? undefined : `V ${row.vmag.toFixed(2)}`,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function labelOf(state: CompareState): string {
  const target = state.set.target ?? "the object";
  // while blinking, screen readers would announce every frame
  if (state.blinker.isPlaying.value) return `${state.rows.length} images around ${target}, blinking.`;
  return `Image ${state.index.value + 1} of ${state.rows.length} around ${target}: ${titleOf(state)}.`;
}

const DIFFERENCE_TEXTS = { none: "", previous: " · minus the previous image", stack: " · minus the stack" };

/** The picture that came with the document, until there is a frame to draw. */
function FirstPicture({ state }: { readonly state: CompareState }) {
  if (state.loader.version.value > 0 || firstPicture === undefined) return null;
  return <img class="first" src={firstPicture} alt="" decoding="sync" />;
}

function Tag({ state }: { readonly state: CompareState }) {
  const row = state.rows[state.index.value];
  const fault = row && state.loader.faults.get(row.n);
  state.loader.version.value;
  const roundedBy = row && state.loader.roundedBy(row.n);
  const isLeftOut = row !== undefined && state.leftOut.value.has(row.n);
  return (
    <p class="tag number">
      {state.set.target == null ? "" : `${state.set.target} · `}
      {titleOf(state)}
      {isLeftOut ? " · left out" : ""}
      {DIFFERENCE_TEXTS[state.difference.value]}
      {state.lacksDifference ? " (not yet)" : ""}
      {fault === undefined ? "" : ` · ${fault}`}
      {roundedBy === undefined ? "" : ` · rounded: ${roundedBy}`}
      {state.current.value === undefined && fault === undefined ? " · loading …" : ""}
    </p>
  );
}

/** Arrow keys move by a pixel of the frame, or by one of the screen where that is larger. */
function stepOf(state: CompareState): number {
  const frame = state.current.peek();
  return frame === undefined ? 1 : Math.max(1, (frame.scale * 3600) / state.view.camera.peek().scale);
}

function Brightness({ state }: { readonly state: CompareState }) {
  const shown = state.shown.value;
  const cut = state.cut.value;
  const isPlaying = state.blinker.isPlaying.value;
  const bins = useComputed(() => {
    const current = state.current.value;
    if (current === undefined || state.blinker.isPlaying.value) return undefined;
    const { image, statistics } = state.shown.value ?? current.cutout;
    const from = statistics.sky - 6 * statistics.sigma;
    return histogram(valuesOf(image), from, statistics.sky + 30 * statistics.sigma);
  }).value;
  const levels = shown && state.levelsOf(shown);
  return (
    <BrightnessPanel
      view={state.view}
      levels={levels}
      histogram={isPlaying ? undefined : bins}
      cuts={(["match", "zscale", "percentile"] as const).map((name) => [
        name === "match" ? "match frames" : name === "percentile" ? "99 %" : name,
        () => {
          state.cut.value = name;
        },
      ])}
      onLevels={(next) => {
        state.cut.value = next;
      }}
    >
      <span class="hint">
        {typeof cut === "string" ? (cut === "match" ? "matched" : cut) : "one for all"}
      </span>
    </BrightnessPanel>
  );
}

/** The service's picture of the current cutout, for browsers without WebGL2. */
function CurrentPicture({ state }: { readonly state: CompareState }) {
  const row = state.rows[state.index.value];
  if (row === undefined) return null;
  const { obs_id, ra, dec } = row;
  const src = imageUrl(obs_id, { ra, dec, size: `${state.side / 60}arcmin`, format: "jpeg", align: true });
  return <img class="fallback" src={src} alt={labelOf(state)} />;
}
