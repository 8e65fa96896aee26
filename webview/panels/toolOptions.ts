// What the current tool can be set to, over the canvas: the radius of brush and eraser.
import { BRUSH_RANGE } from '../state/pageState';
import type { Session } from '../state/session';
import { watch } from '../state/store';
import { h, setText } from './dom';

/** The slider is logarithmic: small brushes are set finely, large ones coarsely. */
const STEPS = 100;
const RATIO = Math.log(BRUSH_RANGE.max / BRUSH_RANGE.min);

export function createToolOptions({ store }: Session): HTMLElement {
  const slider = h('input', {
    class: 'slider',
    testid: 'brush-radius',
    title: 'Brush radius ([ and ])',
    attributes: { type: 'range', min: '0', max: String(STEPS), 'aria-label': 'Brush radius' },
  });
  const value = h('output', { class: 'slider-value' });
  const element = h(
    'div',
    { class: 'tool-options', testid: 'tool-options' },
    h('span', { attributes: { 'aria-hidden': 'true' } }, 'Radius'),
    slider,
    value,
  );
  slider.addEventListener('input', () => {
    const radius = BRUSH_RANGE.min * Math.exp((Number(slider.value) / STEPS) * RATIO);
    store.dispatch({ kind: 'brushRadius', radius: Math.round(radius) });
  });
  watch(
    store,
    (state) => state.tool === 'brush' || state.tool === 'eraser',
    (shown) => {
      element.hidden = !shown;
    },
  );
  watch(
    store,
    (state) => state.brushRadius,
    (radius) => {
      slider.value = String(Math.round((Math.log(radius / BRUSH_RANGE.min) / RATIO) * STEPS));
      slider.setAttribute('aria-valuetext', `${radius} pixels`);
      setText(value, `${radius} px`);
    },
  );
  return element;
}
