import type { ReactElement } from 'react';

/*
 * The icons of the console: outlines of Lucide (https://lucide.dev), copied as path data so that they render on the
 * server and cost no script. ISC License, Copyright (c) Lucide Icons and Contributors: permission to use, copy, modify,
 * and/or distribute this software for any purpose with or without fee is hereby granted, provided that this notice
 * appears in all copies. The software is provided "as is", without warranty of any kind.
 */

export interface IconProps {
  /** 14 px instead of 16 px. */
  small?: boolean;
  className?: string;
}

export type Icon = (props: IconProps) => ReactElement;

function Outline({ paths, small, className }: IconProps & { paths: readonly string[] }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`i${small ? ' i-sm' : ''}${className ? ` ${className}` : ''}`}
    >
      {paths.map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}

/** One outline icon; always decoration, so it is hidden from assistive technology. */
const icon =
  (...paths: string[]): Icon =>
  (props) => <Outline paths={paths} {...props} />;

export const ScaleIcon = icon(
  'm16 16 3-8 3 8c-.87.65-1.92 1-3 1s-2.13-.35-3-1Z',
  'm2 16 3-8 3 8c-.87.65-1.92 1-3 1s-2.13-.35-3-1Z',
  'M7 21h10',
  'M12 3v18',
  'M3 7h2c2 0 5-1 7-2 2 1 5 2 7 2h2',
);
export const InboxIcon = icon(
  'M22 12 16 12 14 15 10 15 8 12 2 12',
  'M5.45 5.11 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.45-6.89A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z',
);
export const UsersIcon = icon(
  'M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2',
  'M16 3.128a4 4 0 0 1 0 7.744',
  'M22 21v-2a4 4 0 0 0-3-3.87',
  'M5 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
);
export const ReceiptTextIcon = icon(
  'M13 16H8',
  'M14 8H8',
  'M16 12H8',
  'M4 3a1 1 0 0 1 1-1 1.3 1.3 0 0 1 .7.2l.933.6a1.3 1.3 0 0 0 1.4 0l.934-.6a1.3 1.3 0 0 1 1.4 0l.933.6a1.3 1.3 0 0 0 1.4 0l.933-.6a1.3 1.3 0 0 1 1.4 0l.934.6a1.3 1.3 0 0 0 1.4 0l.933-.6A1.3 1.3 0 0 1 19 2a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1 1.3 1.3 0 0 1-.7-.2l-.933-.6a1.3 1.3 0 0 0-1.4 0l-.934.6a1.3 1.3 0 0 1-1.4 0l-.933-.6a1.3 1.3 0 0 0-1.4 0l-.933.6a1.3 1.3 0 0 1-1.4 0l-.934-.6a1.3 1.3 0 0 0-1.4 0l-.933.6a1.3 1.3 0 0 1-.7.2 1 1 0 0 1-1-1z',
);
export const BanknoteIcon = icon(
  'M4 6h16a2 2 0 0 1 2 2v8a2 2 0 0 1 -2 2h-16a2 2 0 0 1 -2 -2v-8a2 2 0 0 1 2 -2z',
  'M10 12a2 2 0 1 0 4 0a2 2 0 1 0 -4 0',
  'M6 12h.01M18 12h.01',
);
export const LayersIcon = icon(
  'M12.83 2.18a2 2 0 0 0-1.66 0L2.6 6.08a1 1 0 0 0 0 1.83l8.58 3.91a2 2 0 0 0 1.66 0l8.58-3.9a1 1 0 0 0 0-1.83z',
  'M2 12a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 12',
  'M2 17a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 17',
);
export const TicketPercentIcon = icon(
  'M2 9a3 3 0 1 1 0 6v2a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-2a3 3 0 1 1 0-6V7a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2Z',
  'M9 9h.01',
  'm15 9-6 6',
  'M15 15h.01',
);
export const ChartNoAxesColumnIcon = icon('M5 21v-6', 'M12 21V3', 'M19 21V9');
export const Settings2Icon = icon(
  'M14 17H5',
  'M19 7h-9',
  'M14 17a3 3 0 1 0 6 0a3 3 0 1 0 -6 0',
  'M4 7a3 3 0 1 0 6 0a3 3 0 1 0 -6 0',
);
export const ChevronsUpDownIcon = icon('m7 15 5 5 5-5', 'm7 9 5-5 5 5');
export const SearchIcon = icon('m21 21-4.34-4.34', 'M3 11a8 8 0 1 0 16 0a8 8 0 1 0 -16 0');
export const PlusIcon = icon('M5 12h14', 'M12 5v14');
export const StampIcon = icon(
  'M14 13V8.5C14 7 15 7 15 5a3 3 0 0 0-6 0c0 2 1 2 1 3.5V13',
  'M20 15.5a2.5 2.5 0 0 0-2.5-2.5h-11A2.5 2.5 0 0 0 4 15.5V17a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1z',
  'M5 22h14',
);
export const CircleQuestionMarkIcon = icon(
  'M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0',
  'M9 9.5a3 2.5 0 016 0c0 2-2 2-3 3.5',
  'M12 17h.01',
);
export const MenuIcon = icon('M4 5h16', 'M4 12h16', 'M4 19h16');
export const XIcon = icon('M18 6 6 18', 'm6 6 12 12');
export const CheckIcon = icon('M20 6 9 17l-5-5');
export const TriangleAlertIcon = icon(
  'm21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3',
  'M12 9v4',
  'M12 17h.01',
);
export const CloudOffIcon = icon(
  'M10.94 5.274A7 7 0 0 1 15.71 10h1.79a4.5 4.5 0 0 1 4.222 6.057',
  'M18.796 18.81A4.5 4.5 0 0 1 17.5 19H9A7 7 0 0 1 5.79 5.78',
  'm2 2 20 20',
);
export const CopyIcon = icon(
  'M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2z',
  'M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2',
);
export const LockIcon = icon(
  'M5 11h14a2 2 0 0 1 2 2v7a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-7a2 2 0 0 1 2 -2z',
  'M7 11V7a5 5 0 0 1 10 0v4',
);
export const HistoryIcon = icon(
  'M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8',
  'M3 3v5h5',
  'M12 7v5l4 2',
);
export const CalendarIcon = icon(
  'M8 2v3',
  'M16 2v3',
  'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2z',
  'M3 9h18',
);
export const CalendarPlusIcon = icon(
  'M16 18h6',
  'M16 2v3',
  'M19 15v6',
  'M21 11.5V5a2 2 0 00-2-2H5a2 2 0 00-2 2v14a2 2 0 002 2h8.3',
  'M3 9h18',
  'M8 2v3',
);
export const ChevronDownIcon = icon('m6 9 6 6 6-6');
export const ChevronLeftIcon = icon('m15 18-6-6 6-6');
export const ChevronRightIcon = icon('m9 18 6-6-6-6');
export const CoinsIcon = icon(
  'M13.744 17.736a6 6 0 1 1-7.48-7.48',
  'M15 6h1v4',
  'm6.134 14.768.866-.5 2 3.464',
  'M10 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0',
);
export const PercentIcon = icon(
  'M19 5L5 19',
  'M4 6.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0',
  'M15 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0',
);
export const LogOutIcon = icon('m16 17 5-5-5-5', 'M21 12H9', 'M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4');
export const ArrowRightLeftIcon = icon('m16 3 4 4-4 4', 'M20 7H4', 'm8 21-4-4 4-4', 'M4 17h16');
export const ArrowRightIcon = icon('M5 12h14', 'm12 5 7 7-7 7');
export const KeyRoundIcon = icon(
  'M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z',
  'M16 7.5a.5 .5 0 1 0 1 0a.5 .5 0 1 0 -1 0',
);
export const Building2Icon = icon(
  'M10 12h4',
  'M10 8h4',
  'M14 21v-3a2 2 0 0 0-4 0v3',
  'M6 10H4a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-2',
  'M6 21V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v16',
);
export const EllipsisIcon = icon(
  'M11 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
  'M18 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
  'M4 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0',
);
export const PlayIcon = icon('M6 4.5v15l13-7.5z');
export const ClockIcon = icon('M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0', 'M12 6v6l4 2');
export const ZapIcon = icon(
  'M15.914 4a1.5 1.5 0 00-2.474-1.561l-9 9A1.5 1.5 0 005.5 14h4.002a.5.5 0 01.471.666L8.086 20a1.5 1.5 0 002.475 1.56l9-9A1.5 1.5 0 0018.5 10h-3.997a.5.5 0 01-.472-.667z',
);
