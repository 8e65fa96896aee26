// Polygons: click sets corners, Enter or a click on the first corner closes. With one annotation selected, Shift adds
// the drawn part to it and Alt cuts it out (a hole when inside). Corners of a selected polygon are dragged, a press
// on an edge inserts one, Alt-click or Backspace deletes one.
import type { ImagePoint } from '../../src/shared/geometry/types';
import { rasterizePolygon } from '../../src/shared/mask/rasterize';
import { subtract, union } from '../../src/shared/mask/combine';
import { runsToString } from '../../src/shared/mask/rleString';
import type { InstanceAnnotation } from '../../src/shared/coco/types';
import { roundTo } from '../../src/shared/geometry/round';
import { isPolygons } from '../../src/shared/coco/segmentation';
import { annotationMask } from '../state/masks';
import type { PageState } from '../state/pageState';
import { isEditable, soleSelection } from '../state/selectors';
import { toView } from '../state/viewTransform';
import { clampToImage, type PointerInput, type Shape, type Tool, type ToolContext } from './tool';
import {
  DECIMALS,
  cornersOf,
  deleteCorner,
  insertCorner,
  moveCorner,
  nearestCorner,
  nearestEdge,
  type Corner,
} from './polygonEdit';

/** CSS pixels */
const GRAB = 8;

type Operation = 'new' | 'add' | 'cut';

interface Drag {
  readonly annotation: InstanceAnnotation;
  readonly polygons: readonly (readonly number[])[];
  readonly corner: Corner;
  readonly moved: boolean;
}

export function createPolygonTool(): Tool {
  let corners: readonly ImagePoint[] = [];
  let operation: Operation = 'new';
  let pointer: ImagePoint | null = null;
  let drag: Drag | null = null;
  let active: Corner | null = null;

  function reset(): void {
    corners = [];
    drag = null;
    active = null;
  }

  function close(context: ToolContext): boolean {
    const drawn = corners;
    reset();
    if (drawn.length < 3) return false;
    const flat = drawn.flatMap(({ x, y }) => [roundTo(x, DECIMALS), roundTo(y, DECIMALS)]);
    finishPolygon(flat, operation, context);
    return true;
  }

  function down(input: PointerInput, context: ToolContext): void {
    const { state } = context;
    const at = clampToImage(input.at, state);
    const [first] = corners;
    if (first) {
      if (corners.length > 2 && (isNear(first, input, state) || input.clicks >= 2))
        return void close(context);
      if (input.clicks < 2) corners = [...corners, at];
      return;
    }
    const edited = editableAnnotation(state);
    if (edited && !input.shift && pressOutline(edited, input, context)) return;
    operation = edited && input.alt ? 'cut' : edited && input.shift ? 'add' : 'new';
    corners = [at];
  }

  /** A press on the selected polygon's outline; false when it is elsewhere. */
  function pressOutline(
    annotation: InstanceAnnotation,
    input: PointerInput,
    { state, emit }: ToolContext,
  ): boolean {
    const polygons = polygonsOf(annotation);
    if (!polygons) return false;
    const reach = GRAB / state.view.scale;
    const corner = nearestCorner(polygons, input.at, reach);
    if (corner && input.alt) {
      const left = deleteCorner(polygons, corner);
      emit(setPolygons('Delete Corner', annotation, left));
      return true;
    }
    if (corner) {
      drag = { annotation, polygons, corner, moved: false };
      active = corner;
      return true;
    }
    const edge = input.alt ? null : nearestEdge(polygons, input.at, reach);
    if (!edge) return false;
    const inserted = insertCorner(polygons, edge, input.at);
    active = { part: edge.part, index: edge.index + 1 };
    drag = { annotation, polygons: inserted, corner: active, moved: true };
    return true;
  }

  return {
    id: 'polygon',
    label: 'Polygon',
    icon: 'pm-polygon',
    key: 'G',
    hint: (state) => hint(state, corners.length),
    cursor(input, { state }) {
      const polygons = polygonsOf(editableAnnotation(state));
      const near = input && polygons && nearestCorner(polygons, input.at, GRAB / state.view.scale);
      return near && corners.length === 0 ? 'move' : 'crosshair';
    },
    down,
    move(input, pressed, { state }) {
      pointer = clampToImage(input.at, state);
      if (!pressed || !drag) return;
      drag = {
        ...drag,
        polygons: moveCorner(drag.polygons, drag.corner, pointer),
        moved: true,
      };
    },
    up(_input, { emit }) {
      const done = drag;
      drag = null;
      if (done?.moved) emit(setPolygons('Move Corner', done.annotation, done.polygons));
    },
    cancel() {
      const busy = corners.length > 0 || drag !== null;
      reset();
      return busy;
    },
    finish: (context) => corners.length > 0 && close(context),
    stepBack(context) {
      if (corners.length > 0) {
        corners = corners.slice(0, -1);
        return true;
      }
      const annotation = editableAnnotation(context.state);
      const polygons = polygonsOf(annotation);
      if (!annotation || !polygons || !active) return false;
      context.emit(setPolygons('Delete Corner', annotation, deleteCorner(polygons, active)));
      active = null;
      return true;
    },
    isBusy: () => corners.length > 0 || active !== null,
    editing: () => drag?.annotation.id ?? null,
    shapes: ({ state }) => [
      ...drawnShapes(corners, pointer, operation),
      ...outlineShapes(drag, active, corners.length === 0 ? state : null),
    ],
  };
}

