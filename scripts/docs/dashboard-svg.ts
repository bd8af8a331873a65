/** Widget of a CloudWatch dashboard, with the properties that the picture shows. */
export interface DashboardWidget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly view?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: {
      readonly horizontal?: readonly {
        readonly value: number;
        readonly label?: string;
        readonly color?: string;
      }[];
    };
  };
}

/** Pixels of one of the 24 columns, and of one row. */
const COLUMN = 50;
const ROW = 32;
const GAP = 4;

/** Draws a dashboard's layout, its series and its limits, without values. */
export function dashboardPicture(widgets: readonly DashboardWidget[]): string {
  const height = Math.max(...widgets.map(({ y, height }) => y + height)) * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * COLUMN} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#f2f3f3"/>
${widgets.map(draw).join('\n')}
</svg>
`;
}

function draw(widget: DashboardWidget): string {
  const { type, x, y, width, height, properties } = widget;
  const [w, h] = [width * COLUMN - GAP, height * ROW - GAP];
  const inner =
    type === 'text'
      ? text(
          8,
          h / 2 + 5,
          (properties.markdown ?? '').replace(/^#+ /, ''),
          'font-size="16" font-weight="bold"',
        )
      : [
          `<rect width="${w}" height="${h}" rx="4" fill="#fff" stroke="#d5dbdb"/>`,
          text(8, 18, properties.title ?? '', 'font-weight="bold"'),
          type === 'alarm'
            ? states(properties.alarms ?? [], w, h)
            : type === 'log'
              ? rows(w, h)
              : plot(widget, w, h),
        ].join('\n');
  return `<g transform="translate(${x * COLUMN + GAP / 2} ${y * ROW + GAP / 2})">\n${inner}\n</g>`;
}

/** Draws a square for each alarm. */
function states(alarms: readonly string[], w: number, h: number): string {
  const across = Math.floor((w - 16) / 26);
  return alarms
    .map((_, index) => {
      const [left, top] = [8 + (index % across) * 26, 28 + Math.floor(index / across) * 22];
      return top + 18 > h
        ? ''
        : `<rect x="${left}" y="${top}" width="22" height="18" rx="2" fill="#d4edd5" stroke="#1d8102"/>`;
    })
    .join('');
}

/** Draws a table without its text. */
function rows(w: number, h: number): string {
  const count = Math.floor((h - 40) / 24);
  return Array.from(
    { length: count },
    (_, index) => `<path d="M8 ${44 + index * 24}H${w - 8}" stroke="#d5dbdb"/>`,
  ).join('');
}

/** Draws axes, limits at their height, and the labels of the series. */
function plot({ properties }: DashboardWidget, w: number, h: number): string {
  const labels = (properties.metrics ?? []).flatMap(labelOf);
  if (properties.view === 'singleValue')
    return `${text(w / 2, h / 2 + 8, '– %', 'font-size="28" fill="#545b64" text-anchor="middle"')}\n${text(8, h - 10, labels.join(' · '), 'fill="#545b64"')}`;
  const [top, bottom] = [34, h - 30];
  const limits = properties.annotations?.horizontal ?? [];
  const highest = Math.max(...limits.map(({ value }) => value), 0) * 1.4 || 1;
  /** Returns true if a label above the line would overlap another label. */
  const isCrowded = (value: number) =>
    limits.some((other) => other.value > value && other.value - value < highest / 4);
  const lines = limits.map(({ value, label = '', color = '#000' }) => {
    const at = round(bottom - ((bottom - top) * value) / highest);
    return `<path d="M34 ${at}H${w - 8}" stroke="${color}" stroke-dasharray="5 3"/>\n${text(38, isCrowded(value) ? at + 13 : at - 4, `${label} (${value})`, `fill="${color}"`)}`;
  });
  return [
    `<path d="M34 ${top}V${bottom}H${w - 8}" fill="none" stroke="#aab7b8"/>`,
    ...lines,
    text(8, h - 10, labels.join(' · '), 'fill="#545b64"'),
  ].join('\n');
}

/** Returns the label of a series; undefined for a series that only feeds an expression. */
function labelOf(series: readonly unknown[]): string[] {
  const last = series.at(-1);
  const options = (typeof last === 'object' ? last : {}) as {
    label?: string;
    visible?: boolean;
    expression?: string;
  };
  if (options.visible === false) return [];
  const { label = typeof series[1] === 'string' ? series[1] : '' } = options;
  return [label || (options.expression?.startsWith('SEARCH') ? 'a line for each found' : '')].filter(Boolean);
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
