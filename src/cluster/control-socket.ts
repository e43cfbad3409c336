import { renameSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join, relative } from "node:path";
import { SisError } from "../errors/sis-error.ts";

/** Commands that a running master accepts. */
const CONTROL_COMMANDS = ["status", "restart", "reopen-logs"] as const;
export type ControlCommand = (typeof CONTROL_COMMANDS)[number];

/** The reply to a command: plain data, or the reason why it failed. */
type ControlReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/**
 * Path of the control socket, relative to the working directory of the process, because the path of
 * a local socket is limited to 108 bytes (unix(7)).
 */
export function controlPath(directory: string): string {
  return relative(process.cwd(), join(directory, "sbnsis.sock"));
}

/**
 * Serves commands on the control socket of `directory`, taking over its name from a predecessor
 * atomically. One line of JSON in each direction. Only the owner of the directory can connect: the
 * socket has mode 0600.
 */
export async function serveControl(
  directory: string,
  run: (command: ControlCommand) => Promise<unknown>,
): Promise<Server> {
  const path = controlPath(directory);
  const own = `${path}.${process.pid}`;
  const server = createServer((socket) => void converse(socket, run));
  rmSync(own, { force: true });
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(own, resolve);
    });
    renameSync(own, path);
  } catch (error) {
    throw new SisError("OPERATION_FAILED", `the control socket ${path} cannot be created`, { cause: error });
  } finally {
    process.umask(umask);
  }
  return server;
}

/**
 * Sends a command to the master of `directory`. Errors: OPERATION_FAILED with the master's reason,
 * or when it does not reply in time.
 */
export async function askMaster(
  directory: string,
  command: ControlCommand,
  timeoutMs: number,
): Promise<unknown> {
  const reply = await new Promise<ControlReply>((resolve, reject) => {
    const socket = createConnection(controlPath(directory));
    const fail = (why: string, cause?: unknown) => {
      socket.destroy();
      reject(
        new SisError("OPERATION_FAILED", `the running service did not respond to "${command}": ${why}`, {
          cause,
        }),
      );
    };
    let text = "";
    socket.setTimeout(timeoutMs, () => fail(`no response within ${timeoutMs / 1000} s`));
    socket.setEncoding("utf8");
    socket.once("error", (error) => fail((error as NodeJS.ErrnoException).code ?? error.message, error));
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.once("end", () => {
      try {
        resolve(JSON.parse(text) as ControlReply);
      } catch (error) {
        fail("it ended without responding", error);
      }
    });
    socket.write(`${command}\n`);
  });
  if (!reply.ok) throw new SisError("OPERATION_FAILED", reply.reason);
  return reply.value;
}

async function converse(socket: Socket, run: (command: ControlCommand) => Promise<unknown>) {
  socket.on("error", () => socket.destroy());
  socket.setEncoding("utf8");
  const line = await new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n") || text.length > 64) resolve(text.split("\n")[0]!);
    });
    socket.once("close", () => resolve(""));
  });
  const command = CONTROL_COMMANDS.find((known) => known === line);
  let reply: ControlReply;
  try {
    if (command === undefined) throw new SisError("USAGE", "unknown control command");
    reply = { ok: true, value: await run(command) };
  } catch (error) {
    reply = { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
  socket.end(`${JSON.stringify(reply)}\n`);
}
