import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ByteSink } from "@sbnsis/fits";
import { ownPart, replaceFile } from "../concurrency/part-file.ts";

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
  await replaceFile(path, (part) => writeHdus(part, fill), ownPart(path));
}

async function writeHdus(path: string, fill: (file: HduFile) => Promise<void>): Promise<void> {
  const handle = await open(path, "w");
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
  } finally {
    await handle.close();
  }
}

/** Like `writeHduFile`, for a text file. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, (part) => writeFile(part, text), ownPart(path));
}
