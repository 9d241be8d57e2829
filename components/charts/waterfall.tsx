import Link from 'next/link';
import { Fragment, type ReactNode, useId } from 'react';
import { cx } from '../ui/cx';
import { ChartSvg, Grid, HiddenTable, WideAndNarrow } from './frame';
import { axisCut, round, shortMoney, toY } from './scale';

export interface WaterfallStep {
  key: string;
  /** "Came back". */
  label: string;
  /** Under the label of a total: "1 Sep". */
  detail?: string;
  /** Drawable major units: the level of a total, the change of a movement. */
  value: number;
  /** Over the bar: "+$3,140", "$48.2k". */
  short: string;
  /** The exact amount, for the table and the phone: "+$3,140.00". */
  text: string;
  total?: boolean;
  picked?: boolean;
  /** How many customers, shown on the phone. */
  count?: number;
  href?: string;
}

export interface WaterfallProps {
  title: string;
  desc: string;
  steps: readonly WaterfallStep[];
  /** Sign of the currency for the axis: "$". */
  symbol: string;
  /** Width of the column it is drawn for, in pixels. */
  width?: number;
}

interface Placed extends WaterfallStep {
  from: number;
  to: number;
}

function place(steps: readonly WaterfallStep[]): Placed[] {
  let level = 0;
  return steps.map((step) => {
    const from = step.total ? 0 : level;
    level = step.total ? step.value : level + step.value;
    return { ...step, from, to: level };
  });
}

/** From opening to closing: totals dark, ups solid, downs hatched, the picked one in ink. */
export function Waterfall({ title, desc, steps, symbol, width = 792 }: WaterfallProps) {
  const id = useId();
  const placed = place(steps);
  const axis = axisCut(placed.map((step) => step.to));
  return (
    <>
      <WideAndNarrow
        wide={
          <Upright
            id={id}
            title={title}
            desc={desc}
            steps={placed}
            axis={axis}
            symbol={symbol}
            width={width}
          />
        }
        narrow={<Lying steps={placed} axis={axis} symbol={symbol} />}
      />
      <HiddenTable
        caption={title}
        columns={['Movement', 'Amount']}
        rows={steps.map((step) => [[step.label, step.detail].filter(Boolean).join(', '), step.text])}
      />
    </>
  );
}

interface DrawnProps {
  steps: readonly Placed[];
  axis: ReturnType<typeof axisCut>;
  symbol: string;
}

const LEFT = 56;
const TOP = 22;
const BOTTOM = 222;

function Upright({
  id,
  title,
  desc,
  steps,
  axis,
  symbol,
  width,
}: DrawnProps & { id: string; title: string; desc: string; width: number }) {
  const slot = (width - LEFT) / steps.length;
  const bar = slot * 0.7;
  const hatch = `${id}-down`;
  return (
    <ChartSvg
      width={width}
      height={262}
      title={title}
      desc={desc}
      id={id}
      pressable={steps.some((step) => step.href)}
      className="mt-4"
    >
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" fill="var(--c-surface)" />
          <line x1="0" y1="0" x2="0" y2="5" stroke="var(--c-chart-1)" strokeWidth="2" />
        </pattern>
      </defs>
      <Grid
        axis={axis}
        left={LEFT}
        right={width}
        top={TOP}
        bottom={BOTTOM}
        label={(tick) => shortMoney(tick, symbol)}
      />
      {steps.map((step, index) => {
        const x = round(LEFT + slot * index + (slot - bar) / 2);
        return (
          <Step
            key={step.key}
            step={step}
            x={x}
            width={round(bar)}
            axis={axis}
            hatch={hatch}
            linkTo={index < steps.length - 1 ? round(x + slot - 1) : undefined}
          />
        );
      })}
    </ChartSvg>
  );
}

