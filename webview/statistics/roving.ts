// One tab stop for a group of buttons; arrow keys, Home and End move inside it.

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

/** @param columns of the group where ArrowUp and ArrowDown go to another row; default: one row */
export function makeRoving(buttons: readonly HTMLElement[], columns?: number): void {
  let current = 0;
  buttons.forEach((button, k) => {
    button.tabIndex = k === 0 ? 0 : -1;
    button.addEventListener('focus', () => {
      buttons[current]!.tabIndex = -1;
      button.tabIndex = 0;
      current = k;
    });
    button.addEventListener('keydown', (event) => {
      const target = targetOf(event.key, k, buttons.length, columns);
      if (target === null) return;
      event.preventDefault();
      buttons[target]?.focus();
    });
  });
}

function targetOf(key: string, at: number, length: number, columns?: number): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  const step = STEPS[key];
  if (step === undefined) return null;
  const isVertical = key === 'ArrowUp' || key === 'ArrowDown';
  const next = at + (isVertical && columns ? step * columns : step);
  return Math.min(Math.max(next, 0), length - 1);
}
