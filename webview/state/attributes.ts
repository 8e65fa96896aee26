// Attributes of an annotation as text and back. Pure.

/** What a field shows of a value. */
export function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The value a typed text stands for: true, false, null, a number, a JSON object or list, else the text itself.
 * A text stays a text when the value it replaces was one, so that "007" does not become 7.
 */
export function attributeValue(text: string, before: unknown): unknown {
  const trimmed = text.trim();
  if (typeof before === 'string') return text;
  if (!/^(true|false|null|-?\d.*|[[{].*)$/s.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}
