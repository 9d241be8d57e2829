import { ChevronsUpDownIcon } from '../ui/icons';
import { Mark } from '../ui/mark';
import { Menu, type MenuItem } from '../ui/menu';

/** The organisation's name as a menu of those you may enter. */
export function OrganisationSwitcher({ name, items }: { name: string; items: readonly MenuItem[] }) {
  return (
    <Menu
      label={`${name}, switch organisation`}
      triggerClassName="flex h-8 w-full items-center gap-2.5 rounded-md px-2 text-left"
      trigger={
        <>
          <Mark on="canvas" />
          <span className="min-w-0 flex-1 truncate font-semibold tracking-tight">{name}</span>
          <ChevronsUpDownIcon small className="text-text-3" />
        </>
      }
      items={items}
    />
  );
}
