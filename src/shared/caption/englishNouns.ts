// Articles, plurals and number words of English category names.

const IRREGULAR: Readonly<Record<string, string>> = {
  person: 'people',
  man: 'men',
  woman: 'women',
  child: 'children',
  foot: 'feet',
  tooth: 'teeth',
  goose: 'geese',
  mouse: 'mice',
  louse: 'lice',
  ox: 'oxen',
  knife: 'knives',
  leaf: 'leaves',
  loaf: 'loaves',
  shelf: 'shelves',
  bookshelf: 'bookshelves',
  wolf: 'wolves',
  calf: 'calves',
  half: 'halves',
  thief: 'thieves',
  scarf: 'scarves',
  wife: 'wives',
  life: 'lives',
  potato: 'potatoes',
  tomato: 'tomatoes',
  mango: 'mangoes',
  hero: 'heroes',
  cactus: 'cacti',
  fungus: 'fungi',
  nucleus: 'nuclei',
  bacterium: 'bacteria',
  mitochondrion: 'mitochondria',
  quiz: 'quizzes',
};
/** The same word for one and many. */
const UNCHANGED = new Set([
  'sheep',
  'fish',
  'deer',
  'aircraft',
  'spacecraft',
  'hovercraft',
  'salmon',
  'trout',
  'bison',
  'moose',
  'series',
  'species',
  'offspring',
  'cattle',
  'goldfish',
  'shrimp',
  'squid',
  'swine',
]);
/** Counted in pairs. */
const PAIRS = new Set([
  'scissors',
  'skis',
  'jeans',
  'trousers',
  'pants',
  'shorts',
  'glasses',
  'sunglasses',
  'goggles',
  'pliers',
  'tweezers',
  'tongs',
  'binoculars',
  'headphones',
  'tights',
]);
/** Counted in pieces, or by the word that is given. */
const PIECES: Readonly<Record<string, string>> = {
  broccoli: 'piece',
  bread: 'piece',
  furniture: 'piece',
  luggage: 'piece',
  fruit: 'piece',
  food: 'piece',
  cheese: 'piece',
  rice: 'piece',
  grass: 'piece',
  water: 'piece',
  snow: 'piece',
  sand: 'piece',
  trash: 'piece',
  garbage: 'piece',
  litter: 'piece',
  debris: 'piece',
  clothing: 'piece',
  jewellery: 'piece',
  jewelry: 'piece',
  cutlery: 'piece',
  equipment: 'piece',
  paper: 'piece',
  tape: 'roll',
  string: 'length',
};
const UNCOUNTED_AREA = new Set(['sky', 'grass', 'water', 'snow', 'sand', 'sea']);
const NUMBERS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** "three", or digits above twelve. */
export const numberWord = (n: number): string => NUMBERS[n] ?? String(n);

/** "a mug", "an apple", "a pair of scissors", "three mugs"; 0 < n. */
export function counted(n: number, name: string): string {
  const last = lastWord(name);
  if (PAIRS.has(last)) return n === 1 ? `a pair of ${name}` : `${numberWord(n)} pairs of ${name}`;
  if (UNCOUNTED_AREA.has(last) && n === 1) return name;
  const piece = Object.hasOwn(PIECES, last) ? PIECES[last] : undefined;
  if (piece) return n === 1 ? `a ${piece} of ${name}` : `${numberWord(n)} ${piece}s of ${name}`;
  return n === 1 ? `${article(name)} ${name}` : `${numberWord(n)} ${plural(name)}`;
}

/** The plural of a category name: of its head word, "slice of bread" → "slices of bread". */
export function plural(name: string): string {
  const of = name.indexOf(' of ');
  if (of > 0) return plural(name.slice(0, of)) + name.slice(of);
  const match = /^(.*?)([A-Za-z]+)$/u.exec(name);
  // a name that does not end in Latin letters ("cell 2", "猫") has no English plural
  if (!match) return /^[\p{Script=Latin}\d\p{P}\s]+$/u.test(name) ? `“${name}” objects` : name;
  const [, before = '', word = ''] = match;
  return before + pluralWord(word);
}

function pluralWord(word: string): string {
  const lower = word.toLowerCase();
  if (UNCHANGED.has(lower) || PAIRS.has(lower) || lower === 'people') return word;
  const irregular =
    (Object.hasOwn(IRREGULAR, lower) ? IRREGULAR[lower] : undefined) ?? compoundIrregular(lower);
  if (irregular)
    return word[0] === lower[0] ? irregular : irregular[0]?.toUpperCase() + irregular.slice(1);
  if (word.length > 1 && word === word.toUpperCase()) return `${word}s`;
  if (/(s|x|z|ch|sh)$/u.test(lower)) return `${word}es`;
  if (/[^aeiou]y$/u.test(lower)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}

/** "policeman" → "policemen", "snowwoman" → …, "grandchild" → … */
function compoundIrregular(lower: string): string | undefined {
  if (/(?:^human|german|roman)$/u.test(lower)) return undefined;
  const head = ['woman', 'man', 'child', 'knife'].find((w) => lower.endsWith(w));
  return head && lower.slice(0, -head.length) + (IRREGULAR[head] ?? head);
}

/** "a" or "an", by sound as far as spelling tells it. */
export function article(name: string): 'a' | 'an' {
  const word = /^[\p{L}\d-]+/u.exec(name)?.[0] ?? name;
  const isSpelled = /^[A-Z]{2,}$/u.test(word) || /^[A-Za-z](?:-|$)/u.test(word);
  if (isSpelled) return /^[AEFHILMNORSX]/iu.test(word) ? 'an' : 'a';
  if (/^(?:8|11|18)(?!\d)/u.test(word)) return 'an';
  if (/^(?:hour|honest|honou?r|heir)/iu.test(word)) return 'an';
  if (/^(?:uni(?!n|m)|use|usual|eu|ewe|one|once|ukulele|ufo|uten)/iu.test(word)) return 'a';
  return /^[aeiou]/iu.test(word) ? 'an' : 'a';
}

const lastWord = (name: string): string => (/[A-Za-z]+$/u.exec(name)?.[0] ?? '').toLowerCase();

/** "a", "a and b", "a, b and c". */
export function joinAnd(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1] ?? ''}`;
}

/** The first letter as a capital; other scripts unchanged. */
export const capital = (text: string): string => text.replace(/^\p{Ll}/u, (c) => c.toUpperCase());
