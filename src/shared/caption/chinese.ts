// The scene in Chinese.
import { chineseCount, chineseCounted, chineseCrowd, chineseName } from './chineseNouns';
import type { Group, Place, Relation, Scene } from './scene';
import type { CaptionStyle } from './types';

const NAMED: Readonly<Record<CaptionStyle, number>> = {
  short: 3,
  sentence: 8,
  detailed: 40,
  tags: 40,
};
const PLACED = 6;

/** @returns the caption; a sentence that says so when nothing is annotated */
export function captionChinese(scene: Scene, style: CaptionStyle): string {
  return setOff(compose(scene, style));
}

/** A space between Latin and Chinese words, as printed Chinese has it. */
const setOff = (text: string): string =>
  text
    .replace(/(?<=[A-Za-z])(?=\p{Script=Han})/gu, ' ')
    .replace(/(?<=\p{Script=Han})(?=[A-Za-z])/gu, ' ');

function compose(scene: Scene, style: CaptionStyle): string {
  if (scene.groups.length === 0) return style === 'tags' ? '' : '这张图片还没有标注任何物体。';
  switch (style) {
    case 'short':
      return listed(scene.groups, NAMED.short);
    case 'sentence':
      return sentence(scene);
    case 'detailed':
      return detailed(scene);
    case 'tags':
      return tags(scene.groups);
  }
}

function tags(groups: readonly Group[]): string {
  const names = groups.slice(0, NAMED.tags).map((g) => chineseName(g.name));
  const rest = groups.length - names.length;
  return (rest > 0 ? [...names, `另有${rest}类`] : names).join('，');
}

function listed(groups: readonly Group[], named: number): string {
  const shown = groups.length === named + 1 ? groups : groups.slice(0, named);
  const parts = shown.flatMap(groupParts);
  const rest = groups.length - shown.length;
  if (rest > 0) parts.push(`其他${rest}类物体`);
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join('、')}和${parts[parts.length - 1] ?? ''}`;
}

function groupParts({ name, count, crowds }: Group): string[] {
  const parts = count > 0 ? [chineseCounted(count, name)] : [];
  if (crowds > 0) parts.push(chineseCrowd(crowds, name));
  return parts;
}

function sentence(scene: Scene): string {
  const main = scene.groups[0];
  const all = listed(scene.groups, NAMED.sentence);
  const relation = scene.relations[0];
  if (scene.groups.length === 1 && main)
    return `图中${main.place ? placed(main.place) : ''}有${all}${main.isSpread ? '，分布在整个画面中' : ''}。`;
  if (relation) return `图中有${all}，${related(relation)}。`;
  return main?.place ? `图中有${all}，${named(main)}位于${placed(main.place)}。` : `图中有${all}。`;
}

function detailed(scene: Scene): string {
  const total = scene.groups.reduce((n, g) => n + g.count + g.crowds, 0);
  const parts = [
    `图中共标注了${chineseCount(total, 'object')}物体：${listed(scene.groups, NAMED.detailed)}。`,
  ];
  for (const group of scene.groups.slice(0, PLACED)) {
    const text = whereabouts(group);
    if (text) parts.push(text);
  }
  for (const relation of scene.relations) parts.push(`${related(relation)}。`);
  return parts.join('');
}

function whereabouts(group: Group): string | null {
  if (group.isSpread) return `${named(group)}分布在整个画面中。`;
  if (!group.place) return null;
  const single = group.count + group.crowds === 1;
  const size =
    single && group.magnitude !== 'medium'
      ? group.magnitude === 'large'
        ? '较大，'
        : '较小，'
      : '';
  return `${named(group)}${size}位于${placed(group.place)}。`;
}

/** "这个杯子", "这三个杯子", "这群人" */
function named({ name, count, crowds }: Group): string {
  if (count === 0) return `这${chineseCrowd(crowds, name).replace(/^一/u, '')}`;
  return `这${chineseCounted(count, name).replace(/^一/u, '')}`;
}

/** "左侧前景", "右上角", "中央" */
function placed({ column, row, isForeground }: Place): string {
  const across = { left: '左', centre: '中', right: '右' }[column];
  const down = { top: '上', middle: '', bottom: '下' }[row];
  const where =
    row === 'middle'
      ? column === 'centre'
        ? '画面中央'
        : `画面${across}侧`
      : column === 'centre'
        ? `画面${down}方`
        : `画面${across}${down}角`;
  return isForeground ? `${where}的前景中` : where;
}

function related({ kind, subject, count, object }: Relation): string {
  const who = count === subject.count ? named(subject) : chineseCounted(count, subject.name);
  const anchor = named(object);
  switch (kind) {
    case 'inside':
      return `${who}在${anchor}里面`;
    case 'on':
      return `${who}在${anchor}上`;
    case 'overlapping':
      return `${who}与${anchor}重叠`;
    case 'nextTo':
      return `${who}在${anchor}旁边`;
    case 'above':
      return `${who}在${anchor}上方`;
    case 'below':
      return `${who}在${anchor}下方`;
    case 'leftOf':
      return `${who}在${anchor}左边`;
    case 'rightOf':
      return `${who}在${anchor}右边`;
  }
}
