// What things can be in or on, by the last word of their category name. Boxes alone cannot tell a lemon in a bowl from
// a cat before a laptop; for names that are not listed nothing is claimed but that the two overlap.

const CONTAINERS = new Set([
  ...[
    'bowl',
    'cup',
    'mug',
    'glass',
    'jar',
    'bottle',
    'vase',
    'pot',
    'pan',
    'bucket',
    'basket',
    'bin',
    'box',
    'crate',
  ],
  ...[
    'bag',
    'backpack',
    'handbag',
    'suitcase',
    'drawer',
    'cupboard',
    'cabinet',
    'wardrobe',
    'refrigerator',
    'fridge',
  ],
  ...[
    'oven',
    'microwave',
    'sink',
    'bathtub',
    'pool',
    'aquarium',
    'cage',
    'nest',
    'cell',
    'tank',
    'trolley',
    'cart',
  ],
  ...['envelope', 'dish', 'frame'],
]);
const SURFACES = new Set([
  ...[
    'table',
    'desk',
    'plate',
    'tray',
    'bed',
    'couch',
    'sofa',
    'bench',
    'chair',
    'shelf',
    'counter',
    'board',
    'mat',
  ],
  ...[
    'carpet',
    'rug',
    'branch',
    'road',
    'street',
    'floor',
    'field',
    'stage',
    'platform',
    'tablecloth',
    'runway',
  ],
]);

const PEOPLE = new Set([
  'person',
  'people',
  'man',
  'woman',
  'child',
  'boy',
  'girl',
  'pedestrian',
  'rider',
]);

/** How `held`, which lies within the outline of `holder`, relates to it; category names. */
export function holderKind(holder: string, held: string): 'inside' | 'on' | 'overlapping' {
  const head = headOf(holder);
  // a person before a handbag is more likely than one in it
  if (PEOPLE.has(headOf(held))) return 'overlapping';
  return CONTAINERS.has(head) ? 'inside' : SURFACES.has(head) ? 'on' : 'overlapping';
}

const headOf = (name: string): string => (/\p{L}+$/u.exec(name)?.[0] ?? '').toLowerCase();
