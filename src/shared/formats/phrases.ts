// Which names of categories a caption holds as they are, as whole words.

/** The names that occur in the caption, in their order. */
export function phrasesOf(caption: string, names: readonly string[]): Set<string> {
  const text = caption.toLowerCase();
  return new Set(names.filter((name) => hasPhrase(text, name.toLowerCase())));
}

function hasPhrase(text: string, phrase: string): boolean {
  if (phrase === '') return false;
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const [before, after] = [text[at - 1] ?? '', text[at + phrase.length] ?? ''];
    if (!isWordPart(before) && !isWordPart(after)) return true;
  }
  return false;
}

/** Letters and digits of scripts that put spaces between words. */
const isWordPart = (char: string): boolean =>
  /[\p{L}\p{N}_]/u.test(char) && !/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(char);
