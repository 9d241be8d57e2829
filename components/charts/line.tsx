import { useId } from 'react';
import { ChartSvg, Grid, HiddenTable, WideAndNarrow } from './frame';
import { axisAround, axisFromZero, round, shortMoney, toX, toY } from './scale';

export interface LinePoint {
  /** Under the axis: "Sep". */
  label: string;
  /** Drawable major units; null where nothing can be observed yet. */
  value: number | null;
  /** In full, for the table: "$51,820.50". */
  text: string;
  /** A date somebody annotated, or a changed definition. */
  note?: string;
  /** The period is not over. */
  partial?: boolean;
}

export interface LineProps {
  title: string;
  desc: string;
  points: readonly LinePoint[];
  symbol: string;
  /** Head of the value column in the hidden table: "MRR". */
  unit: string;
  /** Starts at zero instead of near the values. */
  fromZero?: boolean;
  /** Index of the point that is picked. */
  picked?: number;
  /** Width of the column it is drawn for, in pixels. */
  width?: number;
}

/** One line over months with a quiet area under it; straight between points, because nothing is known between them. */
export function Line(props: LineProps) {
  const id = useId();
  return (
    <>
      <WideAndNarrow
        wide={<Drawn {...props} id={`${id}w`} width={props.width ?? 792} every={1} />}
        narrow={<Drawn {...props} id={`${id}n`} width={358} every={Math.ceil(props.points.length / 5)} />}
      />
      <HiddenTable
        caption={props.title}
        columns={['Month', props.unit]}
        rows={props.points.map((point) => [
          point.label,
          [point.value === null ? 'not known yet' : point.text, point.note].filter(Boolean).join(', '),
        ])}
      />
    </>
  );
}

function Drawn(props: LineProps & { id: string; width: number; every: number }) {
  const { points, symbol, fromZero, picked, id, width, every, title, desc } = props;
  const [left, right, top, bottom] = [52, width - 6, 26, 196];
  const values = points.flatMap((point) => (point.value === null ? [] : [point.value]));
  const axis = (fromZero ? axisFromZero : axisAround)(values.length > 0 ? values : [0]);
  const x = (index: number) => toX(index, 0, Math.max(1, points.length - 1), left, right);
  const y = (value: number) => toY(value, axis, top, bottom);
  const known = points.flatMap((point, index) =>
    point.value === null ? [] : [{ index, value: point.value, partial: point.partial }],
  );
  const path = (list: typeof known) => list.map((p) => `${x(p.index)} ${y(p.value)}`).join('L');
  const whole = known.filter((p) => !p.partial);
  const first = known[0];
  const last = known[known.length - 1];
  const lastWhole = whole[whole.length - 1];
  const shown = picked ?? last?.index;
  const point = shown === undefined ? undefined : points[shown];
  return (
    <ChartSvg width={width} height={224} title={title} desc={desc} id={id} className="mt-4">
      <Grid
        axis={axis}
        left={left}
        right={width}
        top={top}
        bottom={bottom}
        label={(t) => shortMoney(t, symbol)}
      />
      {first && last && (
        <path
          d={`M${x(first.index)} ${bottom}L${path(known)}L${x(last.index)} ${bottom}Z`}
          fill="var(--c-chart-ghost)"
          opacity=".5"
        />
      )}
      {whole.length > 0 && (
        <path
          d={`M${path(whole)}`}
          fill="none"
          stroke="var(--c-chart-1)"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      )}
      {lastWhole && last?.partial && (
        <path
          d={`M${path([lastWhole, last])}`}
          fill="none"
          stroke="var(--c-chart-1)"
          strokeWidth="2"
          strokeDasharray="2 4"
        />
      )}
      {points.map((p, index) => (
        <g key={`${p.label} ${p.text}`}>
          {index % every === 0 && (
            <text
              x={x(index)}
              y={bottom + 18}
              textAnchor={index === 0 ? 'start' : index === points.length - 1 ? 'end' : 'middle'}
            >
              {p.label}
            </text>
          )}
          {p.note && (
            <>
              <line
                x1={x(index)}
                x2={x(index)}
                y1={top - 8}
                y2={bottom}
                stroke="var(--c-text-3)"
                strokeDasharray="2 3"
              />
              <text
                x={x(index) + (index > points.length * 0.6 ? -6 : 6)}
                y={top - 2}
                textAnchor={index > points.length * 0.6 ? 'end' : 'start'}
              >
                {p.note}
              </text>
            </>
          )}
        </g>
      ))}
      {point && point.value !== null && shown !== undefined && (
        <>
          <circle
            cx={x(shown)}
            cy={y(point.value)}
            r="4"
            fill={picked === undefined ? 'var(--c-chart-total)' : 'var(--c-ink)'}
          />
          <text
            x={round(Math.min(x(shown), width - 4))}
            y={y(point.value) - 10}
            textAnchor={shown > points.length * 0.8 ? 'end' : 'middle'}
            style={{ fill: picked === undefined ? 'var(--c-text)' : 'var(--c-ink)', fontWeight: 500 }}
          >
            {point.text}
          </text>
        </>
      )}
    </ChartSvg>
  );
}
