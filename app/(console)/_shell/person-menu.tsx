'use client';

import type { ReactNode } from 'react';
import { KeyRoundIcon, LogOutIcon, UsersIcon } from '@/components/ui/icons';
import { Menu } from '@/components/ui/menu';
import { ThemeSwitch } from '@/components/ui/theme-switch';

async function leave() {
  const { signOut } = await import('next-auth/react');
  await signOut({ callbackUrl: '/sign-in' });
}

/** What belongs to the person: their account, the look of the console, the way out. */
export function PersonMenu({ trigger, name }: { trigger: ReactNode; name: string }) {
  return (
    <Menu opens={`${name}, your account`} triggerClassName="w-full rounded-md" trigger={trigger}>
      <div className="w-56">
        <a className="menu-item" href="/settings/account">
          <KeyRoundIcon className="text-text-3" />
          Your account
        </a>
        <a className="menu-item" href="/settings/team">
          <UsersIcon className="text-text-3" />
          Team and limits
        </a>
        <div className="px-2 py-2">
          <ThemeSwitch />
        </div>
        <button type="button" className="menu-item" onClick={leave}>
          <LogOutIcon className="text-text-3" />
          Sign out
        </button>
      </div>
    </Menu>
  );
}
