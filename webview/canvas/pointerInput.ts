// Turns DOM pointer and wheel events into tool input, zoom and pan. Two fingers pinch, the middle button pans.
import type { ViewPoint } from '../../src/shared/geometry/types';

export interface PointerSink {
  down(event: PointerEvent, view: ViewPoint): void;
  move(event: PointerEvent, view: ViewPoint, pressed: boolean): void;
  up(event: PointerEvent, view: ViewPoint): void;
  /** the gesture was taken away (second finger, lost capture) */
  cancel(): void;
  leave(): void;
  zoom(at: ViewPoint, factor: number): void;
  pan(dx: number, dy: number): void;
}

const WHEEL_RATE = 0.0016;
const PINCH_RATE = 0.01;
const LINE_PX = 24;

/** @returns the function that removes all listeners */
export function listenToPointer(element: HTMLElement, sink: PointerSink): () => void {
  const fingers = new Map<number, ViewPoint>();
  let pressed: number | null = null;
  let panning: { id: number; last: ViewPoint } | null = null;
  const stop = new AbortController();
  const options = { signal: stop.signal };

  const place = (event: MouseEvent): ViewPoint => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  function pinch(id: number, to: ViewPoint): void {
    const other = [...fingers].find(([finger]) => finger !== id)?.[1];
    const from = fingers.get(id);
    if (!other || !from) return;
    const distance = (p: ViewPoint): number => Math.hypot(p.x - other.x, p.y - other.y);
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    sink.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    sink.zoom(middle, distance(to) / Math.max(1, distance(from)));
  }

  function onDown(event: PointerEvent): void {
    const view = place(event);
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    if (event.pointerType === 'touch') fingers.set(event.pointerId, view);
    if (fingers.size === 2) {
      pressed = null;
      return sink.cancel();
    }
    if (event.button === 1) {
      event.preventDefault();
      panning = { id: event.pointerId, last: view };
    } else if (pressed === null) {
      pressed = event.pointerId;
      sink.down(event, view);
    }
  }

  function onMove(event: PointerEvent): void {
    const view = place(event);
    if (fingers.size === 2) {
      pinch(event.pointerId, view);
    } else if (panning?.id === event.pointerId) {
      sink.pan(view.x - panning.last.x, view.y - panning.last.y);
      panning.last = view;
    } else {
      for (const one of pressed === null ? [event] : coalesced(event))
        sink.move(one, place(one), pressed === event.pointerId);
    }
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, view);
  }

  function onUp(event: PointerEvent): void {
    const wasPinch = fingers.size === 2;
    fingers.delete(event.pointerId);
    if (panning?.id === event.pointerId && event.button === 1) panning = null;
    else if (!wasPinch && pressed === event.pointerId) {
      pressed = null;
      sink.up(event, place(event));
    }
  }

  function onCancel(event: PointerEvent): void {
    fingers.delete(event.pointerId);
    panning = null;
    if (pressed !== event.pointerId) return;
    pressed = null;
    sink.cancel();
  }

  function onWheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    // Shift, or a sideways wheel, pans; Ctrl is how trackpads report a pinch.
    if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) return sink.pan(-(dx || dy), dx ? -dy : 0);
    sink.zoom(place(event), Math.exp(-dy * (event.ctrlKey ? PINCH_RATE : WHEEL_RATE)));
  }

  element.addEventListener('pointerdown', onDown, options);
  element.addEventListener('pointermove', onMove, options);
  element.addEventListener('pointerup', onUp, options);
  element.addEventListener('pointercancel', onCancel, options);
  element.addEventListener('pointerleave', () => sink.leave(), options);
  element.addEventListener('wheel', onWheel, { ...options, passive: false });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
  return () => stop.abort();
}

/** All places since the last frame, which keeps fast strokes smooth; browsers have it in secure contexts only. */
function coalesced(event: PointerEvent): readonly PointerEvent[] {
  const events = 'getCoalescedEvents' in event ? event.getCoalescedEvents() : [];
  return events.length > 0 ? events : [event];
}
