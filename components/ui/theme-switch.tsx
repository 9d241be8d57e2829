'use client';

import { useEffect, useState } from 'react';
import { Seg } from './choice';

type Theme = 'system' | 'light' | 'dark';

const OPTIONS = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** Light, dark, or as the system; remembered in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => {
    const kept = localStorage.getItem('theme');
    if (kept === 'light' || kept === 'dark') setTheme(kept);
  }, []);
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === 'system') localStorage.removeItem('theme');
    else localStorage.setItem('theme', next);
    dispatchEvent(new Event('themechange'));
  };
  return <Seg label="Appearance" options={OPTIONS} value={theme} onChange={choose} />;
}
