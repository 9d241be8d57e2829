'use client';

import { useRouter } from 'next/navigation';
import { OrganisationSwitcher } from '@/components/shell/organisation-switcher';
import { CheckIcon } from '@/components/ui/icons';
import { switchTo } from './actions';

interface Choice {
  id: string;
  name: string;
  test: boolean;
}

/** The organisation you look at, and the others you may enter. */
export function Organisations({ current, choices }: { current: string; choices: readonly Choice[] }) {
  const router = useRouter();
  const name = choices.find(({ id }) => id === current)?.name ?? '';
  return (
    <OrganisationSwitcher
      name={name}
      items={choices.map((choice) => ({
        label: choice.test ? `${choice.name}, test data` : choice.name,
        after: choice.id === current ? <CheckIcon small /> : undefined,
        onPress: async () => {
          if (choice.id === current || !(await switchTo(choice.id))) return;
          router.push('/');
          router.refresh();
        },
      }))}
    />
  );
}
