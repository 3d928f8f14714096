/* chart - a running total against its expected path, and what each month
 * added. A drawing, so that it prints and takes the page's colours; the table
 * beside it has the same numbers for who cannot see it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { shortDay } from "../dates.js";
import { html } from "../html.js";
import { number } from "../numbers.js";

const HEIGHT = 280;
const LEFT = 64;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 28;
const TICKS = 5;
/* Room that the text of a day needs. */
const DAY_WIDTH = 62;

/* The width that the page gives, as it changes. */
function useWidth() {
  const place = useRef();
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) =>
      setWidth(contentRect.width));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  return [place, width];
}

/* 1, 2 or 5 times a power of ten, so that few steps reach `most`. */
function stepFor(most) {
  const raw = most / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((one) => one * power >= raw) * power;
  return Math.max(step, 1);
}

function Grid({ x, y, top, step, width, days }) {
  const every = Math.ceil((days.length * DAY_WIDTH) / width);
  const lines = [];
  for (let at = 0; at <= top; at += step) {
    lines.push(at);
  }
  return html`<g class="grid">
    ${lines.map((at) => html`<g key=${at}>
      <line x1=${LEFT} x2=${width - RIGHT} y1=${y(at)} y2=${y(at)} />
      <text x=${LEFT - 8} y=${y(at) + 4} text-anchor="end">${number(at)}</text>
    </g>`)}
    ${days.filter((day, at) => (days.length - 1 - at) % every === 0)
      .map((day) => html`<text key=${day} x=${x(day)} y=${HEIGHT - 8}
        text-anchor="end">${shortDay(day)}</text>`)}
  </g>`;
}

/* `points`: [{from, to, value, total}], `path`: [{to, expected}], in the order
 * of their days, the path from its beginning; what is not there is null. */
export function Chart({ points, path, label }) {
  const [place, width] = useWidth();
  const time = (day) => Date.parse(day);
  const first = time(points[0].from);
  const last = time([points, path].map((one) => one[one.length - 1]?.to || "")
    .sort().pop());
  const most = Math.max(1, ...points.flatMap((one) => [one.value, one.total]),
    ...path.map(({ expected }) => expected));
  const step = stepFor(most);
  const top = Math.ceil(most / step) * step;
  const x = (day) => LEFT + ((time(day) - first) / (last - first || 1))
    * (width - LEFT - RIGHT);
  const y = (at) => HEIGHT - BOTTOM
    - (Math.max(0, at) / top) * (HEIGHT - TOP - BOTTOM);
  const line = (rows, name) => rows.filter((one) => one[name] != null)
    .map((one) => `${x(one.to)},${y(one[name])}`).join(" ");
  const days = [...new Set([...points, ...path.slice(1)].map(({ to }) => to))]
    .sort();
  return html`<div class="chart" ref=${place}>
    <svg role="img" aria-label=${label} viewBox=${`0 0 ${width} ${HEIGHT}`}
        width=${width} height=${HEIGHT}>
      <${Grid} ...${{ x, y, top, step, width, days }} />
      ${points.filter(({ value }) => value > 0).map((one) => html`<rect
        class="month" key=${one.to} x=${x(one.from) + 2} y=${y(one.value)}
        width=${Math.max(1, x(one.to) - x(one.from) - 4)}
        height=${y(0) - y(one.value)}><title>${number(one.value)}</title>
        </rect>`)}
      <polyline class="expected" points=${line(path, "expected")} />
      <polyline class="total" points=${line(points, "total")} />
      ${points.filter(({ total }) => total != null).map((one) => html`<circle
        class="total" key=${one.to} r="4" cx=${x(one.to)} cy=${y(one.total)}>
        <title>${shortDay(one.to)}: ${number(one.total)}</title></circle>`)}
    </svg></div>`;
}
