// Icons of tools that VS Code's icon font does not have, drawn for 16 × 16, in the text's colour.

/** Stroked paths; `fill` ones are filled too. */
const PATHS: Readonly<Record<string, readonly { readonly d: string; readonly fill?: boolean }[]>> =
  {
    select: [{ d: 'M3.5 2 L12.5 8.2 L8.4 8.9 L6.2 13 Z', fill: false }],
    point: [
      { d: 'M8 1.5 V5 M8 11 V14.5 M1.5 8 H5 M11 8 H14.5' },
      { d: 'M8 6.6 A1.4 1.4 0 1 1 7.99 6.6 Z', fill: true },
    ],
    box: [
      { d: 'M3.5 3.5 H12.5 V12.5 H3.5 Z' },
      {
        d: 'M2.2 2.2 H4.8 V4.8 H2.2 Z M11.2 2.2 H13.8 V4.8 H11.2 Z M2.2 11.2 H4.8 V13.8 H2.2 Z M11.2 11.2 H13.8 V13.8 H11.2 Z',
        fill: true,
      },
    ],
    scribble: [
      {
        d: 'M1.8 10.5 C4 2.5 6.8 2.2 6.2 6.5 C5.6 11 5.4 13.5 7.8 10.8 C10.4 7.8 11.6 6 11.2 9 C10.9 11.6 12.4 12.2 14.2 9.8',
      },
    ],
    brush: [
      { d: 'M13.6 2.4 C14.3 3.1 11.6 6.6 8.7 9.2 L6.8 7.3 C9.4 4.4 12.9 1.7 13.6 2.4 Z' },
      {
        d: 'M6.6 8.6 C7.6 9.6 7.6 11.2 6.3 12.4 C5.1 13.5 3.3 13.7 1.9 13.2 C3.1 12.6 2.9 11.2 3.6 10 C4.3 8.6 5.6 7.8 6.6 8.6 Z',
        fill: true,
      },
    ],
    polygon: [
      { d: 'M8 3 L13.2 6.8 L11.2 13 H4.8 L2.8 6.8 Z' },
      {
        d: 'M8 1.6 A1.5 1.5 0 1 1 7.99 1.6 Z M13.2 5.4 A1.5 1.5 0 1 1 13.19 5.4 Z M11.2 11.5 A1.5 1.5 0 1 1 11.19 11.5 Z M4.8 11.5 A1.5 1.5 0 1 1 4.79 11.5 Z M2.8 5.4 A1.5 1.5 0 1 1 2.79 5.4 Z',
        fill: true,
      },
    ],
  };

const SVG = 'http://www.w3.org/2000/svg';

/** The drawn icon of this name; null when there is none. */
export function drawnIcon(name: string): SVGSVGElement | null {
  const paths = PATHS[name];
  if (!paths) return null;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'drawn-icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const { d, fill } of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    if (fill) path.setAttribute('class', 'filled');
    svg.append(path);
  }
  return svg;
}
