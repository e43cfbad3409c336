import { type Signal, signal } from "@preact/signals";

/**
 * Maximum number of changes per second without the consent of the user (WCAG 2.2, 2.3.1: at most
 * three flashes).
 */
export const SAFE_RATE = 3;
const FAST_RATE = 10;

/** Changes the picture at a given rate, in step with the frames of the screen. */
export class Blinker {
  readonly isPlaying: Signal<boolean> = signal(false);
  readonly rate: Signal<number> = signal(2);
  /** Whether the user consented to more than three changes per second. */
  readonly isFast: Signal<boolean> = signal(false);
  /** 1 forwards, -1 backwards. */
  direction = 1;
  readonly #step: (direction: number) => void;
  #request = 0;
  #due = 0;

  constructor(step: (direction: number) => void) {
    this.#step = step;
  }

  /** Starts in a direction, or stops. */
  toggle(direction: 1 | -1): void {
    if (this.isPlaying.value && this.direction === direction) this.stop();
    else this.play(direction);
  }

  play(direction: 1 | -1): void {
    this.direction = direction;
    if (this.isPlaying.value) return;
    this.isPlaying.value = true;
    this.#due = performance.now() + this.#interval();
    this.#request = requestAnimationFrame((now) => this.#tick(now));
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
    this.isPlaying.value = false;
  }

  #interval(): number {
    const most = this.isFast.peek() ? FAST_RATE : SAFE_RATE;
    return 1000 / Math.min(most, Math.max(0.1, this.rate.peek()));
  }

  #tick(now: number): void {
    if (!this.isPlaying.peek()) return;
    if (now >= this.#due) {
      this.#step(this.direction);
      // makes up for a delay of less than a screen frame, so that no two changes come too soon
      // after each other
      this.#due = now + this.#interval() - Math.min(now - this.#due, 8);
    }
    this.#request = requestAnimationFrame((next) => this.#tick(next));
  }
}
