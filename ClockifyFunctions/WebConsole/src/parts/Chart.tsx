import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';

export interface Line { label: string; colour: string; values: (number | null)[]; dashed?: boolean; fill?: boolean; points?: boolean }
/** `span`: seconds that the time axis shows, up to the latest time. */
interface Properties { label: string; times: number[]; span: number; lines: Line[]; height?: number; format?: (value: number) => string }

const dark = matchMedia('(prefers-color-scheme: dark)');
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A chart over time. Screen readers cannot read a canvas, so `label` describes the chart as text. */
export function Chart({ label, times, lines, span, height = 200, format = String }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [scheme, setScheme] = useState(dark.matches);
  useEffect(() => {
    const change = () => setScheme(dark.matches);
    dark.addEventListener('change', change);
    return () => dark.removeEventListener('change', change);
  }, []);

  useEffect(() => {
    const place = host.current!;
    const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 }, font: '12px system-ui' };
    const chart = new uPlot({
      width: place.clientWidth,
      height,
      cursor: { y: false },
      legend: { live: true },
      scales: { x: { range: (_, __, max) => [max - span, max] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.15)] } },
      axes: [{ ...axis, space: 90, values: (_, ticks) => ticks.map(clock) }, { ...axis, size: widthOf, incrs: wholeSteps, values: (_, ticks) => ticks.map(format) }],
      series: [
        { label: 'time', value: (_: uPlot, at: number | null) => (at === null ? '–' : clock(at)) },
        ...lines.map(line => ({
          label: line.label,
          stroke: colour(line.colour),
          width: line.points ? 0 : 2,
          dash: line.dashed ? [6, 5] : undefined,
          fill: line.fill ? `${colour(line.colour)}22` : undefined,
          points: line.points ? { show: true, size: 9, fill: colour(line.colour), stroke: colour(line.colour) } : { show: false },
          value: (_: uPlot, value: number | null) => (value === null ? '–' : format(value)),
        })),
      ],
    }, data(times, lines), place);
    plot.current = chart;
    const size = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height }));
    size.observe(place);
    return () => {
      size.disconnect();
      chart.destroy();
    };
  }, [scheme]);

  useEffect(() => plot.current?.setData(data(times, lines)), [times, lines]);
  return <div class="chart" role="img" aria-label={label} ref={host} />;
}

/** Labels of counts are whole numbers. */
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map(step => step * 10 ** power)).flat();
/** Wide enough for the longest label. */
const widthOf = (_: uPlot, labels: string[] | null) => 20 + 7.5 * Math.max(2, ...(labels ?? []).map(label => label.length));
const clock = (seconds: number) => new Date(seconds * 1000).toLocaleTimeString('en-GB');
const data = (times: number[], lines: Line[]) => [times, ...lines.map(line => line.values)] as uPlot.AlignedData;
