/** The second level of Settings. */
export function settingsTabs(current: 'team' | 'keys' | 'webhooks' | 'api-log' | 'account') {
  return {
    label: 'Settings',
    items: [
      { href: '/settings/team', label: 'Team', current: current === 'team' },
      { href: '/settings/keys', label: 'API keys', current: current === 'keys' },
      { href: '/settings/webhooks', label: 'Webhooks', current: current === 'webhooks' },
      { href: '/settings/api-log', label: 'API log', current: current === 'api-log' },
      { href: '/settings/account', label: 'Your account', current: current === 'account' },
    ],
  };
}
