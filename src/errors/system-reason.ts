const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOSPC: "no space left on the disk",
  EDQUOT: "no space left in the quota",
  EROFS: "the file system is read-only",
  ENOENT: "no such file or directory",
  ENOTDIR: "part of the path is not a directory",
  EISDIR: "it is a directory",
  ELOOP: "symbolic links form a loop",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
};

/** Whether an error was reported by the operating system, by its errno name. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof code === "string" && typeof syscall === "string";
}

/**
 * Why an operation on a file failed, in plain words without the path; the message of other errors.
 */
export function systemReason(error: unknown): string {
  if (isSystemError(error)) return REASONS[error.code ?? ""] ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
