import type { ReactNode } from 'react';
import { InboxIcon, MenuIcon, ReceiptTextIcon, UsersIcon } from '../ui/icons';
import { Menu } from '../ui/menu';
import { NavLink } from './nav-link';
import { PLACES } from './places';
import { FindButton } from './tools';
import type { Place } from './types';

const ITEM = 'flex h-11 w-full flex-col items-center justify-center gap-1 [&_.i]:!size-5';
const MORE = new Set<Place>(['payments', 'plans', 'deals', 'insights', 'books', 'settings']);

function Item({ href, exact, children }: { href: string; exact?: boolean; children: ReactNode }) {
  return (
    <NavLink href={href} exact={exact} className={ITEM} currentClassName="text-ink">
      {children}
    </NavLink>
  );
}

/** The rail on phones: five labelled items at the bottom, in reach of the thumb. */
export function PhoneBar({ hidden = [] }: { hidden?: readonly Place[] }) {
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-10 grid grid-cols-5 border-t border-line bg-raised pt-1.5 pb-[max(.625rem,env(safe-area-inset-bottom))] text-center text-2xs font-medium text-text-2 md:hidden"
    >
      <Item href="/" exact>
        <InboxIcon />
        Today
      </Item>
      <Item href="/customers">
        <UsersIcon />
        Customers
      </Item>
      <FindButton className={ITEM} />
      <Item href="/invoices">
        <ReceiptTextIcon />
        Invoices
      </Item>
      <Menu
        align="end"
        triggerClassName={ITEM}
        trigger={
          <>
            <MenuIcon />
            More
          </>
        }
        items={PLACES.filter(({ place }) => MORE.has(place) && !hidden.includes(place)).map(
          ({ label, href, icon: Glyph }) => ({
            label,
            href,
            icon: <Glyph className="text-text-3" />,
          }),
        )}
      />
    </nav>
  );
}
