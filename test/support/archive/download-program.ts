// Downloads a file until it is killed. Arguments: URL, path
import { downloadToFile } from "../../../src/archive/download/download-to-file.ts";
import { testClient } from "./test-client.ts";

const [url, path] = process.argv.slice(2) as [string, string];
const client = testClient({ idleTimeoutMs: 60_000 });
await downloadToFile({ url: new URL(url) }, path, { client, deadlineMs: 60_000, maximumBytes: 1e9 });
