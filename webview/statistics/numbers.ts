// Numbers and ranges as people read them.
import type { Bin } from '../../src/shared/coco/histograms';

export const count = (value: number): string => value.toLocaleString('en');

/** "1 image", "2 images" */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** 1,024 as "1K", 1,048,576 as "1M": the edges of areas are powers of two. */
export function binary(value: number): string {
  if (value >= 2 ** 20) return `${Math.round(value / 2 ** 20)}M`;
  return value >= 1024 ? `${Math.round(value / 1024)}K` : String(Math.round(value));
}

/** "0.5", "1.4" */
export const ratio = (value: number): string => String(Math.round(value * 100) / 100);

/** A range of whole numbers: "3", "6–7", "1001 or more". */
export function wholeRange({ low, high }: Bin): string {
  if (high === null) return `${count(low)} or more`;
  return high - low === 1 ? count(low) : `${count(low)}–${count(high - 1)}`;
}

export function areaRange({ low, high }: Bin): string {
  return high === null ? `${count(low)} px or more` : `${count(low)} to ${count(high)} px`;
}

export function ratioRange({ low, high }: Bin): string {
  if (high === null) return `${ratio(low)} or more`;
  return low === 0 ? `below ${ratio(high)}` : `${ratio(low)} to ${ratio(high)}`;
}