function setPolygons(
  label: string,
  annotation: InstanceAnnotation,
  polygons: readonly (readonly number[])[],
): Parameters<ToolContext['emit']>[0] {
  const { id } = annotation;
  if (polygons.length === 0)
    return { kind: 'apply', label, intents: [{ kind: 'annotation/delete', ids: [id] }] };
  return { kind: 'apply', label, intents: [{ kind: 'annotation/setPolygons', id, polygons }] };
}

function finishPolygon(flat: readonly number[], operation: Operation, context: ToolContext): void {
  const { state, emit } = context;
  const annotation = editableAnnotation(state);
  const size = state.info?.size;
  if (operation === 'new' || !annotation || !size) {
    return emit({ kind: 'create', segmentation: [flat], tool: 'polygon' });
  }
  const polygons = polygonsOf(annotation);
  if (operation === 'add' && polygons) {
    return emit(setPolygons('Add Polygon', annotation, [...polygons, flat]));
  }
  const combine = operation === 'add' ? union : subtract;
  const mask = combine(annotationMask(annotation, size).runs, rasterizePolygon(flat, size));
  emit({ kind: 'paint', target: annotation.id, mask: runsToString(mask), tool: 'polygon' });
}

function drawnShapes(
  corners: readonly ImagePoint[],
  pointer: ImagePoint | null,
  operation: Operation,
): readonly Shape[] {
  if (corners.length === 0) return [];
  const look = operation === 'cut' ? 'negative' : operation === 'add' ? 'positive' : 'outline';
  const points = pointer ? [...corners, pointer] : corners;
  return [
    { kind: 'path', points, closed: corners.length > 1, look },
    { kind: 'handles', points: corners, active: 0 },
  ];
}

function outlineShapes(
  drag: Drag | null,
  active: Corner | null,
  state: PageState | null,
): readonly Shape[] {
  const polygons = drag?.polygons ?? (state && polygonsOf(editableAnnotation(state)));
  if (!polygons) return [];
  return polygons.flatMap((polygon, part): Shape[] => {
    const points = cornersOf(polygon);
    const handles: Shape = {
      kind: 'handles',
      points,
      active: active?.part === part ? active.index : -1,
    };
    return drag ? [{ kind: 'path', points, closed: true, look: 'outline' }, handles] : [handles];
  });
}

function editableAnnotation(state: PageState): InstanceAnnotation | undefined {
  const annotation = soleSelection(state);
  return annotation &&
    isEditable(state) &&
    !state.locked.has(annotation.id) &&
    !state.hidden.has(annotation.id)
    ? annotation
    : undefined;
}

function polygonsOf(
  annotation: InstanceAnnotation | undefined,
): readonly (readonly number[])[] | null {
  const segmentation = annotation?.segmentation;
  return isPolygons(segmentation) ? segmentation : null;
}

function isNear(corner: ImagePoint, input: PointerInput, state: PageState): boolean {
  const place = toView(state.view, corner);
  return Math.hypot(place.x - input.view.x, place.y - input.view.y) <= GRAB;
}

function hint(state: PageState, drawn: number): string {
  if (drawn > 0)
    return 'Click sets a corner; Enter or the first corner closes, Backspace takes the last one back.';
  const annotation = editableAnnotation(state);
  if (!annotation)
    return 'Click sets corners of a new object. Select an annotation to change its outline.';
  return polygonsOf(annotation)
    ? 'Drag corners, press an edge to insert one, Alt-click deletes. Shift draws an added part, Alt a hole.'
    : 'Shift draws a part to add to the selected annotation, Alt a hole; without them a new object.';
}
