// Moves over the open page for some seconds, one input a frame, and counts what each frame took and drew.
// Loaded by frameRate.test.mjs into the page it measures.

export interface Ride {
  /** frames per second, as they were shown */
  readonly rate: number;
  /** 0..1: frames that came later than a sixtieth of a second (and a millisecond for the clock) after the last */
  readonly lateShare: number;
  /** calls to a canvas in a frame; the most of all frames */
  readonly calls: number;
}

export type Motion = 'pan' | 'zoom' | 'hover';

const FRAME_MS = 1000 / 60 + 1;
const DRAWING = ['drawImage', 'putImageData', 'fill', 'stroke', 'fillRect', 'clearRect'] as const;

let calls = 0;
for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D])
  for (const name of DRAWING) {
    const draw = prototype[name] as (...args: unknown[]) => void;
    Object.assign(prototype, {
      [name](this: unknown, ...args: unknown[]) {
        calls++;
        draw.apply(this, args);
      },
    });
  }

function move(canvas: HTMLElement, motion: Motion, n: number): void {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  // A loop around the middle, so that every frame sees something else.
  const [x, y] = [0.5 + 0.3 * Math.cos(n / 23), 0.5 + 0.3 * Math.sin(n / 17)];
  const at = { clientX: left + x * width, clientY: top + y * height, bubbles: true };
  if (motion === 'hover') canvas.dispatchEvent(new PointerEvent('pointermove', at));
  else {
    const there = Math.floor(n / 90) % 2 === 0 ? 1 : -1;
    const wheel = { ...at, cancelable: true, deltaY: motion === 'zoom' ? -9 * there : 0 };
    const pan = motion === 'pan' ? { deltaX: 7 * there, shiftKey: true } : {};
    canvas.dispatchEvent(new WheelEvent('wheel', { ...wheel, ...pan }));
  }
}

/** @param frames how many to show; the first ten are not counted */
function ride(motion: Motion, frames: number): Promise<Ride> {
  const canvas = document.querySelector<HTMLElement>('[data-testid="canvas"]')!;
  const gaps: number[] = [];
  const drawn: number[] = [];
  return new Promise((resolve) => {
    let n = 0;
    let last = 0;
    let before = 0;
    const step = (time: number): void => {
      if (n > 10) {
        gaps.push(time - last);
        drawn.push(calls - before);
      }
      [last, before] = [time, calls];
      move(canvas, motion, n);
      if (++n <= frames) requestAnimationFrame(step);
      else
        resolve({
          rate: (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0),
          lateShare: gaps.filter((gap) => gap > FRAME_MS).length / gaps.length,
          calls: Math.max(...drawn),
        });
    };
    requestAnimationFrame(step);
  });
}

Object.assign(window, { ride });
