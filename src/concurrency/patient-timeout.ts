/** A timer that fires later than this was delayed: the process or the machine stood still. */
const HELD_UP_MS = 250;

/** A timeout that can be cleared. */
export interface PatientTimeout {
  clear(): void;
}

/**
 * Calls `late` after `milliseconds`, in which the process could run. After a suspended machine or a
 * blocked event loop, timers fire before sockets are read, so that a response which has long
 * arrived would count as missing. Such a timer is started again for a quarter of its time.
 */
export function patientTimeout(milliseconds: number, late: () => void): PatientTimeout {
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout;
  const start = (wait: number) => {
    const due = performance.now() + wait;
    timer = setTimeout(() => {
      if (performance.now() - due > HELD_UP_MS) start(milliseconds / 4);
      // sockets are read before immediates run
      else immediate = setImmediate(late);
    }, wait);
  };
  start(milliseconds);
  return {
    clear() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
