// Draws on demand only: at most once a frame, and nothing while nothing changes.

export interface FrameLoop {
  /** asks for a layer to be drawn at the next frame */
  invalidate(layer: 'scene' | 'interactive'): void;
  dispose(): void;
}

/** Milliseconds between steps of moving dashes: a few a second tell, sixty would burn the battery. */
const ANIMATION_MS = 90;
const ANIMATION_PERIOD_MS = 1200;

/**
 * @param draw gets the layers to draw and the animation's phase, 0..1
 * @param isAnimated asked after each frame
 */
export function createFrameLoop(
  draw: (layers: ReadonlySet<'scene' | 'interactive'>, phase: number) => void,
  isAnimated: () => boolean,
): FrameLoop {
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  const wanted = new Set<'scene' | 'interactive'>();
  let frame = 0;
  let timer = 0;

  function schedule(): void {
    frame ||= requestAnimationFrame(run);
  }

  function run(time: number): void {
    frame = 0;
    const layers = new Set(wanted);
    wanted.clear();
    draw(layers, reduced.matches ? 0 : (time % ANIMATION_PERIOD_MS) / ANIMATION_PERIOD_MS);
    if (timer || reduced.matches || !isAnimated()) return;
    timer = window.setTimeout(() => {
      timer = 0;
      wanted.add('interactive');
      schedule();
    }, ANIMATION_MS);
  }

  return {
    invalidate(layer) {
      wanted.add(layer);
      schedule();
    },
    dispose() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    },
  };
}
