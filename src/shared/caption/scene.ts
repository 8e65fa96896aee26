// From boxes to statements: groups, places, sizes and relations. Knows no language; each language turns it into words.
import type { Bbox, Size } from '../geometry/types';
import { cleanName } from './cleanName';
import { holderKind } from './holders';
import type { CaptionInput, CaptionObject } from './types';

export type Column = 'left' | 'centre' | 'right';
export type Row = 'top' | 'middle' | 'bottom';
export type Magnitude = 'large' | 'medium' | 'small';

export interface Place {
  readonly column: Column;
  readonly row: Row;
  /** tall and low in the image; nothing is said of a background, since small and high may as well mean small */
  readonly isForeground: boolean;
}

/** All objects of one category that are not crowds. */
export interface Group {
  readonly name: string;
  readonly count: number;
  /** crowd regions of the category, beside `count` */
  readonly crowds: number;
  /** of its largest object */
  readonly magnitude: Magnitude;
  /** of a single object, or what all objects share; null: spread out, or unknown */
  readonly place: Place | null;
  /** more than one object and no common place: they stand over the whole width */
  readonly isSpread: boolean;
}

export type RelationKind =
  'inside' | 'on' | 'overlapping' | 'nextTo' | 'above' | 'below' | 'leftOf' | 'rightOf';

/** `count` of the objects of group `subject` stand so to the only object of group `object`. */
export interface Relation {
  readonly kind: RelationKind;
  readonly subject: Group;
  readonly count: number;
  readonly object: Group;
}

/** What can be said, the most prominent group first. */
export interface Scene {
  readonly groups: readonly Group[];
  readonly relations: readonly Relation[];
}

/** Groups beyond this take no part in relations; keeps the work and the text small. */
const RELATED_GROUPS = 12;
const MAX_RELATIONS = 4;
const LARGE = 0.15;
const SMALL = 0.012;
const FOREGROUND = 0.05;
/** Boxes of thin or bent things say little about what touches them. A full bowl shows about 0.4 of its box. */
const FILLED = 0.36;
/** from the strongest statement to the weakest */
const KINDS: readonly RelationKind[] = [
  'inside',
  'on',
  'overlapping',
  'nextTo',
  'above',
  'below',
  'leftOf',
  'rightOf',
];

interface Measured {
  readonly name: string;
  readonly bbox: Bbox | null;
  readonly share: number;
  /** the object fills most of its box, as far as is known */
  readonly isFilled: boolean;
  readonly isCrowd: boolean;
}

/** @returns groups by prominence (largest object first, then count, then name) and the relations worth telling */
export function describeScene(input: CaptionInput): Scene {
  const [height, width] = input.size;
  const members = new Map<string, Measured[]>();
  for (const object of input.objects) {
    const one = measure(object, height * width);
    members.set(one.name, [...(members.get(one.name) ?? []), one]);
  }
  const made = [...members.values()].map((all) => {
    const ordered = [...all].sort(compareMeasured);
    return { ordered, group: makeGroup(ordered, input.size) };
  });
  made.sort(
    (a, b) =>
      prominence(b.ordered) - prominence(a.ordered) ||
      b.ordered.length - a.ordered.length ||
      compareText(a.group.name, b.group.name),
  );
  return {
    groups: made.map(({ group }) => group),
    relations: relate(made.slice(0, RELATED_GROUPS), input.size),
  };
}

function measure(object: CaptionObject, imageArea: number): Measured {
  const finite = object.bbox?.every((v) => Number.isFinite(v)) === true;
  const bbox = finite && object.bbox ? object.bbox : null;
  const area = object.area ?? (bbox ? bbox[2] * bbox[3] : 0);
  const share = imageArea > 0 && Number.isFinite(area) ? Math.max(area, 0) / imageArea : 0;
  const isFilled = !bbox || area >= FILLED * bbox[2] * bbox[3];
  return { name: cleanName(object.name), bbox, share, isFilled, isCrowd: object.isCrowd === true };
}

