// The scene in English.
import { capital, counted, joinAnd, numberWord, plural } from './englishNouns';
import type { Group, Place, Relation, Scene } from './scene';
import type { CaptionStyle } from './types';

/** Kinds named one by one before the rest is summed up. */
const NAMED: Readonly<Record<CaptionStyle, number>> = {
  short: 3,
  sentence: 8,
  detailed: 40,
  tags: 40,
};
/** Groups whose place is told. */
const PLACED = 6;

/** @returns the caption; a sentence that says so when nothing is annotated */
export function captionEnglish(scene: Scene, style: CaptionStyle): string {
  if (scene.groups.length === 0)
    return style === 'tags' ? '' : 'No objects are annotated in this image.';
  switch (style) {
    case 'short':
      return capital(listed(scene.groups, NAMED.short));
    case 'sentence':
      return sentence(scene);
    case 'detailed':
      return detailed(scene);
    case 'tags':
      return tags(scene.groups);
  }
}

function tags(groups: readonly Group[]): string {
  const names = groups.slice(0, NAMED.tags).map((g) => g.name);
  const rest = groups.length - names.length;
  return (rest > 0 ? [...names, `${rest} more`] : names).join(', ');
}

/** "three mugs, a plate and two other objects" */
function listed(groups: readonly Group[], named: number): string {
  // Naming the last kind is never longer than "one other kind of object".
  const shown = groups.length === named + 1 ? groups : groups.slice(0, named);
  const parts = shown.flatMap(groupParts);
  const rest = groups.length - shown.length;
  if (rest > 0) parts.push(`${numberWord(rest)} other kinds of object`);
  return joinAnd(parts);
}

function groupParts(group: Group): string[] {
  const parts = group.count > 0 ? [counted(group.count, group.name)] : [];
  if (group.crowds > 0) parts.push(crowd(group));
  return parts;
}

function crowd({ name, crowds }: Group): string {
  const word = name === 'person' || name === 'people' ? 'crowd' : 'group';
  return `${crowds === 1 ? 'a' : numberWord(crowds)} ${word}${crowds === 1 ? '' : 's'} of ${plural(name)}`;
}

function sentence(scene: Scene): string {
  const main = scene.groups[0];
  const all = capital(listed(scene.groups, NAMED.sentence));
  const relation = scene.relations[0];
  if (scene.groups.length === 1 && main)
    return `${all}${main.place ? ` ${placed(main.place)}` : main.isSpread ? ' across the image' : ''}.`;
  if (relation) return `${all}, ${related(relation, true)}.`;
  return main?.place
    ? `${all}, with ${definite(main, main.count)} ${placed(main.place)}.`
    : `${all}.`;
}

function detailed(scene: Scene): string {
  const total = scene.groups.reduce((n, g) => n + g.count + g.crowds, 0);
  const opening =
    total === 1 ? 'The image shows' : `The image shows ${numberWord(total)} annotated objects:`;
  const parts = [`${opening} ${listed(scene.groups, NAMED.detailed)}.`];
  for (const group of scene.groups.slice(0, PLACED)) {
    const text = whereabouts(group);
    if (text) parts.push(text);
  }
  for (const relation of scene.relations) parts.push(`${capital(related(relation, false))}.`);
  return parts.join(' ');
}

function whereabouts(group: Group): string | null {
  const n = group.count + group.crowds;
  const be = (group.count || n) === 1 ? 'is' : 'are';
  const subject = capital(group.count > 0 ? definite(group, group.count) : definiteCrowd(group));
  const size = n === 1 && group.magnitude !== 'medium' ? group.magnitude : null;
  if (group.isSpread) return `${subject} ${be} spread across the image.`;
  if (!group.place) return null;
  return `${subject} ${be} ${size ? `${size} and ` : ''}${placed(group.place)}.`;
}

const definite = (group: Group, n: number): string => {
  const text = counted(n, group.name);
  return n === 1 ? `the ${text.replace(/^(?:an?|one) /u, '')}` : `the ${text}`;
};
const definiteCrowd = (group: Group): string =>
  group.crowds === 1 ? crowd(group).replace(/^a /u, 'the ') : `the ${crowd(group)}`;

/** "in the foreground on the left", "at the top right", "in the centre" */
function placed({ column, row, isForeground }: Place): string {
  if (isForeground) return `in the foreground${column === 'centre' ? '' : ` on the ${column}`}`;
  return row === 'middle'
    ? column === 'centre'
      ? 'in the centre'
      : `on the ${column}`
    : column === 'centre'
      ? `at the ${row}`
      : `at the ${row} ${column}`;
}

/** "two of the lemons are inside the bowl"; as a clause "two of the lemons inside the bowl". */
function related({ kind, subject, count, object }: Relation, asClause: boolean): string {
  const words = {
    inside: 'inside',
    on: 'on',
    overlapping: 'overlapping',
    nextTo: 'next to',
    above: 'above',
    below: 'below',
    leftOf: 'to the left of',
    rightOf: 'to the right of',
  }[kind];
  const who =
    count === subject.count
      ? definite(subject, count)
      : `${numberWord(count)} of the ${plural(subject.name)}`;
  const be = asClause ? '' : count === 1 ? 'is ' : 'are ';
  return `${asClause ? 'with ' : ''}${who} ${be}${words} ${definite(object, 1)}`;
}
