// Chinese names and measure words of common categories (COCO's 80 and those of the sample workspace).
// A name that is not listed stays as it is, with the general measure word 个.

type Noun = readonly [name: string, measure: string];

const NOUNS: Readonly<Record<string, Noun>> = {
  person: ['人', '个'],
  bicycle: ['自行车', '辆'],
  car: ['汽车', '辆'],
  van: ['面包车', '辆'],
  motorcycle: ['摩托车', '辆'],
  airplane: ['飞机', '架'],
  bus: ['公交车', '辆'],
  train: ['火车', '列'],
  truck: ['卡车', '辆'],
  boat: ['船', '艘'],
  'hot-air balloon': ['热气球', '个'],
  'traffic light': ['交通信号灯', '个'],
  'traffic cone': ['交通锥', '个'],
  'fire hydrant': ['消防栓', '个'],
  'stop sign': ['停车标志', '个'],
  'parking meter': ['停车计时器', '个'],
  'street lamp': ['路灯', '盏'],
  bench: ['长椅', '张'],
  bird: ['鸟', '只'],
  cat: ['猫', '只'],
  dog: ['狗', '只'],
  horse: ['马', '匹'],
  sheep: ['羊', '只'],
  cow: ['牛', '头'],
  elephant: ['大象', '头'],
  bear: ['熊', '头'],
  zebra: ['斑马', '匹'],
  giraffe: ['长颈鹿', '只'],
  fish: ['鱼', '条'],
  backpack: ['背包', '个'],
  umbrella: ['雨伞', '把'],
  handbag: ['手提包', '个'],
  tie: ['领带', '条'],
  suitcase: ['行李箱', '个'],
  frisbee: ['飞盘', '个'],
  skis: ['滑雪板', '副'],
  snowboard: ['单板滑雪板', '块'],
  'sports ball': ['球', '个'],
  kite: ['风筝', '只'],
  'baseball bat': ['棒球棒', '根'],
  'baseball glove': ['棒球手套', '只'],
  skateboard: ['滑板', '块'],
  surfboard: ['冲浪板', '块'],
  'tennis racket': ['网球拍', '把'],
  bottle: ['瓶子', '个'],
  'wine glass': ['酒杯', '个'],
  cup: ['杯子', '个'],
  mug: ['马克杯', '个'],
  plate: ['盘子', '个'],
  fork: ['叉子', '把'],
  knife: ['刀', '把'],
  spoon: ['勺子', '把'],
  bowl: ['碗', '个'],
  banana: ['香蕉', '根'],
  apple: ['苹果', '个'],
  pear: ['梨', '个'],
  lemon: ['柠檬', '个'],
  sandwich: ['三明治', '个'],
  orange: ['橙子', '个'],
  broccoli: ['西兰花', '朵'],
  carrot: ['胡萝卜', '根'],
  'hot dog': ['热狗', '个'],
  pizza: ['披萨', '个'],
  donut: ['甜甜圈', '个'],
  cake: ['蛋糕', '块'],
  biscuit: ['饼干', '块'],
  chair: ['椅子', '把'],
  couch: ['沙发', '张'],
  'potted plant': ['盆栽', '盆'],
  'water plant': ['水草', '丛'],
  bed: ['床', '张'],
  'dining table': ['餐桌', '张'],
  toilet: ['马桶', '个'],
  tv: ['电视', '台'],
  laptop: ['笔记本电脑', '台'],
  mouse: ['鼠标', '个'],
  remote: ['遥控器', '个'],
  keyboard: ['键盘', '个'],
  'cell phone': ['手机', '部'],
  microwave: ['微波炉', '台'],
  oven: ['烤箱', '台'],
  toaster: ['烤面包机', '台'],
  sink: ['水槽', '个'],
  refrigerator: ['冰箱', '台'],
  book: ['书', '本'],
  clock: ['时钟', '个'],
  vase: ['花瓶', '个'],
  scissors: ['剪刀', '把'],
  'teddy bear': ['泰迪熊', '只'],
  'hair drier': ['吹风机', '个'],
  toothbrush: ['牙刷', '支'],
  tree: ['树', '棵'],
  branch: ['树枝', '根'],
  leaf: ['叶子', '片'],
  flower: ['花', '朵'],
  hammer: ['锤子', '把'],
  screwdriver: ['螺丝刀', '把'],
  wrench: ['扳手', '把'],
  screw: ['螺丝', '颗'],
  pencil: ['铅笔', '支'],
  eraser: ['橡皮', '块'],
  tape: ['胶带', '卷'],
  cell: ['细胞', '个'],
  object: ['物体', '个'],
};
const DIGITS = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十'];

const nounOf = (name: string): Noun | undefined => {
  const key = name.toLowerCase();
  return Object.hasOwn(NOUNS, key) ? NOUNS[key] : undefined;
};

/** The Chinese name, or the name itself. */
export const chineseName = (name: string): string => nounOf(name)?.[0] ?? name;

/** "三个", "两把"; digits above ten: "37个". */
export function chineseCount(n: number, name: string): string {
  return `${DIGITS[n] ?? String(n)}${nounOf(name)?.[1] ?? '个'}`;
}

/** "三个杯子"; a space sets off names that are not Chinese: "三个 widget". */
export function chineseCounted(n: number, name: string): string {
  return chineseCount(n, name) + spaced(chineseName(name));
}

/** "一群人", "一片细胞": a crowd region. */
export function chineseCrowd(n: number, name: string): string {
  const isAlive = [
    'person',
    'people',
    'bird',
    'cat',
    'dog',
    'horse',
    'sheep',
    'cow',
    'elephant',
    'fish',
    '人',
  ].includes(name.toLowerCase());
  return `${DIGITS[n] ?? String(n)}${isAlive ? '群' : '堆'}${spaced(chineseName(name))}`;
}

const spaced = (name: string): string => (/^\p{Script=Han}/u.test(name) ? name : ` ${name}`);
