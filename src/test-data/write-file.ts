import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSink } from "@sbnsis/fits";

/** Writes HDUs one after another. */
export interface HduFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Gives `write` a sink for an HDU after the existing ones; resolves to the length of the HDU. */
  appendThrough(write: (sink: ByteSink) => Promise<number>): Promise<void>;
}

/**
 * Creates the file at `path`, with its folders, by calling `fill`: under another name until it is
 * complete.
 */
export async function writeHduFile(path: string, fill: (file: HduFile) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.part`;
  const handle = await open(unfinished, "w");
  try {
    let end = 0;
    const put = async (bytes: Uint8Array, at: number) => {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    };
    await fill({
      append: async (bytes) => {
        await put(bytes, end);
        end += bytes.length;
      },
      appendThrough: async (write) => {
        const start = end;
        end += await write({ write: (bytes, at) => put(bytes, start + at) });
      },
    });
    await handle.close();
    await rename(unfinished, path);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Like `writeHduFile`, for a text file. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
