import { ChevronDownIcon } from '@/components/ui/icons';
import { Menu, type MenuItem } from '@/components/ui/menu';

/** A word of the filter sentence that can be pressed; its menu leads to the same list with another word. */
export function SayChoice({
  label,
  words,
  items,
}: {
  label: string;
  words: string;
  items: readonly MenuItem[];
}) {
  return (
    <Menu
      label={`${label}: ${words}`}
      triggerClassName="ml-0.5 inline-flex h-6.5 items-center gap-1 rounded-[5px] bg-sunken px-1.75 align-middle font-medium text-text"
      trigger={
        <>
          {words}
          <ChevronDownIcon small className="text-text-3" />
        </>
      }
      items={items}
    />
  );
}
