import { useId } from 'react';
import { ChartSvg, Grid, HiddenTable, WideAndNarrow } from './frame';
import { axisFromZero, shortMoney, shortNumber, toX, toY } from './scale';

export interface PricePoint {
  /** Units used. */
  units: number;
  /** Drawable major units billed. */
  bill: number;
}

export interface PriceCurve {
  name: string;
  /** In order of units; two points at the same units draw a jump. */
  points: readonly PricePoint[];
  /** Proposed or picked: ink. Others are soft. */
  picked?: boolean;
}

export interface PriceLineProps {
  title: string;
  desc: string;
  curves: readonly PriceCurve[];
  symbol: string;
  /** "minutes". */
  unit: string;
  /** Where the customer is: a dot on the picked curve with its bill in words. */
  at?: { units: number; bill: number; label: string };
  /** Units where the price changes or two plans meet. */
  kinks?: readonly { units: number; bill: number; label: string }[];
  /** Width of the column it is drawn for, in pixels. */
  width?: number;
}

/** The bill against usage, with the kinks of tiers; for comparing plans and for drafting a price. */
export function PriceLine(props: PriceLineProps) {
  const id = useId();
  return (
    <>
      <WideAndNarrow
        wide={<Drawn {...props} id={`${id}w`} width={props.width ?? 620} left={52} parts={4} />}
        narrow={<Drawn {...props} id={`${id}n`} width={340} left={44} parts={2} />}
      />
      <HiddenTable
        caption={props.title}
        columns={['Plan', 'Bill at use']}
        rows={props.curves.map((curve) => [
          curve.name,
          curve.points
            .map(
              (p) =>
                `${shortMoney(p.bill, props.symbol)} at ${p.units.toLocaleString('en-US')} ${props.unit}`,
            )
            .join('; '),
        ])}
      />
    </>
  );
}

function Drawn(props: PriceLineProps & { id: string; width: number; left: number; parts: number }) {
  const { curves, symbol, unit, at, kinks = [], id, width, left, parts, title, desc } = props;
  const [top, bottom] = [14, 168];
  const all = curves.flatMap((curve) => curve.points);
  const most = Math.max(1, ...all.map((p) => p.units));
  const axis = axisFromZero(all.map((p) => p.bill));
  const x = (units: number) => toX(units, 0, most, left, width);
  const y = (bill: number) => toY(bill, axis, top, bottom);
  const path = (curve: PriceCurve) => `M${curve.points.map((p) => `${x(p.units)} ${y(p.bill)}`).join('L')}`;
  const ordered = [...curves].sort((a, b) => Number(a.picked ?? false) - Number(b.picked ?? false));
  return (
    <ChartSvg width={width} height={196} title={title} desc={desc} id={id} className="mt-3">
      <Grid
        axis={axis}
        left={left}
        right={width}
        top={top}
        bottom={bottom}
        label={(t) => shortMoney(t, symbol)}
      />
      {Array.from({ length: parts + 1 }, (_, part) => {
        const units = (most / parts) * part;
        return (
          <text
            key={units}
            x={x(units)}
            y="186"
            textAnchor={part === 0 ? 'start' : part === parts ? 'end' : 'middle'}
          >
            {shortNumber(units)}
            {part === parts && ` ${unit}`}
          </text>
        );
      })}
      {ordered.map((curve) => {
        const end = curve.points[curve.points.length - 1];
        return (
          <g key={curve.name}>
            <path
              d={path(curve)}
              fill="none"
              stroke={curve.picked ? 'var(--c-ink)' : 'var(--c-chart-soft)'}
              strokeWidth={curve.picked ? 2 : 1.75}
              strokeLinejoin="round"
            />
            {end && !(at && curve.picked) && (
              <text
                x={x(end.units) - 6}
                y={y(end.bill) - 6}
                textAnchor="end"
                style={{ fill: curve.picked ? 'var(--c-ink)' : 'var(--c-text-2)' }}
              >
                {curve.name}
              </text>
            )}
          </g>
        );
      })}
      {kinks.map((kink) => (
        <g key={kink.label}>
          <circle
            cx={x(kink.units)}
            cy={y(kink.bill)}
            r="3"
            fill="var(--c-surface)"
            stroke="var(--c-text-2)"
            strokeWidth="1.5"
          />
          <text x={x(kink.units) + 8} y={y(kink.bill) + 16} style={{ fill: 'var(--c-text-2)' }}>
            {kink.label}
          </text>
        </g>
      ))}
      {at && (
        <>
          <line
            x1={x(at.units)}
            x2={x(at.units)}
            y1={y(at.bill)}
            y2={bottom}
            stroke="var(--c-ink)"
            strokeDasharray="2 3"
          />
          <circle cx={x(at.units)} cy={y(at.bill)} r="4.5" fill="var(--c-ink)" />
          <text
            x={x(at.units) + (at.units > most * 0.7 ? -10 : 10)}
            y={y(at.bill) + 16}
            textAnchor={at.units > most * 0.7 ? 'end' : 'start'}
            style={{ fill: 'var(--c-ink)', fontWeight: 500 }}
          >
            {at.label}
          </text>
        </>
      )}
    </ChartSvg>
  );
}
