/** The second level of Settings. */
export function settingsTabs(current: 'team' | 'account') {
  return {
    label: 'Settings',
    items: [
      { href: '/settings/team', label: 'Team', current: current === 'team' },
      { href: '/settings/account', label: 'Your account', current: current === 'account' },
    ],
  };
}
