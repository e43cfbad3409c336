/**
 * Flags for threads started by piscina. It loads their program with `require` first, and
 * terminating a thread while Node 20 does that aborts the whole process (`v8::Module::IsGraphAsync
 * must be used on an instantiated module`). When `require` of ES modules is disabled, piscina uses
 * `import`, which can be interrupted.
 */
export const THREAD_FLAGS: readonly string[] = ["--no-experimental-require-module"];
