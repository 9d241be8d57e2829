import type { Metadata } from 'next';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { Kbd } from '@/components/ui/kbd';
import { Fact, Facts, Section } from '@/components/ui/surface';

export const metadata: Metadata = { title: 'Help and keys' };

const KEYS: [string, string[]][] = [
  ['Search, or say what to do', ['⌘', 'K']],
  ['Search, when nothing is being typed', ['/']],
  ['Extend trial, on a customer’s page', ['E']],
  ['Credits, on a customer’s page', ['C']],
  ['Discount, on a customer’s page', ['D']],
  ['Do what the open panel shows', ['⌘', '↵']],
  ['Close a panel or a menu', ['esc']],
  ['Walk the lines of an invoice', ['↑', '↓']],
];
const WORDS: [string, string][] = [
  ['Blue', 'What a person chose, proposes or just changed. Everything else is what the system knows.'],
  ['About', 'An estimate: it rests on use still to come. Without the word a figure is exact.'],
  ['Dotted figure', 'It can explain itself. Press it.'],
  ['Given away', 'What credits and discounts cost you. Held against your limit.'],
  ['Postponed', 'Trial days: the customer pays later, nothing is lost.'],
  ['Cannot be undone', 'It has left the house. It is put right with a new act, such as a credit note.'],
];

export default function HelpPage() {
  return (
    <PageColumn>
      <TopBar title="Help and keys" />
      <PageMain>
        <div className="grid max-w-240 gap-x-10 gap-y-7 @3xl:grid-cols-2">
          <Section title="Keys" aside="Ctrl in place of ⌘ where there is none">
            <Facts className="mt-2">
              {KEYS.map(([what, keys]) => (
                <Fact key={what} label={what}>
                  <span className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </span>
                </Fact>
              ))}
            </Facts>
          </Section>
          <Section title="What the screens say">
            <dl className="mt-2">
              {WORDS.map(([word, meaning]) => (
                <div key={word} className="flex gap-4 border-t border-hair py-1.75">
                  <dt className="w-28 flex-none font-medium">{word}</dt>
                  <dd className="flex-1 text-pretty text-text-2">{meaning}</dd>
                </div>
              ))}
            </dl>
          </Section>
        </div>
      </PageMain>
    </PageColumn>
  );
}
