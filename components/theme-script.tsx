/**
 * Runs before the first paint: a remembered choice wins, else the system's. Kept as text so that a content security
 * policy can allow it by nonce. `data-theme` is what the tokens read; `localStorage.theme` is 'light', 'dark' or unset.
 */
const SCRIPT = `(function(){var d=document.documentElement,m=matchMedia('(prefers-color-scheme: dark)');
function set(){var t=null;try{t=localStorage.getItem('theme')}catch(e){}
d.dataset.theme=t==='dark'||t==='light'?t:m.matches?'dark':'light'}
set();m.addEventListener('change',set);addEventListener('storage',set);addEventListener('themechange',set)})()`;

export function ThemeScript({ nonce }: { nonce?: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file; it must run before the first paint
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