/** A total order of everything that matters, so that the order of the input cannot show. */
function compareMeasured(a: Measured, b: Measured): number {
  const boxes = [0, 1, 2, 3]
    .map((i) => (a.bbox?.[i] ?? -1) - (b.bbox?.[i] ?? -1))
    .find((d) => d !== 0);
  return Number(a.isCrowd) - Number(b.isCrowd) || b.share - a.share || (boxes ?? 0);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const prominence = (ordered: readonly Measured[]): number =>
  Math.max(...ordered.map((m) => m.share));

function makeGroup(ordered: readonly Measured[], size: Size): Group {
  const single = ordered.filter((m) => !m.isCrowd);
  const seen = single.length > 0 ? single : ordered;
  const places = seen.map((m) => (m.bbox ? placeOf(m.bbox, m.share, size) : null));
  const share = prominence(ordered);
  return {
    name: ordered[0]?.name ?? '',
    count: single.length,
    crowds: ordered.length - single.length,
    magnitude: share >= LARGE ? 'large' : share <= SMALL ? 'small' : 'medium',
    place: commonPlace(places),
    isSpread: places.length > 1 && places.every((p) => p !== null) && commonPlace(places) === null,
  };
}

function placeOf(bbox: Bbox, share: number, [height, width]: Size): Place {
  const [x, y, w, h] = bbox;
  const third = (v: number): 0 | 1 | 2 => (v < 1 / 3 ? 0 : v > 2 / 3 ? 2 : 1);
  const bottom = (y + h) / height;
  return {
    column: (['left', 'centre', 'right'] as const)[third((x + w / 2) / width)],
    row: (['top', 'middle', 'bottom'] as const)[third((y + h / 2) / height)],
    isForeground: bottom > 0.75 && h / height > 0.3 && share > FOREGROUND,
  };
}

/** The place of one object; of several, only what holds for all; null when they share no column. */
function commonPlace(places: readonly (Place | null)[]): Place | null {
  const [first, ...others] = places;
  if (!first) return null;
  if (others.some((p) => p?.column !== first.column)) return null;
  const sharesRow = others.every((p) => p?.row === first.row);
  const isForeground = places.every((p) => p?.isForeground === true);
  return {
    column: first.column,
    row: sharesRow ? first.row : 'middle',
    isForeground,
  };
}

interface Made {
  readonly ordered: readonly Measured[];
  readonly group: Group;
}

/** At most one relation a subject, each to a group of one object, so that "the plate" is never ambiguous. */
function relate(made: readonly Made[], size: Size): Relation[] {
  const anchors = made.filter(
    ({ group, ordered }) => group.count === 1 && group.crowds === 0 && ordered[0]?.bbox,
  );
  const relations: Relation[] = [];
  const told = new Set<string>();
  for (const kind of KINDS) {
    for (const anchor of anchors) {
      for (const subject of made) {
        if (subject === anchor || subject.group.count === 0 || told.has(subject.group.name))
          continue;
        if (told.has(`${anchor.group.name}\n${subject.group.name}`)) continue;
        const [only] = anchor.ordered;
        const single = subject.ordered.filter((m) => !m.isCrowd);
        const count = single.filter((m) => only && relationOf(m, only, size) === kind).length;
        if (count === 0 || (kind !== 'inside' && kind !== 'on' && count < single.length)) continue;
        relations.push({ kind, subject: subject.group, count, object: anchor.group });
        told.add(subject.group.name).add(`${subject.group.name}\n${anchor.group.name}`);
      }
    }
  }
  return relations.slice(0, MAX_RELATIONS);
}

function relationOf(one: Measured, other: Measured, [height, width]: Size): RelationKind | null {
  const [a, b] = [one.bbox, other.bbox];
  if (!a || !b) return null;
  const across = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const areaA = a[2] * a[3];
  const areaB = b[2] * b[3];
  if (across > 0 && down > 0 && !other.isFilled) return null;
  if (across > 0 && down > 0) {
    const common = across * down;
    const holder = holderKind(other.name, one.name);
    const isHeld = common >= 0.95 * areaA && areaA < 0.7 * areaB;
    if (isHeld && holder !== 'overlapping') return holder;
    const standsOn = common >= 0.4 * areaA && a[1] + a[3] < b[1] + b[3] && areaA < 0.7 * areaB;
    if (holder === 'on' && standsOn) return 'on';
    if (!one.isFilled) return null;
    if (common >= 0.1 * Math.min(areaA, areaB))
      return common >= 0.95 * areaB ? null : 'overlapping';
  }
  if (down > 0.3 * Math.min(a[3], b[3])) {
    if (-across < 0.06 * width) return 'nextTo';
    return a[0] < b[0] ? 'leftOf' : 'rightOf';
  }
  if (across > 0.5 * Math.min(a[2], b[2]) && -down < 0.4 * height)
    return a[1] < b[1] ? 'above' : 'below';
  return null;
}
