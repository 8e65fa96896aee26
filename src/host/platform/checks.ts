// Building blocks of the checks of messages from a page: what it says is not trusted.

export type Check = (value: unknown) => boolean;

const MAX_TEXT = 20_000;
const MAX_LIST = 200_000;
const MAX_JSON_DEPTH = 12;

export const anything: Check = () => true;
export const finite: Check = Number.isFinite;
export const whole: Check = Number.isSafeInteger;
export const flag: Check = (value) => typeof value === 'boolean';
export const text: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT;
/** of a point prompt */
export const label: Check = (value) => value === 0 || value === 1;
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
export const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
export const optional = (check: Check): Check => either((value) => value === undefined, check);
export const list =
  (item: Check, min = 0, max = MAX_LIST): Check =>
  (value) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(item);
export const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([key, check]) => check(value[key]));

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON of bounded depth. */
export function isJson(value: unknown, depth = 0): boolean {
  if (depth > MAX_JSON_DEPTH) return false;
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'string') return value.length <= MAX_TEXT;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  const isPlain = isRecord(value) && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every((item) => isJson(item, depth + 1));
}
