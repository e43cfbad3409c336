import { publicUrl, serviceUrl } from "../app/island.ts";
import { ENDED_PHASES, type Progress } from "../sets/follow-batch.ts";
import { pythonText } from "../ui/command-lines.ts";
import { TakeMenu } from "../ui/take-menu.tsx";
import { shownBytes, shownCount } from "../ui/text.ts";
import { type CutOptions, commandFor } from "./cut-list.ts";

interface FilesProps {
  readonly id: string;
  readonly progress: Progress | undefined;
  readonly options: CutOptions;
}

/** Progress of a batch, and its files once it has ended. */
export function BatchFiles({ id, progress, options }: FilesProps) {
  const below = (name: string) => serviceUrl(`batch/${encodeURIComponent(id)}/${name}`);
  const { total = 0, done = 0, failed = 0, bytes = 0, phase = "QUEUED" } = progress ?? {};
  const hasEnded = ENDED_PHASES.includes(phase);
  return (
    <section class="batch" aria-label="Files">
      <h2>
        {hasEnded ? "Files" : phase === "QUEUED" ? "Waiting" : "Making"}{" "}
        <small class="dim">
          {shownCount(done)} of {shownCount(total)} rows, {shownBytes(bytes)}
          {failed > 0 && `, ${shownCount(failed)} failed`}
        </small>
      </h2>
      <progress max={Math.max(1, total)} value={done + failed} aria-label="Rows made" />
      {hasEnded && done > 0 && (
        <div class="batch-files">
          <a class="button primary" href={serviceUrl("view/set", { batch: id })}>
            Compare
          </a>
          <a class="button" href={below("files.zip")} download>
            All files (zip)
          </a>
          <a class="button" href={below("stack.fits")} download>
            Stack (FITS)
          </a>
          <a class="button" href={below("blink.png")} download>
            Animation (PNG)
          </a>
          <a class="button" href={below("sheet.jpg")} download>
            Contact sheet
          </a>
          <a class="button" href={below("manifest.csv")} download>
            Manifest (CSV)
          </a>
        </div>
      )}
      <TakeMenu
        links={[]}
        lines={[
          { name: "Link", text: publicUrl(location.href) },
          { name: "curl", text: commandFor(options, publicUrl) },
          {
            name: "Python",
            text: `import requests\nrows = requests.get(${pythonText(publicUrl(below("manifest.json")))}).json()["rows"]`,
          },
        ]}
      />
    </section>
  );
}