function Step({
  step,
  x,
  width,
  axis,
  hatch,
  linkTo,
}: {
  step: Placed;
  x: number;
  width: number;
  axis: DrawnProps['axis'];
  hatch: string;
  linkTo: number | undefined;
}) {
  const level = (value: number) => toY(Math.max(value, axis.from), axis, TOP, BOTTOM);
  const down = !step.total && step.value < 0;
  const top = Math.min(level(step.from), level(step.to));
  const height = Math.max(1, round(Math.abs(level(step.from) - level(step.to))));
  const middle = round(x + width / 2);
  const ink = step.picked ? 'var(--c-ink)' : undefined;
  const fill = ink ?? (step.total ? 'var(--c-chart-total)' : down ? `url(#${hatch})` : 'var(--c-chart-1)');
  const words = step.detail ? [step.label] : splitLabel(step.label);
  return (
    <StepLink href={step.href}>
      <rect
        x={x}
        y={top}
        width={width}
        height={height}
        rx="2"
        fill={fill}
        stroke={down && !ink ? 'var(--c-chart-1)' : undefined}
      />
      {step.total && axis.cut && (
        <path d={`M${x - 1} ${BOTTOM - 13}l${width + 2} -8v4l${-width - 2} 8z`} fill="var(--c-surface)" />
      )}
      {linkTo !== undefined && (
        <line
          x1={round(x + width + 1)}
          x2={linkTo}
          y1={level(step.to)}
          y2={level(step.to)}
          stroke="var(--c-chart-soft)"
        />
      )}
      <text
        x={middle}
        y={down ? top + height + 15 : top - 7}
        textAnchor="middle"
        style={{ fill: ink ?? 'var(--c-text)', fontWeight: 500 }}
      >
        {step.short}
      </text>
      {words.map((word, line) => (
        <text
          key={word}
          x={middle}
          y={BOTTOM + 18 + line * 14}
          textAnchor="middle"
          style={{ fill: ink ?? 'var(--c-text-2)' }}
        >
          {word}
        </text>
      ))}
      {step.detail && (
        <text x={middle} y={BOTTOM + 32} textAnchor="middle">
          {step.detail}
        </text>
      )}
    </StepLink>
  );
}

function StepLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  return href ? (
    <Link href={href} scroll={false}>
      {children}
    </Link>
  ) : (
    <g>{children}</g>
  );
}

/** "Discount ended" on two lines, "Left" on one. */
function splitLabel(label: string): string[] {
  const at = label.indexOf(' ');
  return at < 0 ? [label] : [label.slice(0, at), label.slice(at + 1)];
}

/** On phones the waterfall lies on its side, with the exact amounts beside the bars. */
function Lying({ steps, axis, symbol }: DrawnProps) {
  const share = (value: number) => (Math.max(value, axis.from) - axis.from) / (axis.to - axis.from);
  const percent = (part: number) => `${(part * 100).toFixed(1)}%`;
  return (
    <Fragment>
      <ul className="mt-3 border-t border-line pt-2" aria-hidden="true">
        {steps.map((step) => {
          const left = Math.min(share(step.from), share(step.to));
          const width = Math.max(0.005, Math.abs(share(step.to) - share(step.from)));
          const down = !step.total && step.value < 0;
          return (
            <li
              key={step.key}
              className={cx(
                'flex items-center gap-3 py-1.25',
                step.picked && '-mx-4 bg-ink-tint px-4 text-ink',
                step.total && 'font-medium',
              )}
            >
              <span className="flex w-33 flex-none items-baseline gap-1.5">
                {[step.label, step.detail].filter(Boolean).join(', ')}
                {step.count !== undefined && <span className="num text-xs text-text-3">{step.count}</span>}
              </span>
              <span className="relative h-4 flex-1">
                <i
                  className={cx(
                    'absolute inset-y-0 rounded-xs',
                    step.picked
                      ? 'bg-ink'
                      : step.total
                        ? 'rounded-l-none bg-chart-total'
                        : down
                          ? 'hatch-down'
                          : 'bg-chart-1',
                  )}
                  style={{ left: percent(left), width: percent(width) }}
                />
                {step.total && axis.cut && (
                  <i className="absolute inset-y-0 left-4 w-1 -skew-x-12 bg-surface" />
                )}
              </span>
              <span className="money w-22 flex-none">{step.text}</span>
            </li>
          );
        })}
      </ul>
      {axis.cut && (
        <p className="mt-1 text-right text-xs text-text-3">
          bars start at {symbol}
          {axis.from.toLocaleString('en-US')}
        </p>
      )}
    </Fragment>
  );
}
