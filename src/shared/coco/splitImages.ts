// Which image goes to which part of a split. Deterministic for a seed.
import type { CocoIndex } from './cocoIndex';

/** A part of a split: its name and its share of the images, 0..1; shares sum to 1. */
export interface Part {
  readonly name: string;
  readonly share: number;
}

/** A seeded generator of uniform numbers in [0, 1). @source the mulberry32 generator (public domain) */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Part number of each image row, by chance; the counts differ from the shares by less than one image. */
export function splitRandomly(
  count: number,
  parts: readonly Part[],
  random: () => number,
): Uint8Array {
  const rows = shuffledRows(count, random);
  const result = new Uint8Array(count);
  let done = 0;
  let upTo = 0;
  parts.forEach(({ share }, part) => {
    upTo += share;
    const end = part === parts.length - 1 ? count : Math.round(upTo * count);
    for (; done < end; done++) result[rows[done]!] = part;
  });
  return result;
}

/**
 * As splitRandomly, but each category is spread by the shares too: images go, those with the rarest categories
 * first, to the part that lacks most of them.
 *
 * @source iterative stratification, Sechidis, Tsoumakas, Vlahavas 2011
 */
export function splitStratified(
  index: CocoIndex,
  parts: readonly Part[],
  random: () => number,
): Uint8Array {
  const count = index.lists.images?.entries.length ?? 0;
  const labels = labelsOfImages(index, count);
  const totals = new Map<number, number>();
  for (const set of labels)
    for (const label of set) totals.set(label, (totals.get(label) ?? 0) + 1);
  const rarest = (row: number): number =>
    [...labels[row]!].reduce((best, label) => Math.min(best, totals.get(label)!), Infinity);
  const rows = shuffledRows(count, random)
    .map((row) => ({ row, rarity: rarest(row) }))
    .sort((a, b) => a.rarity - b.rarity);
  const lacking = new Map(
    [...totals].map(([label, total]) => [label, parts.map(({ share }) => share * total)]),
  );
  const room = parts.map(({ share }) => share * count);
  const result = new Uint8Array(count);
  for (const { row } of rows) {
    const own = [...labels[row]!].sort((a, b) => totals.get(a)! - totals.get(b)!);
    const part = neediest(own, lacking, room);
    result[row] = part;
    room[part]!--;
    for (const label of own) lacking.get(label)![part]!--;
  }
  return result;
}

/**
 * Of the parts with room, the one that lacks most of the rarest label; where parts are equal, of the next label, at
 * last of images. Without the look at the room, many rare categories would all go to the largest part.
 */
function neediest(
  labels: readonly number[],
  lacking: ReadonlyMap<number, readonly number[]>,
  room: readonly number[],
): number {
  const free = room.flatMap((left, part) => (left >= 0.5 ? [part] : []));
  let parts = free.length > 0 ? free : room.map((_, part) => part);
  for (const need of [...labels.map((label) => lacking.get(label)!), room]) {
    const most = Math.max(...parts.map((part) => need[part]!));
    parts = parts.filter((part) => need[part]! >= most - 1e-9);
    if (parts.length === 1) break;
  }
  return parts[0]!;
}

function labelsOfImages(index: CocoIndex, count: number): Set<number>[] {
  const labels = Array.from({ length: count }, () => new Set<number>());
  const images = index.lists.images?.entries;
  const annotations = index.lists.annotations?.entries;
  const rows = new Map<number, number>();
  for (let row = 0; images && row < count; row++) rows.set(images.id[row]!, row);
  for (let k = 0; annotations && k < annotations.length; k++) {
    const row = rows.get(annotations.image_id[k]!);
    const label = annotations.category_id[k]!;
    if (row !== undefined && !Number.isNaN(label)) labels[row]!.add(label);
  }
  return labels;
}

/** Row numbers in random order. */
function shuffledRows(count: number, random: () => number): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [rows[k], rows[other]] = [rows[other]!, rows[k]!];
  }
  return rows;
}
