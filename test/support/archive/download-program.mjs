// Downloads a file until it is killed: node download-program.mjs URL PATH
import { downloadToFile } from "../../../dist/archive/download/download-to-file.js";
import { HttpClient } from "../../../dist/archive/http/http-client.js";

const [url, path] = process.argv.slice(2);
const client = new HttpClient({
  userAgent: "SBN Survey Image Service 1.2.3",
  connectTimeoutMs: 2000,
  idleTimeoutMs: 60_000,
  deadlineMs: 60_000,
  retries: 4,
  baseDelayMs: 2,
  allowedHosts: [],
  redirectHosts: [],
});
await downloadToFile({ url: new URL(url) }, path, { client, deadlineMs: 60_000, maximumBytes: 1e9 });
