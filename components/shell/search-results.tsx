import {
  ArrowRightIcon,
  BanknoteIcon,
  CoinsIcon,
  type Icon,
  LayersIcon,
  PercentIcon,
  ReceiptTextIcon,
  TicketPercentIcon,
  UsersIcon,
  ZapIcon,
} from '../ui/icons';
import { Kbd } from '../ui/kbd';
import type { SearchGroup, SearchItem, SearchKind } from './search-types';

const GLYPHS: Record<SearchKind, Icon> = {
  action: ZapIcon,
  customer: UsersIcon,
  invoice: ReceiptTextIcon,
  payment: BanknoteIcon,
  plan: LayersIcon,
  deal: TicketPercentIcon,
  discount: PercentIcon,
  credits: CoinsIcon,
  screen: ArrowRightIcon,
};

interface SearchResultsProps {
  listId: string;
  groups: readonly SearchGroup[];
  currentId: string | undefined;
  /** What was searched for; found parts of titles are set heavier. */
  words: string;
  onPoint: (id: string) => void;
  onOpen: (href: string, apart: boolean) => void;
}

/** Grouped results; the picked one is on an ink tint. */
export function SearchResults({ listId, groups, currentId, words, onPoint, onOpen }: SearchResultsProps) {
  return (
    <div id={listId} role="listbox" aria-label="Results" className={groups.length > 0 ? 'pb-2' : undefined}>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is not allowed inside a listbox
        <div key={group.label} role="group" aria-label={group.label}>
          <p className="flex px-5 pt-3 pb-1 text-xs text-text-3" aria-hidden="true">
            <span className="flex-1">{group.label}</span>
            <span>
              {group.note ?? (group.items.some(isAct) ? 'opens the filled-in panel, never does it' : '')}
            </span>
          </p>
          {group.items.map((item) => (
            <Result
              key={item.id}
              id={`${listId}${item.id}`}
              item={item}
              words={words}
              picked={item.id === currentId}
              onPoint={() => onPoint(item.id)}
              onOpen={(apart) => onOpen(item.href, apart)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

const isAct = (item: SearchItem) =>
  item.kind === 'action' || item.kind === 'credits' || item.kind === 'discount';

interface ResultProps {
  id: string;
  item: SearchItem;
  words: string;
  picked: boolean;
  onPoint: () => void;
  onOpen: (apart: boolean) => void;
}

function Result({ id, item, words, picked, onPoint, onOpen }: ResultProps) {
  const Glyph = GLYPHS[item.kind];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the box above, which names this row as active
    <div
      id={id}
      role="option"
      aria-selected={picked}
      tabIndex={-1}
      onMouseMove={picked ? undefined : onPoint}
      onClick={(event) => onOpen(event.metaKey || event.ctrlKey)}
      className={`flex cursor-pointer items-start gap-3 px-5 py-2 ${picked ? 'bg-ink-tint' : ''}`}
    >
      <Glyph className={`mt-0.5 ${picked ? 'text-ink' : 'text-text-3'}`} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate">
            <Found text={item.title} words={words} />
          </span>
          {item.detail && <span className="min-w-0 truncate text-text-3">{item.detail}</span>}
        </span>
        {item.effect && <span className="num mt-0.5 block text-xs text-text-2">{item.effect}</span>}
      </span>
      <span className="flex flex-none items-baseline gap-2 text-right text-text-2">
        {item.amount && <span className="num">{item.amount}</span>}
        {picked && <Kbd className="max-md:hidden">↵</Kbd>}
      </span>
    </div>
  );
}

/** The first place where a searched word begins, set heavier. */
function Found({ text, words }: { text: string; words: string }) {
  const word = words.split(/\s+/).find((part) => part && text.toLowerCase().includes(part.toLowerCase()));
  if (!word) return text;
  const at = text.toLowerCase().indexOf(word.toLowerCase());
  return (
    <>
      {text.slice(0, at)}
      <b className="font-semibold">{text.slice(at, at + word.length)}</b>
      {text.slice(at + word.length)}
    </>
  );
}
