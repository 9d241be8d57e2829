import { Fragment, type ReactNode } from 'react';
import { cx } from '../ui/cx';
import type { Axis } from './scale';
import { toY } from './scale';

export interface ChartTable {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface ChartSvgProps {
  width: number;
  height: number;
  title: string;
  /** One sentence that says what the picture shows. */
  desc: string;
  id: string;
  /** Parts of it are links, so it is a group instead of one picture. */
  pressable?: boolean;
  className?: string;
  children: ReactNode;
}

/** An SVG that names and describes itself. It fills its column up to a fifth beyond its own width, so words stay small. */
export function ChartSvg({ width, height, title, desc, id, pressable, className, children }: ChartSvgProps) {
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role={pressable ? 'group' : 'img'}
      aria-labelledby={`${id}-title ${id}-desc`}
      className={cx('block w-full', className)}
      style={{ maxWidth: Math.round(width * 1.2) }}
    >
      <title id={`${id}-title`}>{title}</title>
      <desc id={`${id}-desc`}>{desc}</desc>
      {children}
    </svg>
  );
}

/** The same figures as a table, for those who cannot see the picture. Boxed, because a table cannot be made small. */
export function HiddenTable({ caption, columns, rows }: ChartTable) {
  return (
    <div className="sr-only">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('\u0000')}>
              {row.map((cell, index) =>
                index === 0 ? (
                  <th key={columns[index]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[index]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Horizontal gridlines with their labels at the left; the lowest one is the base. */
export function Grid({
  axis,
  left,
  right,
  top,
  bottom,
  label,
}: {
  axis: Axis;
  left: number;
  right: number;
  top: number;
  bottom: number;
  label: (tick: number) => string;
}) {
  return axis.ticks.map((tick) => {
    const y = Math.round(toY(tick, axis, top, bottom)) + 0.5;
    return (
      <Fragment key={tick}>
        <line
          x1={left}
          x2={right}
          y1={y}
          y2={y}
          stroke={tick === axis.from ? 'var(--c-line)' : 'var(--c-chart-grid)'}
        />
        <text x={left - 8} y={y + 3.5} textAnchor="end">
          {label(tick)}
        </text>
      </Fragment>
    );
  });
}

/** Draws wide on desks and narrow on phones, so that words in a chart keep their size. */
export function WideAndNarrow({ wide, narrow }: { wide: ReactNode; narrow: ReactNode }) {
  return (
    <>
      <div className="max-md:hidden">{wide}</div>
      <div className="md:hidden">{narrow}</div>
    </>
  );
}
