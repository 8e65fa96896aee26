// Pausing a job: what runs ends, nothing new begins.

export class Pause {
  private isOn = false;
  private release: () => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();

  get isPaused(): boolean {
    return this.isOn;
  }

  pause(): void {
    if (this.isOn) return;
    this.isOn = true;
    this.gate = new Promise((resolve) => (this.release = resolve));
  }

  resume(): void {
    this.isOn = false;
    this.release();
  }

  /** Resolves at once, or when the job goes on. */
  whenRunning(): Promise<void> {
    return this.gate;
  }
}
