/** The second level of Settings. */
export function settingsTabs(current: 'team' | 'keys' | 'account') {
  return {
    label: 'Settings',
    items: [
      { href: '/settings/team', label: 'Team', current: current === 'team' },
      { href: '/settings/keys', label: 'API keys', current: current === 'keys' },
      { href: '/settings/account', label: 'Your account', current: current === 'account' },
    ],
  };
}
