import { useId } from 'react';
import { ChartSvg, Grid, HiddenTable, WideAndNarrow } from './frame';
import { axisFromZero, round, shortNumber, toY } from './scale';

export interface Bar {
  /** "Wed 16 Sep". */
  label: string;
  value: number;
  /** The value in words, for the table and beside a picked bar: "2,140". */
  text: string;
  /** included: within the allowance (soft) · paid (default) · picked: the one chosen (ink). */
  kind?: 'included' | 'paid' | 'picked';
  /** The period is not over: drawn lighter, never compared with a full one. */
  partial?: boolean;
}

export interface BarSeriesProps {
  title: string;
  desc: string;
  bars: readonly Bar[];
  /** Head of the value column in the hidden table: "Minutes". */
  unit: string;
  /** Small: bars and a base line only, for a row of meters. */
  small?: boolean;
  /** First and last day under the bars: "1 Sep", "30 Sep". */
  ends?: readonly [string, string];
  /** A level that must not be passed, or that is included: "3,000 a day". */
  limit?: { value: number; label: string };
  /** An upright mark after so many bars: "3,000 used up" on "Tue 8 Sep". */
  mark?: { after: number; label: string; detail?: string };
  /** Room for days still to come. */
  slots?: number;
  /** Width of the column it is drawn for, in pixels. */
  width?: number;
}

const FILL = { included: 'var(--c-chart-soft)', paid: 'var(--c-chart-1)', picked: 'var(--c-ink)' };

/** One bar per day, always from zero. */
export function BarSeries(props: BarSeriesProps) {
  const id = useId();
  const table = (
    <HiddenTable
      caption={props.title}
      columns={['Day', props.unit]}
      rows={props.bars.map((bar) => [
        bar.label,
        `${bar.text}${bar.partial ? ', so far' : ''}${bar.kind === 'included' ? ', included' : ''}`,
      ])}
    />
  );
  if (props.small) {
    return (
      <>
        <SmallBars {...props} id={id} />
        {table}
      </>
    );
  }
  return (
    <>
      <WideAndNarrow
        wide={<FullBars {...props} id={`${id}w`} width={props.width ?? 472} left={46} />}
        narrow={<FullBars {...props} id={`${id}n`} width={340} left={40} />}
      />
      {table}
    </>
  );
}

type Drawn = Omit<BarSeriesProps, 'width'> & { id: string };

function SmallBars({ bars, slots = bars.length, id, title, desc, limit }: Drawn) {
  const width = 176;
  const step = width / slots;
  const high = Math.max(1, ...bars.map((bar) => bar.value), limit?.value ?? 0);
  const height = (value: number) => round((value / high) * 45.7);
  return (
    <ChartSvg width={width} height={49} title={title} desc={desc} id={id} className="mt-2">
      {bars.map((bar, index) => (
        <rect
          key={bar.label}
          x={round(index * step + step * 0.12)}
          y={round(48 - height(bar.value))}
          width={round(step * 0.76)}
          height={height(bar.value)}
          rx="1"
          fill={FILL[bar.kind ?? 'paid']}
          opacity={bar.partial ? 0.45 : undefined}
        />
      ))}
      {limit && (
        <line
          x1="0"
          x2={width}
          y1={round(48 - height(limit.value))}
          y2={round(48 - height(limit.value))}
          stroke="var(--c-text-3)"
          strokeDasharray="2 3"
        />
      )}
      <line x1="0" x2={width} y1="48.5" y2="48.5" stroke="var(--c-line)" />
    </ChartSvg>
  );
}

function FullBars(props: Drawn & { width: number; left: number }) {
  const { bars, ends, limit, mark, slots = bars.length, width, left, id, title, desc } = props;
  // A mark's words stand above the bars, whatever their height.
  const [top, bottom] = [mark ? 46 : 18, mark ? 138 : 110];
  const axis = axisFromZero([...bars.map((bar) => bar.value), limit?.value ?? 0], 3);
  const step = (width - left) / slots;
  const y = (value: number) => toY(value, axis, top, bottom);
  const picked = bars.findIndex((bar) => bar.kind === 'picked');
  const chosen = bars[picked];
  const middle = left + (picked + 0.5) * step;
  const beside = middle > width - 130 ? -9 - step / 2 : 9 + step / 2;
  return (
    <ChartSvg width={width} height={bottom + 18} title={title} desc={desc} id={id} className="mt-3">
      <Grid axis={axis} left={left} right={width} top={top} bottom={bottom} label={shortNumber} />
      {bars.map((bar, index) => (
        <rect
          key={bar.label}
          x={round(left + index * step + step * 0.1)}
          y={y(bar.value)}
          width={round(step * 0.8)}
          height={round(bottom - y(bar.value))}
          rx="1"
          fill={FILL[bar.kind ?? 'paid']}
          opacity={bar.partial ? 0.45 : undefined}
        />
      ))}
      {limit && (
        <>
          <line
            x1={left}
            x2={width}
            y1={y(limit.value)}
            y2={y(limit.value)}
            stroke="var(--c-text-3)"
            strokeDasharray="2 3"
          />
          <text x={width} y={y(limit.value) - 5} textAnchor="end" style={{ fill: 'var(--c-text-2)' }}>
            {limit.label}
          </text>
        </>
      )}
      {mark && (
        <Mark {...mark} x={round(left + mark.after * step)} late={mark.after > slots * 0.7} bottom={bottom} />
      )}
      {chosen && (
        <text
          x={round(middle + beside)}
          y={top - 6}
          textAnchor={beside < 0 ? 'end' : 'start'}
          style={{ fill: 'var(--c-ink)', fontWeight: 500 }}
        >
          {`${chosen.label}, ${chosen.text}`}
        </text>
      )}
      {ends && (
        <>
          <text x={left} y={bottom + 15}>
            {ends[0]}
          </text>
          <text x={width} y={bottom + 15} textAnchor="end">
            {ends[1]}
          </text>
        </>
      )}
    </ChartSvg>
  );
}

interface MarkProps {
  x: number;
  bottom: number;
  /** Near the right edge: the words stand before the line. */
  late: boolean;
  label: string;
  detail?: string;
}

function Mark({ x, bottom, late, label, detail }: MarkProps) {
  const words = { x: late ? x - 7 : x + 7, textAnchor: late ? ('end' as const) : ('start' as const) };
  return (
    <>
      <line x1={x} x2={x} y1={4} y2={bottom} stroke="var(--c-text-3)" strokeDasharray="2 3" />
      <text {...words} y={13} style={{ fill: 'var(--c-text-2)' }}>
        {label}
      </text>
      {detail && (
        <text {...words} y={27}>
          {detail}
        </text>
      )}
    </>
  );
}
