/** Longest category name that a caption repeats, in characters. */
const MAX_LENGTH = 48;

/**
 * A category name as it may stand in a sentence: one line, single spaces, `_` as space, clipped.
 *
 * @returns "object" for a name without anything printable
 */
export function cleanName(name: string): string {
  const plain = name
    // Control and direction characters would break lines, CSV rows and terminals.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[_\s]+/gu, ' ')
    .trim();
  const letters = [...plain];
  if (letters.length === 0) return 'object';
  return letters.length <= MAX_LENGTH
    ? plain
    : `${letters
        .slice(0, MAX_LENGTH - 1)
        .join('')
        .trimEnd()}…`;
}
