// Checks of every message the page sends. The page is sandboxed, but what it says is not trusted: a message of the
// wrong shape is refused here, one that names unknown things in shared/edits.
import type { Intent } from '../../shared/edits/types';
import type { EditorMethods, PageEvents } from '../../shared/protocol/editor';
import { DomainError } from '../../shared/protocol/wire';
import {
  anything,
  either,
  finite,
  flag,
  isJson,
  isRecord,
  label,
  list,
  object,
  oneOf,
  optional,
  text,
  whole,
  type Check,
} from '../platform/checks';

/** characters of an RLE: far more than any real mask */
const MAX_RLE = 64_000_000;

const point = object({ x: finite, y: finite });
const box = list(finite, 4, 4);
const rle = object({
  size: list(whole, 2, 2),
  counts: (value) => typeof value === 'string' && value.length <= MAX_RLE,
});
const uncompressedRle = object({ size: list(whole, 2, 2), counts: list(whole, 0, 50_000_000) });
const polygons = list(list(finite), 1);
const ids = list(whole);
const prompt = object({
  points: list(object({ at: point, label }), 0, 10_000),
  scribbles: list(object({ path: list(point), label }), 0, 10_000),
  box: optional(box),
  mask: optional(rle),
  refineOf: optional(text),
  text: optional(text),
});

/** Exhaustive: a new intent does not compile until it has its check. */
const intentChecks: Readonly<Record<Intent['kind'], Check>> = {
  'annotation/create': object({
    categoryId: whole,
    segmentation: either(rle, polygons, uncompressedRle),
    tool: text,
  }),
  'annotation/setMask': object({ id: whole, mask: rle, tool: text }),
  'annotation/setPolygons': object({ id: whole, polygons }),
  'annotation/setCategory': object({ ids, categoryId: whole }),
  'annotation/setAttributes': object({
    id: whole,
    attributes: (value) => isRecord(value) && isJson(value),
  }),
  'annotation/setCrowd': object({ id: whole, iscrowd: label }),
  'annotation/delete': object({ ids }),
  'annotation/reorder': object({ id: whole, to: whole }),
  'annotation/combine': object({ ids, operation: oneOf('union', 'subtract', 'intersect') }),
  'category/create': object({ name: text, supercategory: optional(text), color: optional(text) }),
  'category/update': object({
    id: whole,
    name: optional(text),
    supercategory: optional(text),
    color: optional(text),
  }),
  'category/delete': object({ id: whole, reassignTo: either(whole, oneOf(null)) }),
  'caption/set': object({ id: optional(whole), text }),
  'draft/select': object({ selected: whole }),
  'draft/accept': object({
    categoryId: whole,
    painted: optional(object({ mask: rle, tool: text })),
  }),
  'draft/cancel': object({}),
};

const intent: Check = (value) =>
  isRecord(value) &&
  typeof value['kind'] === 'string' &&
  Object.hasOwn(intentChecks, value['kind']) &&
  intentChecks[value['kind'] as Intent['kind']](value);

const methodChecks: Readonly<Record<keyof EditorMethods, Check>> = {
  'session/open': object({ protocolVersion: whole }),
  'edits/apply': object({ baseRevision: whole, label: text, intents: list(intent) }),
  'draft/prompt': object({ promptId: whole, label: text, prompt, targetId: optional(whole) }),
  'segment/preview': object({ promptId: whole, prompt }),
  'segment/everything': object({
    options: object({
      pointsPerSide: (value) => whole(value) && (value as number) > 0 && (value as number) <= 256,
      minIouScore: finite,
      minStabilityScore: finite,
      nmsIou: finite,
      minArea: finite,
    }),
  }),
  'command/run': object({ command: text, args: anything }),
};

const eventChecks: Readonly<Record<keyof PageEvents, Check>> = {
  'page/ready': object({ protocolVersion: whole }),
  'selection/changed': object({
    ids,
    tool: text,
    hasDraft: flag,
    inputFocused: optional(flag),
  }),
  'view/changed': object({ view: box, zoom: finite }),
  'log/write': object({ level: oneOf('info', 'warn', 'error'), message: text }),
};

/** @throws DomainError 'invalid-params' when the parameters do not have the method's shape */
export function checkParams<K extends keyof EditorMethods>(
  method: K,
  params: unknown,
): asserts params is EditorMethods[K]['params'] {
  if (methodChecks[method](params)) return;
  throw new DomainError(
    'invalid-params',
    `The page sent ${method} with parameters that do not fit.`,
  );
}

/** Whether an event of the page has its shape; others are ignored. */
export function isEventData<K extends keyof PageEvents>(
  event: K,
  data: unknown,
): data is PageEvents[K] {
  return eventChecks[event](data);
}
