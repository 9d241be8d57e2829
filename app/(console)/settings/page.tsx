import { redirect } from 'next/navigation';

/** Settings open on the team; there is no page above the tabs. */
export default function SettingsPage() {
  redirect('/settings/team');
}
