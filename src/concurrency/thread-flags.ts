/**
 * Flags for threads that piscina starts. It loads their program by `require` first, and a thread that is ended while Node 20 does that aborts the whole process
 * (`v8::Module::IsGraphAsync must be used on an instantiated module`). Without `require` of ES modules it loads them by `import`, which can be ended.
 */
export const THREAD_FLAGS: readonly string[] = ["--no-experimental-require-module"];
