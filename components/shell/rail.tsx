import type { ReactNode } from 'react';
import { Mark } from '../ui/mark';
import { Meter } from '../ui/surface';
import { NavLink } from './nav-link';
import { PLACES } from './places';
import type { GiveMeter, Person, PinnedView, Place } from './types';

export interface RailProps {
  organisation: string;
  /** Replaces the organisation's name with a menu that switches. */
  switcher?: ReactNode;
  /** Shown at the end of a place's line; a place without a number shows none. */
  counts?: Partial<Record<Place, number>>;
  /** Places that are for other roles only. */
  hidden?: readonly Place[];
  pinned?: readonly PinnedView[];
  give?: GiveMeter;
  person: Person;
}

/** The left rail: places, pinned views, what may still be given, who you are. */
export function Rail({
  organisation,
  switcher,
  counts = {},
  hidden = [],
  pinned = [],
  give,
  person,
}: RailProps) {
  return (
    <aside
      aria-label="Places and you"
      className="rail flex w-52 flex-none flex-col overflow-y-auto border-r border-line bg-canvas px-3 pb-3 max-md:hidden"
    >
      <div className="mt-3 mb-4">
        {switcher ?? (
          <p className="flex h-8 items-center gap-2.5 px-2">
            <Mark on="canvas" />
            <span className="truncate font-semibold tracking-tight">{organisation}</span>
          </p>
        )}
      </div>
      <nav className="flex flex-col gap-0.5" aria-label="Main">
        {PLACES.filter(({ place }) => !hidden.includes(place)).map(({ place, label, href, icon: Glyph }) => (
          <NavLink key={place} href={href} exact={place === 'today'}>
            <Glyph />
            {label}
            {counts[place] !== undefined && <span className="n">{counts[place]}</span>}
          </NavLink>
        ))}
      </nav>
      {pinned.length > 0 && (
        <>
          <p className="mt-6 mb-1 px-2 text-xs text-text-3">Pinned views</p>
          <nav className="flex flex-col gap-0.5" aria-label="Pinned views">
            {pinned.map((view) => (
              <NavLink key={view.href} href={view.href}>
                <span className="min-w-0 truncate">{view.label}</span>
                {view.count !== undefined && <span className="n">{view.count}</span>}
              </NavLink>
            ))}
          </nav>
        </>
      )}
      <div className="mt-auto px-2 pt-6">
        {give && (
          <>
            <p className="text-xs text-text-3">Credits you may still give</p>
            <p className="num mt-0.5 mb-1.5">
              <span className="font-medium">{give.left}</span>
              <span className="text-text-3"> of {give.of}</span>
            </p>
            <Meter share={give.share} />
          </>
        )}
        <div className="mt-4">{person.menu ?? <PersonBlock person={person} />}</div>
      </div>
    </aside>
  );
}

/** Initials, name, role and place. Put it into a menu's button to make it press. */
export function PersonBlock({ person }: { person: Pick<Person, 'name' | 'role' | 'place'> }) {
  const initials = person.name
    .split(' ')
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('');
  return (
    <span className="flex items-center gap-2.5 text-left">
      <span
        aria-hidden="true"
        className="grid size-7 flex-none place-items-center rounded-full bg-line text-2xs font-semibold text-text-2"
      >
        {initials}
      </span>
      <span className="min-w-0 leading-4">
        <span className="block truncate font-medium">{person.name}</span>
        <span className="block truncate text-xs text-text-3">
          {person.role}
          {person.place && ` · ${person.place}`}
        </span>
      </span>
    </span>
  );
}
